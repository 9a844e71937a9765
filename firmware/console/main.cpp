// camgatectl: the technician's and owner's console. Exit status: 0 done, 1 refused or failed, 2 wrong use.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/file_system.hpp"
#include "console/clip_download.hpp"
#include "console/control_client.hpp"
#include "console/render.hpp"
#include "control/command_table.hpp"

namespace {

using namespace camgate;
using namespace camgate::console;

struct Options {
    std::string socket = "/run/camgate/control";
    bool json = false;
    std::string camera;
    unsigned limit = 20;
    ClipOrder clip;
};

int failed(const Error& error) {
    std::cerr << "camgatectl: " << error.context << "\n";
    return 1;
}

int show(const Options& options, const char* command, const nlohmann::json& parameters,
         std::string (*render)(const std::string&)) {
    auto client = ControlClient::connect(options.socket);
    if (!client) return failed(client.error());
    const auto result = client->call(command, parameters);
    if (!result) return failed(result.error());
    std::cout << (options.json ? *result + "\n" : render(*result));
    return 0;
}

int events(const Options& options) {
    nlohmann::json parameters = {{"limit", options.limit}};
    if (!options.camera.empty()) parameters["camera"] = options.camera;
    return show(options, "events", parameters, renderEvents);
}

void showProgress(std::uint64_t done, std::uint64_t total) {
    if (::isatty(STDERR_FILENO) == 0 || total == 0) return;
    std::fprintf(stderr, "\r%3d %% of %.1f MiB", static_cast<int>(done * 100 / total),
                 static_cast<double>(total) / 1048576.0);
    if (done >= total) std::fputc('\n', stderr);
}

int clip(const Options& options) {
    auto client = ControlClient::connect(options.socket);
    if (!client) return failed(client.error());
    RealFileSystem files;
    const auto plan = downloadClip(*client, files, options.clip, showProgress);
    if (!plan) return failed(plan.error());
    if (options.json) {
        std::cout << *plan << "\n";
    } else {
        std::cout << "written to " << options.clip.out_file << "\n";
    }
    return 0;
}

std::string help(const char* command) {
    return std::string(control::findCommand(command)->help);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"camgatectl: looks at a camgate gateway and takes footage out of it"};
    app.require_subcommand(1);
    app.add_option("--socket", options.socket, "camgated's control socket")
        ->envname("CAMGATE_SOCKET")
        ->capture_default_str();
    app.add_flag("--json", options.json, "Print the answer as JSON");

    auto* status_command = app.add_subcommand("status", help("status"));
    auto* cameras_command = app.add_subcommand("cameras", help("cameras"));
    auto* events_command = app.add_subcommand("events", help("events"));
    events_command->add_option("--camera", options.camera, "Only this camera's");
    events_command->add_option("--limit", options.limit, "How many, newest first")->capture_default_str();
    auto* clip_command =
        app.add_subcommand("clip", "Writes a range of footage to an MP4 file, its manifest beside it.");
    clip_command->add_option("--camera", options.clip.camera, "Whose footage")->required();
    clip_command->add_option("--from", options.clip.from, "Begin, as 2026-03-01T22:15:00Z")->required();
    clip_command->add_option("--to", options.clip.to, "End")->required();
    clip_command->add_option("--quality", options.clip.quality, "preview or full")->default_val("full");
    clip_command->add_option("--out", options.clip.out_file, "File to write; it must not exist")->required();
    for (auto* command : {status_command, cameras_command, events_command, clip_command})
        command->fallthrough();

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (status_command->parsed()) return show(options, "status", nlohmann::json::object(), renderStatus);
    if (cameras_command->parsed()) return show(options, "cameras", nlohmann::json::object(), renderCameras);
    if (events_command->parsed()) return events(options);
    return clip(options);
}
