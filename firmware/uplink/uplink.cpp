#include "uplink/uplink.hpp"

#include <utility>

#include "base/log.hpp"
#include "uplink/row_builder.hpp"

namespace camgate::uplink {
namespace {

constexpr Duration kCapCheck = std::chrono::minutes(1);

/// BBR looks for less every eighth round trip and stops for 200 ms every 10 s: a little faster than the
/// budget it makes up for that. Not on slow lines, where its first ten segments are much of a second.
std::uint64_t paceOf(const LineBudget& line) {
    constexpr std::uint32_t kFast_kbps = 5000;
    constexpr std::uint64_t kFaster_percent = 104;
    const std::uint64_t usable = line.bytesPerSecond();
    return line.capKbps() >= kFast_kbps ? usable * kFaster_percent / 100 : usable;
}

}  // namespace

Uplink::Uplink(UplinkSettings settings, UplinkParts parts)
    : settings_(std::move(settings)),
      parts_(std::move(parts)),
      pictures_(settings_.gateway, settings_.seal_to),
      line_(parts_.loop.clock(), settings_.cap),
      control_(parts_.loop, parts_.control, settings_.gateway, line_),
      bulk_(parts_.loop, parts_.bulk, settings_.gateway, line_),
      bulk_keeper_(parts_.loop, bulk_),
      sender_(parts_.loop, control_, parts_.outbox),
      presence_(parts_.loop, control_,
                [this](const std::string& session) { return statusDocument(session); }),
      clips_({parts_.loop, sender_, bulk_, bulk_keeper_, line_, parts_.clips, settings_.seal_to},
             parts_.outbox, refused_),
      live_({parts_.loop, bulk_, bulk_keeper_, line_, parts_.cameras, settings_.seal_to},
            [this](const LiveEnd& ended) { onLiveEnded(ended); }),
      commands_({parts_.loop, sender_, parts_.outbox, clips_, live_, parts_.clips, parts_.cameras, refused_,
                 parts_.gate, [this] { return statusJson(); }, pictures_, [this] { sayBirth(); },
                 parts_.machine, parts_.secrets, parts_.updates}),
      config_(parts_.loop, control_, parts_.outbox, refused_, parts_.gate, parts_.configuration),
      trust_(parts_.outbox, refused_, parts_.trust, parts_.gate,
             [this](const Trust& trust) { onTrusted(trust); }),
      renewal_(parts_.loop, control_, parts_.outbox, refused_, parts_.identity, parts_.renewal),
      bundle_(parts_.loop, control_, refused_, parts_.updates, settings_.gateway),
      telemetry_(parts_.loop, control_, parts_.outbox, parts_.telemetry, [this] { return figures(); }) {
    control_.setListener(this);
    bulk_keeper_.serve({&live_, &clips_});
}

Uplink::~Uplink() {
    control_.setListener(nullptr);
}

void Uplink::start() {
    clips_.load();
    telemetry_.start();
    followCap();
    cap_check_ = parts_.loop.runEvery(kCapCheck, [this] { followCap(); });
    control_.open();
}

void Uplink::sayOffline() {
    live_.stop();
    presence_.sayOffline();
}

void Uplink::follow(const UplinkSettings& settings) {
    settings_.clips = settings.clips;
    line_.setCap(settings.cap);
    followCap();
}

/// Another hour, another cap: the workers pace what they write by it.
void Uplink::followCap() {
    for (HubTransport* transport : {&parts_.control, &parts_.bulk}) transport->setPace(paceOf(line_));
}

std::size_t Uplink::longestStill_bytes() const {
    // Base64 takes 4 bytes for 3, headers and the event's text take the rest.
    const std::uint64_t second = line_.leastBytesPerSecond();
    return static_cast<std::size_t>(std::min<std::uint64_t>(kMaxStill_bytes, second * 2 / 3));
}

std::string Uplink::statusTopic() const {
    return fullTopic(settings_.gateway, topicSuffix(Topic::Status));
}

std::vector<std::string> Uplink::subscriptions() const {
    return controlSubscriptions(settings_.gateway);
}

void Uplink::reportEvent(const EventReport& report) {
    outbox::Row row = eventRow(report);
    const bool kept = report.phase != ReportPhase::Update || report.still.has_value();
    if (!kept) {
        static_cast<void>(sender_.sayOnce(row));
        return;
    }
    outbox::Changes changes;
    changes.rows.push_back(std::move(row));
    changes.events.push_back({report.event, report.camera, report.start, eventJson(report)});
    const bool wants_clip = wantsClip(report);
    if (wants_clip) {
        changes.want_clips.push_back({report.event, report.camera, report.clip_from, *report.clip_to});
        clips_.want(changes.want_clips.back());
    }
    sender_.commit(std::move(changes));
}

void Uplink::audit(const AuditRecord& entry, std::function<void(Status)> kept) {
    outbox::Changes changes;
    changes.audits.push_back(auditLink(entry));
    sender_.commitFirst(std::move(changes), std::move(kept));
}

void Uplink::audit(const AuditRecord& entry) {
    outbox::Changes changes;
    changes.audits.push_back(auditLink(entry));
    sender_.commit(std::move(changes));
}

void Uplink::commitCheckpoints(std::vector<SignedCheckpoint> checkpoints, OutboxSender::Committed committed) {
    const WallTime now = parts_.loop.clock().wallNow().time;
    outbox::Changes changes;
    for (SignedCheckpoint& checkpoint : checkpoints) {
        const std::string json = R"({"v":1,"signed":)" + checkpoint.json + "}";
        auto row = makeRow(outbox::Priority::Checkpoint,
                           topicSuffix(Topic::Checkpoint, {checkpoint.entry.camera}), json, now);
        row.camera = checkpoint.entry.camera;
        changes.rows.push_back(std::move(row));
        changes.ledger.push_back(std::move(checkpoint.entry));
    }
    sender_.commitFirst(std::move(changes), std::move(committed));
}

outbox::Row Uplink::eventRow(const EventReport& report) const {
    const auto priority = report.alarm ? outbox::Priority::Alarm : outbox::Priority::Event;
    const WallTime now = parts_.loop.clock().wallNow().time;
    const std::string still = stillJson(report);
    const std::string topic = topicSuffix(Topic::Event, {report.camera});
    auto row = makeRow(priority, topic, eventJson(report, still), now);
    const bool too_long = row.payload.size() > kLongestUp_bytes;
    if (too_long) row = makeRow(priority, topic, eventJson(report), now);
    row.camera = report.camera;
    row.expendable = report.phase == ReportPhase::Update && !still.empty() && !too_long;
    return row;
}

/// Empty: none, or one that cannot be sent; the event goes without it.
std::string Uplink::stillJson(const EventReport& report) const {
    if (!report.still || report.still->jpeg.size() > kMaxStill_bytes) return {};
    auto json = pictures_.json(report.event, report.still->at, report.still->jpeg);
    if (json) return std::move(*json);
    logEvent(LogLevel::Error, "uplink", "still-not-sealed", {{"error", json.error()}});
    return {};
}

bool Uplink::wantsClip(const EventReport& report) const {
    if (report.phase != ReportPhase::End || !report.clip_to || *report.clip_to <= report.clip_from)
        return false;
    return settings_.clips == config::ClipPolicy::All ||
           (settings_.clips == config::ClipPolicy::Alarms && report.alarm);
}

void Uplink::sayBirth() {
    if (!control_.up()) return;
    presence_.onUp();
    config_.onUp();
}

void Uplink::onChannelUp() {
    sayBirth();
    sender_.onUp();
    clips_.onControlUp();
    renewal_.onUp();
    bundle_.onUp();
    if (parts_.connected) parts_.connected();
}

void Uplink::onChannelDown() {
    presence_.onDown();
    config_.onDown();
    sender_.onDown();
    clips_.onControlDown();
    renewal_.onDown();
    bundle_.onDown();
}

void Uplink::onChannelMessage(const HubMessage& message) {
    const auto topic = parseDownTopic(settings_.gateway, message.topic);
    if (!topic) return refused_.add("unknown-topic");
    switch (topic->topic) {
        case Topic::Receipt:
            return onRowReceipt(message.payload);
        case Topic::ClipReceipt:
            return clips_.onReceipt(topic->word, message.payload);
        case Topic::Command:
            return commands_.onCommand(topic->word, message);
        case Topic::ConfigDesired:
            return config_.onDesired(message);
        case Topic::Trust:
            return trust_.onTrust(message);
        case Topic::Bundle:
            return renewal_.onBundle(message);
        case Topic::UpdatePiece:
            return bundle_.onPiece(topic->word, message);
        default:
            return;
    }
}

void Uplink::onRowReceipt(ByteView payload) {
    const auto receipt = parseReceipt(payload);
    if (receipt) {
        if (parts_.countersigned && !receipt->countersignatures.empty())
            parts_.countersigned(receipt->countersignatures);
        if (receipt->delay) sender_.delay(*receipt->delay);
        return sender_.onReceipt(receipt->ids);
    }
    refused_.add("malformed");
    logEvent(LogLevel::Warning, "uplink", "receipt-malformed", {{"error", receipt.error()}});
}

void Uplink::onTrusted(const Trust& trust) {
    const std::string detail = R"({"version":)" + std::to_string(trust.version) + R"(,"revoked":)" +
                               std::to_string(trust.revoked.size()) + "}";
    audit({parts_.loop.clock().wallNow().time, "hub", "trust.changed", "done", detail});
    if (parts_.trusted) parts_.trusted(trust);
}

void Uplink::onLiveEnded(const LiveEnd& ended) {
    audit({parts_.loop.clock().wallNow().time, ended.signer.fingerprint, "live.end", ended.reason,
           liveEndJson(ended)});
}

std::string Uplink::statusDocument(const std::string& session) const {
    StatusDocument status;
    status.session = session;
    status.now = parts_.loop.clock().wallNow();
    status.firmware = settings_.firmware;
    status.cameras = parts_.cameras.list();
    status.storage = parts_.status.storage();
    status.line = {line_.capKbps(), parts_.control.paced()};
    if (parts_.updates != nullptr) status.update_json = parts_.updates->statusJson();
    if (!parts_.outbox.error()) status.outbox_rows = parts_.outbox.figures().rows;
    return uplink::statusJson(status);
}

UplinkFigures Uplink::figures() const {
    UplinkFigures figures;
    figures.outbox = parts_.outbox.figures();
    figures.unstored_lost = sender_.unstoredLost();
    figures.open_clips = clips_.open();
    const ClipCounts clips = clips_.counts();
    figures.clips_verified = clips.verified;
    figures.clips_failed = clips.failed;
    figures.chunk_bytes_sent = clips.chunk_bytes_sent;
    figures.most_chunk_bytes_in_flight = clips.most_in_flight_bytes;
    figures.refused = refused_.all();
    return figures;
}

}  // namespace camgate::uplink
