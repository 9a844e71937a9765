#include "app/daemon.hpp"

#include <algorithm>
#include <utility>

#include "app/boot_session.hpp"
#include "app/login_desk.hpp"
#include "app/recorder_setup.hpp"
#include "base/back_off.hpp"
#include "base/local_time.hpp"
#include "base/log.hpp"
#include "clip/ring_clip_source.hpp"

namespace camgate::app {
namespace {

/// Time for the last status and the broker's acknowledgement.
constexpr Duration kLastWord = std::chrono::milliseconds(400);
constexpr Duration kLeave = std::chrono::milliseconds(300);

std::vector<std::string> cameraIds(const config::Configuration& configuration) {
    std::vector<std::string> ids;
    for (const auto& camera : configuration.cameras) ids.push_back(camera.id);
    return ids;
}

std::vector<std::string> idsOf(const std::vector<RecordedCamera>& cameras) {
    std::vector<std::string> ids;
    for (const auto& camera : cameras) ids.push_back(camera.id);
    return ids;
}

uplink::UplinkSettings uplinkSettings(const config::Configuration& configuration,
                                      const Credentials& credentials, const std::string& firmware) {
    return {configuration.gateway, firmware, uplink::LineCap(configuration.hub), configuration.hub.clips,
            credentials.receive};
}

bool sameCredentials(const config::HubConfig& a, const config::HubConfig& b) {
    return a.ca_file == b.ca_file && a.certificate_file == b.certificate_file && a.key_file == b.key_file &&
           a.signers_file == b.signers_file && a.receive_certificate_file == b.receive_certificate_file;
}

void useTimeZone(const config::Configuration& configuration) {
    if (auto zone = TimeZone::load(configuration.time_zone)) return setTimeZone(std::move(*zone));
    logEvent(LogLevel::Error, "app", "time-zone-unusable", {{"zone", configuration.time_zone}});
}

bool needsAnew(const config::Configuration& a, const config::Configuration& b) {
    return a.gateway != b.gateway || a.evidence != b.evidence || a.storage != b.storage ||
           !sameCredentials(a.hub, b.hub);
}

bool otherBroker(const config::HubConfig& a, const config::HubConfig& b) {
    return a.host != b.host || a.port != b.port || a.server_name != b.server_name;
}

}  // namespace

Daemon::Daemon(EventLoop& loop, FileSystem& files, ipc::Launcher& launcher, ConfigDesk& configuration_desk,
               UpdateDesk& update_desk, DaemonOptions options)
    : loop_(loop),
      files_(files),
      launcher_(launcher),
      options_(std::move(options)),
      credentials_(
          readCredentials(files, options_.configuration, options_.config_folder, options_.data_folder)),
      outbox_(
          loop, [this](std::function<void()> job) { return state_thread_.tryPost(std::move(job)); },
          outbox::Outbox::open(options_.data_folder)),
      control_(loop, launcher, ipc::WorkerRole::LinkControl, [this] { return controlSettings(); }),
      bulk_(loop, launcher, ipc::WorkerRole::LinkBulk, [this] { return bulkSettings(); }),
      recorder_(
          loop, files, recorderOptions(options_, credentials_), [this] { uplink_.statusChanged(); },
          [this](ring::Ring& ring) { onRingOpen(ring); }, [this] { onRingClose(); }),
      view_({loop.clock(), options_.configuration, credentials_.faults, cameras_, recorder_, control_, bulk_,
             outbox_, options_.firmware, options_.last_end}),
      trial_(loop, outbox_, credentials_.identity, credentials_.on_trial, [this] { makeAnew(); }),
      secret_door_(configuration_desk, credentials_.unwrap, options_.configuration.gateway),
      uplink_(uplinkSettings(options_.configuration, credentials_, options_.firmware),
              {loop, control_, bulk_, outbox_, clips_, view_, view_, view_, commandGate(),
               [this](const std::vector<std::string>& documents) { ledger_.onCountersigned(documents); },
               &configuration_desk, &update_desk, &update_desk, credentials_.trust,
               [this](const uplink::Trust& trust) { onTrusted(trust); }, credentials_.identity,
               renewalSettings(), [this] { trial_.onConnected(); }, &secret_door_}),
      ledger_(ledgerPorts(), ledgerOptions(), evidenceKey(), hubAuthority()),
      desk_(
          loop.clock(), [this](const uplink::EventReport& report) { uplink_.reportEvent(report); },
          [this] { return uplink_.longestStill_bytes(); }),
      clip_desk_(loop.clock(), clips_, auditor()),
      storage_desk_({loop, files, options_.configuration, options_.board, ringPath(options_), recorder_}),
      storage_jobs_(loop, files, recorder_,
                    {.path = ringPath(options_), .gateway = options_.configuration.gateway},
                    cameraIds(options_.configuration), auditor()),
      erase_desk_(loop.clock(), recorder_, auditor()),
      factory_desk_(files, options_.data_folder, options_.configuration, erase_desk_,
                    [this] { options_.start_over(); }),
      pause_desk_(pausePorts()),
      camera_desk_(loop, launcher, options_.configuration,
                   [this](const std::string& camera) { return pause_desk_.why(camera); }),
      config_console_(configuration_desk, options_.board),
      enrol_desk_(enrolPorts()),
      line_desk_(linePorts()),
      control_desk_(
          {view_, clip_desk_, storage_desk_, storage_jobs_, erase_desk_, factory_desk_, pause_desk_,
           camera_desk_, config_console_, enrol_desk_, line_desk_, update_desk, outbox_,
           [this, &configuration_desk] { return metrics(configuration_desk.keeper().history().current); }}),
      login_(
          loginPorts(
              loop.clock(), files, options_.data_folder,
              [this](std::function<void()> job) { return state_thread_.tryPost(std::move(job)); }, auditor()),
          loginBook(files, options_.data_folder), options_.tickets) {
    useTimeZone(options_.configuration);
    // Before there is a session: hours that have begun meanwhile let none start.
    pause_desk_.look();
    for (const auto& camera : options_.configuration.cameras) cameras_.push_back(newSession(camera));
}

Daemon::~Daemon() = default;

std::unique_ptr<CameraSession> Daemon::newSession(const config::CameraConfig& camera) {
    auto session = std::make_unique<CameraSession>(loop_, launcher_, camera, recorder_.sinkOf(camera.id),
                                                   static_cast<CameraObserver&>(*this));
    if (std::string why = pause_desk_.why(camera.id); !why.empty()) session->pause(std::move(why));
    return session;
}

void Daemon::follow(const config::Configuration& configuration) {
    if (leaving_) return;
    const config::Configuration before = std::exchange(options_.configuration, configuration);
    if (needsAnew(before, configuration)) return makeAnew();
    useTimeZone(configuration);
    pause_desk_.look();
    followCameras();
    uplink_.follow(uplinkSettings(configuration, credentials_, options_.firmware));
    if (otherBroker(before.hub, configuration.hub)) {
        control_.renew();
        bulk_.renew();
    }
    uplink_.statusChanged();
}

PausePorts Daemon::pausePorts() {
    return {loop_,
            files_,
            options_.data_folder,
            [this](std::function<void()> job) { return state_thread_.tryPost(std::move(job)); },
            auditor(),
            options_.configuration,
            [this](const std::string& camera) { followPause(camera); }};
}

void Daemon::followPause(const std::string& camera) {
    const auto found =
        std::ranges::find(cameras_, camera, [](const auto& session) { return session->config().id; });
    if (found == cameras_.end()) return;
    std::string why = pause_desk_.why(camera);
    if (why.empty()) return (*found)->resume();
    (*found)->pause(std::move(why));
}

/// Sessions of equal settings go on; what they deliver is not touched.
void Daemon::followCameras() {
    std::vector<std::unique_ptr<CameraSession>> before = std::exchange(cameras_, {});
    for (const auto& camera : options_.configuration.cameras) {
        const auto same = std::ranges::find_if(
            before, [&camera](const auto& session) { return session && session->config() == camera; });
        cameras_.push_back(same == before.end() ? nullptr : std::move(*same));
    }
    for (const auto& session : before) {
        if (session) session->stop();
    }
    before.clear();  // before their sinks
    const auto recorded = recordedCameras(options_.configuration);
    recorder_.follow(recorded);
    ledger_.follow(idsOf(recorded));
    storage_jobs_.follow(cameraIds(options_.configuration));
    for (std::size_t i = 0; i < cameras_.size(); ++i) {
        if (cameras_[i]) continue;
        cameras_[i] = newSession(options_.configuration.cameras[i]);
        cameras_[i]->start();
    }
}

std::string Daemon::metrics(std::uint64_t revision) const {
    Metrics metrics;
    metrics.gateway = options_.configuration.gateway;
    metrics.firmware = options_.firmware;
    metrics.configuration_revision = revision;
    metrics.link_up = control_.up();
    if (control_.roundTrip() > Duration::zero()) metrics.round_trip = control_.roundTrip();
    metrics.link_starts = control_.starts();
    metrics.cameras = view_.list();
    metrics.storage = view_.storage();
    metrics.figures = view_.telemetry();
    metrics.uplink = uplink_.figures();
    return openMetrics(metrics);
}

Work Daemon::work() const {
    Work work;
    const StorageState card = recorder_.state();
    work.card_works = card == StorageState::Ok || card == StorageState::Worn;
    for (const auto& camera : cameras_) {
        const auto& config = camera->config();
        work.cameras.push_back({config.id, delivers(camera->state()),
                                config.record == config::RecordMode::Continuous, camera->totals().frames,
                                recorder_.storedRecords(config.id)});
    }
    return work;
}

config::Health Daemon::health() const {
    config::Health health;
    if (leaving_) return health;
    health.link_up = control_.up();
    for (const auto& camera : cameras_) {
        if (delivers(camera->state())) health.live_cameras.insert(camera->config().id);
        if (camera->paused()) health.paused_cameras.insert(camera->config().id);
    }
    return health;
}

std::string Daemon::unwrapCertificate() const {
    return credentials_.unwrap ? credentials_.unwrap->certificate_pem : std::string();
}

update::Health Daemon::updateHealth() const {
    const config::Health now = health();
    const bool card = recorder_.state() == StorageState::Ok || recorder_.state() == StorageState::Worn;
    update::Health out{now.link_up, card && !leaving_, now.live_cameras, {}};
    for (const auto& camera : cameras_) {
        const std::string& id = camera->config().id;
        if (!camera->paused() && !now.live_cameras.contains(id)) out.other_cameras.insert(id);
    }
    return out;
}

Status Daemon::start() {
    auto server = control::ControlServer::open(loop_, options_.control_socket, control_desk_, login_);
    if (server) {
        server_ = std::move(*server);
    } else if (server.error().kind == ErrorKind::FailedPrecondition) {
        return std::unexpected(server.error());
    } else {
        logEvent(LogLevel::Error, "app", "control-socket-failed", {{"why", server.error()}});
    }
    sayWhatIsUnusable();
    recorder_.start();
    for (const auto& camera : cameras_) camera->start();
    if (credentials_.transport) uplink_.start();
    trial_.start();
    logEvent(LogLevel::Info, "app", "started",
             {{"gateway", options_.configuration.gateway},
              {"cameras", cameras_.size()},
              {"firmware", options_.firmware}});
    return {};
}

void Daemon::stop(std::function<void()> done) {
    leaving_ = true;
    logEvent(LogLevel::Info, "app", "stopping");
    for (const auto& camera : cameras_) camera->stop();
    uplink_.sayOffline();
    leave_ = loop_.runAfter(kLastWord, [this, done = std::move(done)] {
        control_.close();
        bulk_.close();
        leave_ = loop_.runAfter(kLeave, done);
    });
}

void Daemon::sayWhatIsUnusable() const {
    for (const auto& fault : credentials_.faults) {
        logEvent(LogLevel::Error, "app", "credentials-unusable", {{"what", fault}});
    }
    if (outbox_.error()) logEvent(LogLevel::Error, "app", "outbox-unusable", {{"why", *outbox_.error()}});
}

ClipDesk::Audit Daemon::auditor() {
    return [this](const uplink::AuditRecord& entry, std::function<void(Status)> kept) {
        uplink_.audit(entry, std::move(kept));
    };
}

void Daemon::onRingClose() {
    clips_.lead(nullptr);
    storage_desk_.lead(nullptr);
    storage_jobs_.lead(nullptr);
    ledger_.onRingClose();
}

void Daemon::onRingOpen(ring::Ring& ring) {
    storage_desk_.lead(&ring);
    storage_jobs_.lead(&ring);
    clip::RingClipOptions options;
    options.book = &ledger_;
    clips_.lead(
        std::make_unique<clip::RingClipSource>(loop_, recorder_.thread(), ring, evidenceKey(), options));
    ledger_.onRingOpen(ring);
}

LedgerPorts Daemon::ledgerPorts() {
    LedgerPorts ports{loop_, {}, outbox_, {}};
    ports.storage = [this](std::function<void()> task) {
        return recorder_.thread().tryPost(std::move(task));
    };
    ports.commit = [this](std::vector<uplink::SignedCheckpoint> checkpoints,
                          std::function<void(Status)> committed) {
        uplink_.commitCheckpoints(std::move(checkpoints), std::move(committed));
    };
    return ports;
}

LedgerOptions Daemon::ledgerOptions() const {
    LedgerOptions options;
    options.gateway = options_.configuration.gateway;
    options.cameras = idsOf(recordedCameras(options_.configuration));
    options.boot_session = bootSession(files_);
    return options;
}

/// One for each thread that signs.
std::optional<crypto::Identity> Daemon::evidenceKey() const {
    if (!credentials_.evidence) return std::nullopt;
    auto identity =
        crypto::Identity::fromPem(credentials_.evidence->key_pem, credentials_.evidence->certificate_pem);
    return identity ? std::optional(std::move(*identity)) : std::nullopt;
}

std::optional<crypto::Certificate> Daemon::hubAuthority() const {
    if (!credentials_.transport) return std::nullopt;
    auto authority = crypto::Certificate::fromPem(credentials_.transport->ca_pem);
    return authority ? std::optional(std::move(*authority)) : std::nullopt;
}

ipc::LinkSettings Daemon::linkSettings(const std::string& client_id) const {
    const auto& hub = options_.configuration.hub;
    ipc::LinkSettings settings;
    settings.host = hub.host;
    settings.port = static_cast<std::uint16_t>(hub.port);
    settings.server_name = hub.server_name;
    settings.ca_pem = credentials_.transport->ca_pem;
    settings.certificate_pem = credentials_.transport->certificate_pem;
    settings.key_pem = credentials_.transport->key_pem;
    settings.client_id = client_id;
    return settings;
}

ipc::LinkSettings Daemon::controlSettings() {
    ipc::LinkSettings settings = linkSettings(options_.configuration.gateway);
    settings.subscriptions = uplink_.subscriptions();
    settings.will_topic = uplink_.statusTopic();
    settings.will_payload = uplink_.willPayload();
    return settings;
}

ipc::LinkSettings Daemon::bulkSettings() const {
    ipc::LinkSettings settings = linkSettings(options_.configuration.gateway + "-bulk");
    settings.clean_start = true;
    settings.session_expiry_s = 0;
    return settings;
}

std::shared_ptr<uplink::CommandGate> Daemon::commandGate() {
    if (!credentials_.authority) return nullptr;
    return std::make_shared<uplink::CommandGate>(options_.configuration.gateway,
                                                 std::move(credentials_.signers),
                                                 std::move(*credentials_.authority), credentials_.revoked());
}

/// Envelopes are judged by it already; other authorities or another receive key are a new daemon's.
void Daemon::onTrusted(const uplink::Trust& trust) {
    if (leaving_) return;
    const auto receive = uplink::hubsFor(trust, crypto::Purpose::Receive);
    const std::string key = credentials_.receive ? credentials_.receive->fingerprint : std::string();
    const bool other_key = (!receive.empty() && receive.front().fingerprint() != key) ||
                           std::ranges::find(trust.revoked, key) != trust.revoked.end();
    if (other_key || credentials_.transport->ca_pem != trust.authorityPem()) makeAnew();
}

EnrolPorts Daemon::enrolPorts() {
    const auto make_transport = [this](std::function<ipc::LinkSettings()> settings) {
        return std::make_unique<LinkTransport>(loop_, launcher_, ipc::WorkerRole::LinkControl,
                                               std::move(settings));
    };
    return {loop_,
            outbox_,
            credentials_.identity,
            credentials_.transport.has_value(),
            [this] { makeAnew(); },
            auditor(),
            options_.configuration.gateway,
            [this] { return options_.configuration.hub.host; },
            make_transport};
}

LinePorts Daemon::linePorts() {
    const auto make_bulk = [this] {
        return std::make_unique<LinkTransport>(loop_, launcher_, ipc::WorkerRole::LinkBulk,
                                               [this] { return bulkSettings(); });
    };
    return {loop_,
            uplink_.line(),
            options_.configuration.gateway,
            [this] { return control_.up(); },
            [this] { return bulk_.pid() != 0; },
            make_bulk};
}

void Daemon::makeAnew() {
    if (std::exchange(leaving_, true)) return;
    options_.make_anew();
}

/// Nothing is renewed without an evidence key, whose word the hub takes.
uplink::RenewalSettings Daemon::renewalSettings() {
    uplink::RenewalSettings settings;
    if (!credentials_.transport) return settings;
    const auto certificate = crypto::Certificate::fromPem(credentials_.transport->certificate_pem);
    auto evidence = evidenceKey();
    if (!certificate || !evidence) return settings;
    settings.from = certificate->notBefore();
    settings.to = certificate->notAfter();
    settings.authority_pem = credentials_.transport->ca_pem;
    settings.anchor_pem = credentials_.anchor_pem;
    settings.evidence = std::make_shared<const crypto::Identity>(std::move(*evidence));
    settings.random = randomShare;
    settings.installed = [this] { makeAnew(); };
    return settings;
}

}  // namespace camgate::app
