#include "uplink/clip_upload.hpp"

#include <algorithm>
#include <utility>

#include "uplink/new_id.hpp"
#include "uplink/topics.hpp"

namespace camgate::uplink {
namespace {

constexpr std::size_t kLeastManifestPart_bytes = 4U << 10U;
constexpr std::size_t kMostManifestParts = 96;
/// The hub took the manifest and said nothing about the clip, or lost its word.
constexpr Duration kRepeatAfter = std::chrono::seconds(60);
constexpr Duration kFaultRetryAfter = std::chrono::seconds(10);
constexpr int kMaxMismatches = 2;
constexpr int kMaxFaults = 6;
constexpr int kMaxRepeats = 10;

}  // namespace

std::size_t manifestPartBytes(std::uint64_t line_bytes_per_s, std::size_t manifest_bytes) {
    const std::size_t fewest = (manifest_bytes + kMostManifestParts - 1) / kMostManifestParts;
    const auto carried = static_cast<std::size_t>(line_bytes_per_s / 2);  // 2/3 s, of which base64 leaves 3/4
    return std::clamp(carried, std::max(fewest, kLeastManifestPart_bytes), kMostManifestPart_bytes);
}

ClipUpload::ClipUpload(UploadPorts ports, UploadOrder order, Ended ended)
    : ports_(ports),
      order_(std::move(order)),
      ended_(std::move(ended)),
      chunk_bytes_(chunkBytes(ports.line.leastBytesPerSecond())),
      manifest_part_bytes_(manifestPartBytes(ports.line.leastBytesPerSecond(), order_.manifest.size())),
      reader_(ports.source, order_.clip, order_.bytes, chunk_bytes_) {}

ClipUpload::~ClipUpload() {
    ports_.sender.forget(said_id_);
}

/// When it is first needed, as it may end the upload.
void ClipUpload::prepareSeal() {
    if (!ports_.seal_to || sealer_) return;
    auto sealer = evidence::ClipSealer::toHub(*ports_.seal_to, order_.clip, chunk_bytes_, order_.seed);
    if (!sealer) return end(End::Stuck, {sealer.error().kind, "storage", sealer.error().describe()});
    sealer_ = std::move(*sealer);
}

void ClipUpload::announce() {
    prepareSeal();
    if (over_) return;
    if (complete_said_) return say(complete_json_);
    sayPlan(0);
}

void ClipUpload::sayPlan(std::size_t part) {
    std::optional<SealNote> sealed;
    if (sealer_) sealed = {ports_.seal_to->fingerprint, sealer_->ephemeral()};
    say(manifestPlanJson({order_.clip, order_.event, order_.correlation, order_.bytes, chunk_bytes_,
                          order_.manifest, manifest_part_bytes_, sealed},
                         part));
}

void ClipUpload::say(std::string json) {
    ports_.sender.forget(said_id_);
    outbox::Row row;
    row.id = said_id_ = newId();
    row.priority = outbox::Priority::Bulk;
    row.topic = topicSuffix(Topic::ClipManifest, {order_.clip});
    row.payload = payloadOf(withId(row.id, json));
    row.created = ports_.loop.clock().wallNow().time;
    ports_.sender.sendVolatile(std::move(row));
    heard_ = ports_.loop.clock().bootNow();
    repeat_ = ports_.loop.runEvery(kRepeatAfter, [this] { repeatIfSilent(); });
}

void ClipUpload::repeatIfSilent() {
    const bool silent = ports_.loop.clock().bootNow() - heard_ >= kRepeatAfter;
    if (!silent || !idle() || reader_.fetching()) return;
    if (++repeats_ < kMaxRepeats) return announce();
    end(End::Stuck, {ErrorKind::Timeout, "no-answer", "the hub says nothing about the clip"});
}

Status ClipUpload::onReceipt(ByteView payload) {
    const auto receipt = parseClipReceipt(payload, order_.bytes);
    if (!receipt) return std::unexpected(receipt.error());
    if (over_) return {};
    if (receipt->manifest_part &&
        *receipt->manifest_part >= manifestParts(order_.manifest, manifest_part_bytes_)) {
        return fail(ErrorKind::InvalidArgument, "/manifest_part: expected one that the manifest has");
    }
    heard_ = ports_.loop.clock().bootNow();
    repeats_ = 0;
    if (receipt->manifest_part) {
        sayPlan(static_cast<std::size_t>(*receipt->manifest_part));
    } else {
        take(*receipt);
    }
    return {};
}

void ClipUpload::take(const ClipReceipt& receipt) {
    if (receipt.complete && receipt.verified.value_or(false)) return end(End::Verified, {});
    owner_ = receipt.owner;
    missing_.clear();
    for (const auto& range : receipt.missing) {
        missing_.add(range.from / chunk_bytes_, (range.to + chunk_bytes_ - 1) / chunk_bytes_);
    }
    for (const std::uint64_t index : in_flight_) missing_.remove(index);
    if (receipt.verified == false) {
        if (++mismatches_ >= kMaxMismatches) {
            return end(End::Failed,
                       {ErrorKind::Corruption, "hash-mismatch", "the hub got other bytes again"});
        }
        reader_.startHashAgain();
        complete_json_.clear();
        if (receipt.missing.empty()) demandAll();
    }
    // The hub hashes what it has: nothing to do until it says more.
    const bool hub_verifies = complete_said_ && receipt.missing.empty() && !receipt.verified;
    if (!hub_verifies) complete_said_ = false;
    pump();
}

void ClipUpload::demandAll() {
    missing_.add(0, chunkCount());
}

void ClipUpload::pump() {
    if (over_ || owner_.empty() || retry_.active() || reader_.fetching()) return;
    while (const auto index = missing_.first()) {
        if (!sendNext(*index)) return;
    }
    // Not a round trip later: the hub waits for what is on its way.
    if (!complete_said_) complete();
}

/// False: it must wait.
bool ClipUpload::sendNext(std::uint64_t index) {
    const std::size_t length = lengthOf(index);
    if (!ports_.bulk.fits(length)) return false;
    const Duration wait = ports_.line.wait(LineBudget::Use::Chunk, wireBytes(length));
    if (wait > Duration::zero()) {
        if (!pace_.active()) {
            pace_ = ports_.loop.runAfter(wait, [this] {
                pace_.cancel();
                pump();
            });
        }
        return false;
    }
    const std::uint64_t offset = index * chunk_bytes_;
    const auto bytes = reader_.view(offset, length);
    if (!bytes) {
        fetch(offset);
        return false;
    }
    HubMessage message;
    message.topic = topicSuffix(Topic::ClipChunk, {order_.clip, owner_});
    auto payload =
        chunkMessage(sealer_ ? &*sealer_ : nullptr, {static_cast<std::uint32_t>(index), offset}, *bytes);
    if (!payload) return retryAfterFault(payload.error()), false;
    message.payload = std::move(*payload);
    message.content_type = "application/octet-stream";
    const std::size_t sent_bytes = message.payload.size();
    const auto done = lifeline_.guard([this, index](Fate fate) { onChunkDone(index, fate); });
    if (!ports_.bulk.publish(std::move(message), done)) return false;
    bytes_sent_ += sent_bytes;
    most_in_flight_bytes_ = std::max(most_in_flight_bytes_, ports_.bulk.inFlightBytes());
    missing_.remove(index);
    in_flight_.insert(index);
    return true;
}

void ClipUpload::onChunkDone(std::uint64_t index, Fate fate) {
    in_flight_.erase(index);
    heard_ = ports_.loop.clock().bootNow();
    if (brokerHas(fate)) {
        faults_ = 0;
        return;
    }
    missing_.add(index, index + 1);
    complete_said_ = false;
    // A broker that refuses goes on refusing: not at full speed.
    if (fate == Fate::Refused) retryAfterFault({ErrorKind::Unavailable, 0, "the broker refused a chunk"});
}

void ClipUpload::fetch(std::uint64_t offset) {
    // On a turn of its own: a source may answer inside the call.
    reader_.fetch(offset, [this](Status read) {
        if (over_) return;
        if (!read) return retryAfterFault(read.error());
        ports_.loop.post(lifeline_.guard([this] { pump(); }));
    });
}

void ClipUpload::complete() {
    if (reader_.hashed() < order_.bytes) return fetch(reader_.hashed());
    if (!complete_json_.empty()) {
        complete_said_ = true;
        return say(complete_json_);
    }
    if (signing_) return;
    signing_ = true;
    ports_.source.sign(order_.clip, reader_.sha256Hex(),
                       lifeline_.guard([this](Result<std::string> signed_json) {
                           signing_ = false;
                           if (!over_ && reader_.hashed() == order_.bytes) sayComplete(signed_json);
                       }));
}

void ClipUpload::sayComplete(const Result<std::string>& signed_json) {
    if (!signed_json) return retryAfterFault(signed_json.error());
    auto json = manifestCompleteJson(order_.clip, reader_.sha256Hex(), *signed_json);
    if (!json) return retryAfterFault(json.error());
    complete_json_ = std::move(*json);
    // Meanwhile the hub may have asked for more.
    if (!missing_.empty()) return pump();
    complete_said_ = true;
    say(complete_json_);
}

void ClipUpload::retryAfterFault(const Error& error) {
    if (over_) return;
    if (error.kind == ErrorKind::NotFound) {
        return end(End::Lost, {ErrorKind::NotFound, "footage-gone", error.describe()});
    }
    if (++faults_ >= kMaxFaults) return end(End::Stuck, {error.kind, "storage", error.describe()});
    retry_ = ports_.loop.runAfter(kFaultRetryAfter, [this] {
        retry_.cancel();
        pump();
    });
}

void ClipUpload::end(End end, Refusal why) {
    if (over_) return;
    over_ = true;
    pace_.cancel();
    repeat_.cancel();
    retry_.cancel();
    ports_.loop.post(lifeline_.guard([this, end, why = std::move(why)] {
        // The callee may end this object.
        const Ended ended = ended_;
        ended(end, why);
    }));
}

std::uint64_t ClipUpload::chunkCount() const {
    return (order_.bytes + chunk_bytes_ - 1) / chunk_bytes_;
}

std::size_t ClipUpload::lengthOf(std::uint64_t index) const {
    return static_cast<std::size_t>(
        std::min<std::uint64_t>(chunk_bytes_, order_.bytes - index * chunk_bytes_));
}

}  // namespace camgate::uplink
