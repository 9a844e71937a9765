// camgate-hub: the reference hub. What it does and what a production hub must keep: docs/ref/hub.md.
#include <CLI/CLI.hpp>
#include <iostream>

#include "base/log.hpp"
#include "tools/hub/audit_command.hpp"
#include "tools/hub/ca/commands.hpp"
#include "tools/hub/ca/trust_commands.hpp"
#include "tools/hub/commands.hpp"
#include "tools/hub/configure.hpp"
#include "tools/hub/follow.hpp"
#include "tools/hub/gallery.hpp"
#include "tools/hub/secret.hpp"
#include "tools/hub/serve.hpp"
#include "tools/hub/status_table.hpp"

namespace {

using namespace camgate::hub;

struct Options {
    std::string broker;
    ServeSettings serve;
    CommandSettings command;
    ClipOrder clip;
    FollowOrder follow;
    CaOptions ca;
    TrustOptions trust;
    std::string snapshot_file, gallery_directory;
    std::vector<std::string> audit_directories;
    std::string request_name, request_payload = "{}";
    std::vector<std::string> document_files;
    std::string secret_name, secret_file;
    bool json = false;
};

void addBroker(CLI::App& verb, Options& options) {
    BrokerSettings& broker = options.serve.broker;
    verb.add_option("--broker", options.broker, "HOST:PORT of the MQTT 5 broker")->required();
    verb.add_option("--ca", broker.ca_file, "CA of the broker's certificate")->required();
    verb.add_option("--cert", broker.certificate_file, "certificate of this hub's connection")->required();
    verb.add_option("--key", broker.key_file, "its key")->required();
    verb.add_option("--name", options.serve.name, "name of this hub process")->capture_default_str();
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

void addServe(CLI::App& app, Options& options) {
    CLI::App* verb = app.add_subcommand("serve", "one process of a hub: receives, verifies, keeps");
    addBroker(*verb, options);
    verb->add_option("--out", options.serve.directory, "this process's folder")->required();
    verb->add_option("--group", options.serve.group, "processes that share the work")->capture_default_str();
    verb->add_option("--evidence-ca", options.serve.evidence_ca_file,
                     "CA of the gateways' evidence certificates (default: --ca)");
    CLI::Option* certificate =
        verb->add_option("--countersign-cert", options.serve.countersign_certificate_file,
                         "certificate that countersigns checkpoints (purpose `countersign`)");
    CLI::Option* key = verb->add_option("--countersign-key", options.serve.countersign_key_file, "its key");
    certificate->needs(key);
    key->needs(certificate);
    verb->add_option("--receive-key", options.serve.receive_key_file,
                     "key of the receive certificate that clips and pictures are sealed to");
    verb->add_option("--authority", options.serve.authority_folder,
                     "folder of `ca init`: this process renews gateways' certificates");
    verb->add_option("--bundles", options.serve.bundles_folder,
                     "folder of update bundles (*.raucb): this process brings them to gateways");
    verb->add_option("--bundles-kbps", options.serve.bundles_kbps, "kbit/s for all of them together")
        ->check(CLI::Range(1, 10'000'000))
        ->capture_default_str();
    verb->add_flag("--quiet", options.serve.quiet, "no line per event and clip");
}

void addWhy(CLI::App& verb, ClipOrder& clip) {
    verb.add_option("--quality", clip.quality)
        ->check(CLI::IsMember({"preview", "full"}))
        ->capture_default_str();
    verb.add_option("--case", clip.case_number, "case number, goes into manifest and audit");
    verb.add_option("--officer", clip.officer, "who asks, goes into the audit");
    verb.add_option("--purpose", clip.purpose, "what for, goes into the audit");
}

void addFollow(CLI::App& app, Options& options) {
    CLI::App* verb = app.add_subcommand("follow", "see what a camera sees now, for a while");
    addCommand(*verb, options);
    addWhy(*verb, options.clip);
    FollowOrder& order = options.follow;
    verb->add_option("--seconds", order.seconds, "at most 1800")->capture_default_str();
    verb->add_option("--bytes", order.bytes, "no more than these")->capture_default_str();
    verb->add_option("--out", order.out_file, "the MP4 file, which grows; -: standard output")->required();
    verb->add_option("--receive-key", options.command.receive_key_file,
                     "key of the receive certificate that it is sealed to");
}

void addRequestClip(CLI::App& app, Options& options) {
    CLI::App* verb = app.add_subcommand("request-clip", "ask a gateway for footage; `serve` receives it");
    addCommand(*verb, options);
    ClipOrder& clip = options.clip;
    verb->add_option("--from", clip.from, "RFC 3339, for example 2026-03-01T22:15:00Z")->required();
    verb->add_option("--to", clip.to, "RFC 3339")->required();
    addWhy(*verb, clip);
    verb->add_option("--out", options.serve.directory,
                     "folder of a `serve` that runs: wait for the clip there");
}

CLI::App* addCaVerb(CLI::App& ca, Options& options, const std::string& name, const std::string& about) {
    CLI::App* verb = ca.add_subcommand(name, about);
    verb->add_option("--dir", options.ca.folder, "folder of the authority")->required();
    return verb;
}

void addCa(CLI::App& app, Options& options) {
    CLI::App* ca = app.add_subcommand("ca", "certificates of a small deployment");
    ca->require_subcommand(1);
    CaOptions& set = options.ca;
    CLI::App* init = addCaVerb(*ca, options, "init", "make an offline root and an issuing authority");
    init->add_option("--name", set.name, "whose it is, for example the commune")->required();
    init->add_option("--root-days", set.root_days)->capture_default_str();
    init->add_option("--issuing-days", set.issuing_days)->capture_default_str();
    CLI::App* issue = addCaVerb(*ca, options, "issue", "issue a certificate, or a gateway's three");
    issue->add_option("ROLE", set.role)->required()->check(CLI::IsMember(issuableRoles()));
    issue->add_option("NAME", set.name, "its common name; of a gateway its id")->required();
    issue->add_option("--address", set.addresses, "host name or IPv4 address of a broker, repeated");
    issue->add_option("--days", set.days, "lifetime (default: gateways 398, else 825)");
    issue->add_option("--request", set.request_file, "what is asked for; without, keys are made here");
    issue->add_option("--out", set.out_folder, "folder for what is made")->required();
    CLI::App* revoke = addCaVerb(*ca, options, "revoke", "a certificate is not to be believed any more");
    CLI::Option_group* which = revoke->add_option_group("which");
    which->add_option("CERTIFICATE", set.certificate, "its serial or fingerprint");
    which->add_option("--gateway", set.name, "all that this gateway has");
    which->require_option(1);
    revoke->add_option("--reason", set.reason);
    addCaVerb(*ca, options, "crl", "make the revocation lists for brokers anew");
    addCaVerb(*ca, options, "list", "what was issued")->add_flag("--json", set.json);
}

void addEnrol(CLI::App& app, Options& options) {
    CLI::App* enrol = app.add_subcommand("enrol", "gateways that have no certificates yet");
    enrol->require_subcommand(1);
    CLI::App* code = addCaVerb(*enrol, options, "code", "make a one-time code for a gateway");
    code->add_option("--gateway", options.ca.name, "its id")->required();
    code->add_option("--hours", options.ca.hours, "how long it is good")->capture_default_str();
}

void addTrust(CLI::App& app, Options& options) {
    CLI::App* trust = app.add_subcommand("trust", "whom gateways believe");
    trust->require_subcommand(1);
    TrustOptions& set = options.trust;
    CLI::App* sign = trust->add_subcommand("sign", "make the next document with the offline root");
    sign->add_option("--dir", set.folder, "folder of the authority")->required();
    sign->add_option("--root-key", set.root_key_file, "default: where `ca init` put it");
    sign->add_option("--cert", set.certificate_files, "a certificate of the hub, repeated")->required();
    sign->add_option("--authority", set.authority_files, "a further root that gateways shall believe");
    CLI::App* publish = trust->add_subcommand("publish", "leave it at the broker for gateways");
    addBroker(*publish, options);
    publish->add_option("--gateway", set.gateways, "who, repeated")->required();
    publish->add_option("DOCUMENT", set.document_file)->required();
}

int runCa(const CLI::App& ca, const CaOptions& options) {
    if (ca.got_subcommand("init")) return caInit(options);
    if (ca.got_subcommand("issue")) return caIssue(options);
    if (ca.got_subcommand("revoke")) return caRevoke(options);
    if (ca.got_subcommand("crl")) return caLists(options);
    return caList(options);
}

void addRequest(CLI::App& app, Options& options) {
    CLI::App* verb = app.add_subcommand("request", "send a gateway any command, print its reply");
    addSigned(*verb, options);
    verb->add_option("COMMAND", options.request_name, "for example events.query")->required();
    verb->add_option("PAYLOAD", options.request_payload, "JSON object")->capture_default_str();
}

void addSecret(CLI::App& app, Options& options) {
    CLI::App* verb = app.add_subcommand("secret", "set a password at a gateway; it cannot be read back");
    addSigned(*verb, options);
    verb->add_option("NAME", options.secret_name, "for example cameras/gate/password")->required();
    verb->add_option("--value-file", options.secret_file, "its first line (default: standard input)");
}

int run(const CLI::App& app, Options& options) {
    if (app.got_subcommand("ca")) return runCa(*app.get_subcommand("ca"), options.ca);
    if (app.got_subcommand("enrol")) return enrolCode(options.ca);
    const CLI::App& trust = *app.get_subcommand("trust");
    if (trust.got_subcommand("sign")) return trustSign(options.trust);
    if (app.got_subcommand("gallery")) return writeGallery(options.gallery_directory);
    if (app.got_subcommand("audit")) return showAudit(options.audit_directories, options.command.gateway);
    BrokerSettings& broker = options.serve.broker;
    if (auto set = setAddress(broker, options.broker); !set)
        return std::cerr << set.error().context << '\n', 2;
    broker.client_id = options.serve.name;
    options.command.broker = broker;
    if (trust.got_subcommand("publish")) return trustPublish(options.trust, broker);
    if (app.got_subcommand("status")) return showStatus(broker, options.command.gateway, options.json);
    if (app.got_subcommand("request-clip"))
        return requestClip(options.command, options.clip, options.serve.directory);
    if (app.got_subcommand("follow")) {
        options.follow.clip = options.clip;
        return follow(options.command, options.follow);
    }
    if (app.got_subcommand("request"))
        return request(options.command, options.request_name, options.request_payload);
    if (app.got_subcommand("snapshot"))
        return requestSnapshot(options.command, options.clip.camera, options.snapshot_file);
    if (app.got_subcommand("secret"))
        return setSecret(options.command, options.secret_name, options.secret_file);
    if (app.got_subcommand("configure")) return configure(options.command, options.document_files);
    if (options.serve.evidence_ca_file.empty()) options.serve.evidence_ca_file = broker.ca_file;
    broker.session_expiry_s = 86'400;
    return serve(options.serve);
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    options.serve.name = "hub-1";
    options.clip.quality = "preview";
    CLI::App app("camgate's reference hub");
    app.require_subcommand(1);
    addServe(app, options);
    addRequestClip(app, options);
    addFollow(app, options);
    addCa(app, options);
    addEnrol(app, options);
    addTrust(app, options);
    addRequest(app, options);
    addSecret(app, options);
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
    CLI::App* audit = app.add_subcommand("audit", "who asked gateways for what; whether their chains hold");
    audit->add_option("DIR", options.audit_directories, "the folders of all `serve`s")->required();
    audit->add_option("--gateway", options.command.gateway, "only this one");
    CLI::App* gallery = app.add_subcommand("gallery", "write DIR/index.html");
    gallery->add_option("DIR", options.gallery_directory, "the folder of `serve`")->required();
    CLI11_PARSE(app, argc, argv);
    camgate::openLog("camgate-hub", camgate::LogLevel::Info);
    return run(app, options);
}
