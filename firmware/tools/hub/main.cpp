// camgate-hub: the reference hub. What it does and what a production hub must keep: docs/ref/hub.md.
#include <CLI/CLI.hpp>
#include <iostream>

#include "base/log.hpp"
#include "tools/hub/commands.hpp"
#include "tools/hub/configure.hpp"
#include "tools/hub/gallery.hpp"
#include "tools/hub/listen.hpp"
#include "tools/hub/status_table.hpp"

namespace {

using namespace camgate::hub;

struct Options {
    std::string broker;
    ListenSettings listen;
    CommandSettings command;
    ClipOrder clip;
    std::string snapshot_file, gallery_directory;
    std::string request_name, request_payload = "{}";
    std::vector<std::string> document_files;
    bool json = false;
};

void addBroker(CLI::App& verb, Options& options) {
    BrokerSettings& broker = options.listen.broker;
    verb.add_option("--broker", options.broker, "HOST:PORT of the MQTT 5 broker")->required();
    verb.add_option("--ca", broker.ca_file, "CA of the broker's certificate")->required();
    verb.add_option("--cert", broker.certificate_file, "certificate of this hub's connection")->required();
    verb.add_option("--key", broker.key_file, "its key")->required();
    verb.add_option("--name", options.listen.name, "name of this hub process")->capture_default_str();
}

void addSigned(CLI::App& verb, Options& options) {
    addBroker(verb, options);
    CommandSettings& command = options.command;
    verb.add_option("--gateway", command.gateway, "who is asked")->required();
    verb.add_option("--signer-cert", command.signer_certificate_file, "certificate that signs commands")
        ->required();
    verb.add_option("--signer-key", command.signer_key_file, "its key")->required();
    verb.add_option("--counter", command.counter_file,
                    "counter of the signer's commands (default: beside its key)");
    verb.add_option("--wait", command.wait_s, "seconds to wait")->capture_default_str();
}

void addCommand(CLI::App& verb, Options& options) {
    addSigned(verb, options);
    verb.add_option("--camera", options.clip.camera, "the gateway's id of the camera")->required();
}

void addListen(CLI::App& app, Options& options) {
    CLI::App* verb = app.add_subcommand("listen", "receive events and clips into a folder");
    addBroker(*verb, options);
    verb->add_option("--out", options.listen.directory, "the folder")->required();
    verb->add_option("--evidence-ca", options.listen.evidence_ca_file,
                     "CA of the gateways' evidence certificates (default: --ca)");
    CLI::Option* certificate =
        verb->add_option("--countersign-cert", options.listen.countersign_certificate_file,
                         "certificate that countersigns checkpoints (purpose `countersign`)");
    CLI::Option* key = verb->add_option("--countersign-key", options.listen.countersign_key_file, "its key");
    certificate->needs(key);
    key->needs(certificate);
    verb->add_option("--receive-key", options.listen.receive_key_file,
                     "key of the receive certificate that clips and pictures are sealed to");
    verb->add_flag("--quiet", options.listen.quiet, "no line per event and clip");
}

void addRequestClip(CLI::App& app, Options& options) {
    CLI::App* verb = app.add_subcommand("request-clip", "ask a gateway for footage; `listen` receives it");
    addCommand(*verb, options);
    ClipOrder& clip = options.clip;
    verb->add_option("--from", clip.from, "RFC 3339, for example 2026-03-01T22:15:00Z")->required();
    verb->add_option("--to", clip.to, "RFC 3339")->required();
    verb->add_option("--quality", clip.quality)
        ->check(CLI::IsMember({"preview", "full"}))
        ->capture_default_str();
    verb->add_option("--case", clip.case_number, "case number, goes into manifest and audit");
    verb->add_option("--officer", clip.officer, "who asks, goes into the audit");
    verb->add_option("--purpose", clip.purpose, "what for, goes into the audit");
    verb->add_option("--out", options.listen.directory,
                     "folder of a `listen` that runs: wait for the clip there");
}

void addRequest(CLI::App& app, Options& options) {
    CLI::App* verb = app.add_subcommand("request", "send a gateway any command, print its reply");
    addSigned(*verb, options);
    verb->add_option("COMMAND", options.request_name, "for example events.query")->required();
    verb->add_option("PAYLOAD", options.request_payload, "JSON object")->capture_default_str();
}

int run(const CLI::App& app, Options& options) {
    if (app.got_subcommand("gallery")) return writeGallery(options.gallery_directory);
    BrokerSettings& broker = options.listen.broker;
    if (auto set = setAddress(broker, options.broker); !set)
        return std::cerr << set.error().context << '\n', 2;
    broker.client_id = options.listen.name;
    options.command.broker = broker;
    if (app.got_subcommand("status")) return showStatus(broker, options.command.gateway, options.json);
    if (app.got_subcommand("request-clip"))
        return requestClip(options.command, options.clip, options.listen.directory);
    if (app.got_subcommand("request"))
        return request(options.command, options.request_name, options.request_payload);
    if (app.got_subcommand("snapshot"))
        return requestSnapshot(options.command, options.clip.camera, options.snapshot_file);
    if (app.got_subcommand("configure")) return configure(options.command, options.document_files);
    if (options.listen.evidence_ca_file.empty()) options.listen.evidence_ca_file = broker.ca_file;
    broker.session_expiry_s = 86'400;
    return listen(options.listen);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    options.listen.name = "hub-1";
    options.clip.quality = "preview";
    CLI::App app("camgate's reference hub");
    app.require_subcommand(1);
    addListen(app, options);
    addRequestClip(app, options);
    addRequest(app, options);
    CLI::App* snapshot = app.add_subcommand("snapshot", "ask a gateway for a picture of now");
    addCommand(*snapshot, options);
    snapshot->add_option("--out", options.snapshot_file, "the JPEG file")->required();
    snapshot->add_option("--receive-key", options.command.receive_key_file,
                         "key of the receive certificate that pictures are sealed to");
    CLI::App* configuring =
        app.add_subcommand("configure", "give a gateway a configuration, say what became of it");
    addSigned(*configuring, options);
    configuring->add_option("DOCUMENT", options.document_files, "files, one after another")->required();
    CLI::App* status = app.add_subcommand("status", "what the gateways last said of themselves");
    addBroker(*status, options);
    status->add_option("--gateway", options.command.gateway, "only this one");
    status->add_flag("--json", options.json);
    CLI::App* gallery = app.add_subcommand("gallery", "write DIR/index.html");
    gallery->add_option("DIR", options.gallery_directory, "the folder of `listen`")->required();
    CLI11_PARSE(app, argc, argv);
    camgate::openLog("camgate-hub", camgate::LogLevel::Info);
    return run(app, options);
}
