// camgatectl: the technician's and owner's console. Exit status: 0 done, 1 refused or failed, 2 wrong use,
// 3 the check found damage.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/file_system.hpp"
#include "console/clip_export.hpp"
#include "console/control_client.hpp"
#include "console/render.hpp"
#include "console/storage_job.hpp"
#include "console/storage_view.hpp"
#include "control/command_table.hpp"

namespace {

using namespace camgate;
using namespace camgate::console;

constexpr useconds_t kAskAgain_us = 200'000;
constexpr int kDamaged = 3;

struct Options {
    std::string socket = "/run/camgate/control";
    bool json = false;
    std::string camera;
    unsigned limit = 20;
    std::string from;
    std::string to;
    ExportOrder clip;
    bool force = false;
    bool yes = false;
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

ControlCall callOf(ControlClient& client) {
    return [&client](std::string_view command, const nlohmann::json& parameters) {
        return client.call(command, parameters);
    };
}

int exportFootage(const Options& options) {
    auto client = ControlClient::connect(options.socket);
    if (!client) return failed(client.error());
    RealFileSystem files;
    const auto exported = exportClip(callOf(*client), files, options.clip, showProgress);
    if (!exported) return failed(exported.error());
    std::cout << (options.json ? exportJson(*exported) + "\n" : renderExport(*exported));
    return 0;
}

/// True only for the whole word: nobody erases footage by a slip of a finger.
bool confirmed(const std::string& what_is_lost) {
    std::cerr << what_is_lost << "\nType erase to go on: ";
    std::string word;
    std::getline(std::cin, word);
    if (word == "erase") return true;
    std::cerr << "camgatectl: nothing was changed\n";
    return false;
}

int formatStorage(const Options& options) {
    auto client = ControlClient::connect(options.socket);
    if (!client) return failed(client.error());
    const auto status = client->call("storage.status", nlohmann::json::object());
    if (!status) return failed(status.error());
    if (!options.yes && !confirmed(whatIsLost(*status))) return 1;
    const auto job = followJob(callOf(*client), "storage.format", {{"force", options.force}}, showProgress,
                               [] { ::usleep(kAskAgain_us); });
    if (!job) return failed(job.error());
    std::cout << (options.json ? *job + "\n" : renderFormat(*job));
    return 0;
}

int eraseFootage(const Options& options) {
    nlohmann::json parameters = {{"camera", options.camera}};
    if (!options.from.empty()) parameters["from"] = options.from;
    if (!options.to.empty()) parameters["to"] = options.to;
    if (!options.yes && !confirmed(whatIsErased(options.camera, options.from, options.to))) return 1;
    return show(options, "footage.erase", parameters, renderErased);
}

int checkStorage(const Options& options) {
    auto client = ControlClient::connect(options.socket);
    if (!client) return failed(client.error());
    const auto job = followJob(callOf(*client), "storage.check", nlohmann::json::object(), showProgress,
                               [] { ::usleep(kAskAgain_us); });
    if (!job) return failed(job.error());
    std::cout << (options.json ? *job + "\n" : renderCheck(*job));
    return foundDamage(*job) ? kDamaged : 0;
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
    auto* clip_group = app.add_subcommand("clip", "Footage as evidence");
    clip_group->require_subcommand(1);
    auto* clip_command = clip_group->add_subcommand(
        "export",
        "Writes a range of footage as MP4 with its signed manifest; the gateway keeps an audit entry.");
    clip_command->add_option("--camera", options.clip.camera, "Whose footage")->required();
    clip_command->add_option("--from", options.clip.from, "Begin, as 2026-03-01T22:15:00Z")->required();
    clip_command->add_option("--to", options.clip.to, "End")->required();
    clip_command->add_option("--quality", options.clip.quality, "preview or full")->default_val("full");
    clip_command->add_option("--to-dir", options.clip.to_dir, "Directory to write to")->required();
    auto* storage_group = app.add_subcommand("storage", "The card");
    storage_group->require_subcommand(1);
    auto* storage_status = storage_group->add_subcommand("status", help("storage.status"));
    auto* storage_check = storage_group->add_subcommand("check", help("storage.check"));
    auto* storage_format = storage_group->add_subcommand("format", help("storage.format"));
    storage_format->add_flag("--force", options.force, "Also if it is another gateway's, or no ring at all");
    storage_format->add_flag("--yes", options.yes, "Do not ask");
    auto* footage_group = app.add_subcommand("footage", "What the cameras recorded");
    footage_group->require_subcommand(1);
    auto* erase_command = footage_group->add_subcommand("erase", help("footage.erase"));
    erase_command->add_option("--camera", options.camera, "Whose footage")->required();
    erase_command->add_option("--from", options.from, "In the first day in UTC; the oldest without it");
    erase_command->add_option("--to", options.to, "In the last day in UTC; today without it");
    erase_command->add_flag("--yes", options.yes, "Do not ask");
    for (auto* command :
         {footage_group, erase_command, status_command, cameras_command, events_command, clip_group,
          clip_command, storage_group, storage_status, storage_check, storage_format})
        command->fallthrough();

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (status_command->parsed()) return show(options, "status", nlohmann::json::object(), renderStatus);
    if (cameras_command->parsed()) return show(options, "cameras", nlohmann::json::object(), renderCameras);
    if (events_command->parsed()) return events(options);
    if (storage_status->parsed())
        return show(options, "storage.status", nlohmann::json::object(), renderStorage);
    if (storage_check->parsed()) return checkStorage(options);
    if (storage_format->parsed()) return formatStorage(options);
    if (erase_command->parsed()) return eraseFootage(options);
    return exportFootage(options);
}
