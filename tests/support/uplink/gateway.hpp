// A gateway's uplink on a fake loop, with a real outbox in a directory, two fake transports and a fake hub.
// It can be restarted as a power cut would: jobs and answers under way are lost, the database stays.
#pragma once

#include <deque>
#include <memory>

#include "support/base/fake_loop.hpp"
#include "support/base/temp_directory.hpp"
#include "support/evidence/envelope_fixture.hpp"
#include "support/uplink/fake_clip_source.hpp"
#include "support/uplink/fake_hub.hpp"
#include "uplink/uplink.hpp"

namespace camgate::test {

inline const Bytes kCorrelation{1, 2, 3};
inline const std::string kAskForClip =
    R"({"camera":"gate","from":"2030-01-01T12:00:00.000Z","to":"2030-01-01T12:00:10.000Z"})";

class FakeHousehold final : public uplink::Cameras,
                            public uplink::StatusProvider,
                            public uplink::TelemetryProvider {
  public:
    bool exists(const std::string& id) const override { return id == "gate" || id == "yard"; }
    std::vector<uplink::CameraStatus> list() const override {
        return {{"gate", "Front gate", gate_state, "", WallTime(std::chrono::seconds(1000))}};
    }
    void snapshot(const std::string&, std::size_t,
                  std::function<void(Result<uplink::Snapshot>)> answer) override {
        if (!snapshot_answers) return;
        answer(uplink::Snapshot{WallTime(std::chrono::seconds(2000)), jpeg});
    }
    Status watch(const std::string& id, clip::Quality quality, uplink::LiveViewer& by) override {
        if (gate_state == "paused") return fail(ErrorKind::FailedPrecondition, "its owner paused the camera");
        watched = id;
        watched_quality = quality;
        viewer = &by;
        return {};
    }
    void unwatch(const std::string&) override { viewer = nullptr; }
    void beginFileAnew(const std::string&) override { ++files_wanted; }
    uplink::StorageStatus storage() const override { return {}; }
    uplink::TelemetryFigures telemetry() const override {
        uplink::TelemetryFigures figures;
        figures.uptime_s = 5;
        figures.cameras.emplace_back();
        figures.cameras.back().id = "gate";
        figures.cameras.back().bytes = 7;
        return figures;
    }

    std::string gate_state = "ok";
    uplink::LiveViewer* viewer = nullptr;
    int files_wanted = 0;
    std::string watched;
    clip::Quality watched_quality = clip::Quality::Preview;
    bool snapshot_answers = true;
    Bytes jpeg{0xFF, 0xD8, 0xFF};
};

/// Keeps what it is given, unopened.
struct FakeSafe final : uplink::SecretOwner {
    std::vector<uplink::SecretOrder> taken;
    Status answer;
    void takeSecret(const uplink::SecretOrder& order, std::function<void(Status)> done) override {
        taken.push_back(order);
        done(answer);
    }
};

class Gateway {
  public:
    explicit Gateway(const std::filesystem::path& parent = std::filesystem::temp_directory_path())
        : directory(parent), loop(clock), control(loop), bulk(loop), source(loop), hub(loop, control, bulk) {
        clock.setWall({wall("2030-01-01T12:00:29.500Z"), WallQuality::Ntp, std::chrono::milliseconds(10)});
        start();
    }
    ~Gateway() { stop(); }

    void start() {
        store = std::make_unique<outbox::AsyncOutbox>(
            loop, [this](std::function<void()> job) { return takeJob(std::move(job)); },
            outbox::Outbox::open(directory.path(), limits));
        EnvelopeFixture keys;
        auto gate =
            std::make_shared<uplink::CommandGate>("cg-1", std::move(keys.signers), std::move(keys.authority));
        up = std::make_unique<uplink::Uplink>(settings, uplink::UplinkParts{loop,
                                                                            control,
                                                                            bulk,
                                                                            *store,
                                                                            source,
                                                                            household,
                                                                            household,
                                                                            household,
                                                                            std::move(gate),
                                                                            {},
                                                                            owner,
                                                                            machine,
                                                                            updates,
                                                                            trust,
                                                                            {},
                                                                            identity,
                                                                            renewal,
                                                                            {},
                                                                            &safe});
        up->start();
        loop.runPosted();
        // What connecting takes of the line is behind it.
        loop.advance(std::chrono::milliseconds(500));
    }
    /// As a power cut: nothing is said, what is under way is lost.
    void stop() {
        up = nullptr;
        jobs.clear();
        ++run;
        control.close();
        bulk.close();
        loop.runPosted();
        store = nullptr;
    }
    void restart() {
        stop();
        source.held.clear();
        control.setBroker(true);
        bulk.setBroker(true);
        start();
    }
    /// From the next start on clips and pictures are sealed to a key that the fake hub holds.
    void sealToHub() {
        hub.key = crypto::AgreementKey::generate().value();
        settings.seal_to = evidence::DeliveryKey{hub.key->publicPoint(), "f1f2"};
    }
    void setBroker(bool there) {
        control.setBroker(there);
        bulk.setBroker(there);
        loop.runPosted();
    }
    void advance(Duration by) { loop.advance(by); }
    WallTime now() const { return clock.wallNow().time; }

    uplink::EventReport report(const std::string& event, uplink::ReportPhase phase, bool alarm = true,
                               const std::string& camera = "gate") const {
        uplink::EventReport made;
        made.camera = camera;
        made.event = event;
        made.phase = phase;
        made.alarm = alarm;
        made.start = made.last_motion = now() - std::chrono::seconds(10);
        made.clip_from = made.start - std::chrono::seconds(5);
        made.quality = WallQuality::Ntp;
        made.confidence = 0.5;
        made.zones = {"path"};
        if (phase == uplink::ReportPhase::End) {
            made.end = now();
            made.clip_to = now();
        }
        return made;
    }
    void event(const std::string& id, uplink::ReportPhase phase, bool alarm = true,
               const std::string& camera = "gate") {
        up->reportEvent(report(id, phase, alarm, camera));
        loop.runPosted();
    }
    std::string envelope(const std::string& name, const std::string& payload) {
        evidence::EnvelopeDraft draft;
        draft.command = name;
        draft.gateway = "cg-1";
        draft.counter = ++counter;
        draft.issued = now();
        draft.expires = now() + std::chrono::minutes(5);
        draft.payload = Bytes(payload.begin(), payload.end());
        return evidence::sealEnvelope(draft, goldenIdentity("hub-command")).value();
    }
    void command(const std::string& name, const std::string& payload, const Bytes& correlation) {
        hub.command(name, envelope(name, payload), correlation);
        loop.runPosted();
    }

    TempDirectory directory;
    FakeClock clock;
    FakeLoop loop;
    FakeTransport control;
    FakeTransport bulk;
    FakeClipSource source;
    FakeHub hub;
    FakeHousehold household;
    uplink::UplinkSettings settings{"cg-1", "0.1.0", uplink::LineCap{512}, config::ClipPolicy::None};
    uplink::ConfigurationOwner* owner = nullptr;
    uplink::Machine* machine = nullptr;
    uplink::FirmwareUpdates* updates = nullptr;
    std::shared_ptr<uplink::TrustKeeper> trust;
    std::shared_ptr<uplink::IdentityStore> identity;
    uplink::RenewalSettings renewal;
    outbox::OutboxLimits limits;
    std::unique_ptr<outbox::AsyncOutbox> store;
    FakeSafe safe;
    std::unique_ptr<uplink::Uplink> up;
    std::deque<std::function<void()>> jobs;  ///< held back while `stalled`
    bool stalled = false;                    ///< the card does not answer
    bool full = false;                       ///< the state thread's queue is full
    std::uint64_t counter = 0;
    int run = 0;

    /// What was held back is done now; what it leads to is held back in turn.
    void runJobs() {
        for (const auto& job : std::exchange(jobs, {})) job();
        loop.runPosted();
    }
    void unstall() {
        stalled = false;
        runJobs();
    }

  private:
    bool takeJob(std::function<void()> job) {
        if (full) return false;
        if (stalled) {
            jobs.push_back(std::move(job));
            return true;
        }
        loop.post([this, job = std::move(job), in_run = run] {
            if (in_run == run) job();
        });
        return true;
    }
};

inline nlohmann::json lastReply(const Gateway& gateway) {
    const auto replies = gateway.hub.saidOn("reply");
    return replies.empty() ? nlohmann::json() : replies.back();
}

/// Why a command was refused.
inline std::string reasonOf(const nlohmann::json& reply) {
    return reply.is_object() && reply["ok"] == false ? reply["error"]["reason"].get<std::string>() : "none";
}

}  // namespace camgate::test
