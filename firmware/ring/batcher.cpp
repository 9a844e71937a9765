#include "ring/batcher.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace camgate::ring {
namespace {

constexpr Duration kFarthestFromNow = std::chrono::seconds(10);
constexpr Duration kShortestGroup = std::chrono::milliseconds(500);
constexpr Duration kYoungestInRound = std::chrono::milliseconds(300);

std::unexpected<Error> lie(const char* what) {
    return fail(ErrorKind::InvalidArgument, std::string("access unit: ") + what);
}

}  // namespace

void Batcher::addCamera(std::uint64_t camera_tag, std::size_t quota_bytes) {
    cameras_[camera_tag].quota_bytes = quota_bytes;
}

void Batcher::addStream(std::uint64_t camera_tag, media::StreamKind stream, std::uint64_t next_sequence,
                        std::uint8_t retention_class) {
    Stream& added = streams_[{camera_tag, stream}];
    added.next_sequence = next_sequence;
    added.retention_class = retention_class;
    added.gap.reason = GapReason::DaemonStart;
}

void Batcher::removeCamera(std::uint64_t camera_tag) {
    for (const auto kind : {media::StreamKind::Main, media::StreamKind::Sub}) {
        const auto it = streams_.find({camera_tag, kind});
        if (it == streams_.end()) continue;
        end(it->second);
        streams_.erase(it);
    }
    cameras_.erase(camera_tag);
}

Status Batcher::setConfig(std::uint64_t camera_tag, media::StreamKind stream,
                          const media::DecoderConfig& config) {
    const auto it = streams_.find({camera_tag, stream});
    if (it == streams_.end()) return fail(ErrorKind::NotFound, "no such stream");
    if (config.box.empty() || config.box.size() > media::kMaxDecoderConfig_bytes ||
        config.width_px > media::kMaxDimension_px || config.height_px > media::kMaxDimension_px) {
        return fail(ErrorKind::InvalidArgument, "decoder configuration of impossible size");
    }
    Stream& state = it->second;
    if (state.config == config) return {};
    end(state);
    state.config = config;
    state.config_id = config.id();
    return {};
}

Status Batcher::check(const Stream& stream, const media::AccessUnit& unit) const {
    if (!stream.config || unit.config_id != stream.config_id) return lie("its configuration was not sent");
    if (unit.bytes.empty() || unit.bytes.size() > media::kMaxAccessUnit_bytes) return lie("impossible size");
    const Duration from_now = unit.decode_time - clock_.bootNow();
    if (from_now > kFarthestFromNow || from_now < -kFarthestFromNow)
        return lie("its time is over 10 s from now");
    const Duration offset = unit.presentation_time - unit.decode_time;
    if (offset < Duration::zero() || offset > kMaxSampleStep) return lie("impossible presentation time");
    if (!stream.restarted && stream.last_decode && unit.decode_time <= *stream.last_decode) {
        return lie("its time does not grow");
    }
    return {};
}

Status Batcher::add(std::uint64_t camera_tag, media::AccessUnit unit) {
    const StreamKey key{camera_tag, unit.stream};
    const auto it = streams_.find(key);
    if (it == streams_.end()) return fail(ErrorKind::NotFound, "no such stream");
    Stream& stream = it->second;
    Camera& camera = cameras_.at(camera_tag);
    if (auto right = check(stream, unit); !right) return right;
    ++camera.stats.units;
    camera.stats.arrived_bytes += unit.bytes.size() + kUnitOverhead_bytes;
    if (stream.last_decode && unit.decode_time <= *stream.last_decode) {
        drop(camera, stream, GapReason::CameraLost);
        return {};
    }
    if (unit.bytes.size() > options_.largest_unit_bytes) {
        drop(camera, stream, GapReason::QuotaFull);
        return {};
    }
    if (stream.open && mustEnd(stream, unit)) end(stream);
    const bool waits = stream.dropping && unit.random_access == media::RandomAccess::None;
    if (waits || !makeRoom(key, camera, unit)) {
        drop(camera, stream, when_full_);
        return {};
    }
    stream.dropping = false;
    stream.restarted = false;
    if (!stream.open) begin(key, camera, stream, unit);
    take(stream, std::move(unit));
    return {};
}

void Batcher::take(Stream& stream, media::AccessUnit unit) {
    RecordDraft& draft = stream.open->draft;
    const Duration delta =
        draft.samples.empty() ? Duration::zero() : unit.decode_time - draft.header.last_decode;
    draft.samples.push_back({static_cast<std::uint32_t>(unit.bytes.size()),
                             static_cast<std::uint32_t>(delta.count()),
                             static_cast<std::uint32_t>((unit.presentation_time - unit.decode_time).count()),
                             unit.flags, unit.random_access});
    draft.header.last_decode = unit.decode_time;
    draft.header.payload_bytes += static_cast<std::uint32_t>(unit.bytes.size());
    ++draft.header.sample_count;
    draft.hold.add(unit.bytes.size() + kUnitOverhead_bytes);
    draft.units.push_back(std::move(unit.bytes));
    stream.last_decode = unit.decode_time;
}

bool Batcher::makeRoom(const StreamKey& key, Camera& camera, const media::AccessUnit& unit) {
    const bool begins = !streams_.at(key).open;
    const std::size_t record_bytes =
        begins ? kRecordOverhead_bytes + streams_.at(key).config->box.size() : std::size_t{0};
    const std::size_t needed = record_bytes + unit.bytes.size() + kUnitOverhead_bytes;
    const auto goes_on = [&](const StreamKey& other) {
        if (other == key && begins) return unit.random_access != media::RandomAccess::None;
        const auto& open = streams_.at(other).open;
        return open && open->draft.header.starts_with != media::RandomAccess::None;
    };
    while (camera.used->load(std::memory_order_relaxed) + needed > camera.quota_bytes) {
        const auto lost = ended_.dropOldestGroup(key.first, when_full_, goes_on);
        if (!lost) return false;
        lose(*lost);
    }
    return true;
}

void Batcher::lose(const LostRecords& lost) {
    const bool declared = ended_.closeUp(lost);
    const auto it = streams_.find(lost.stream);
    if (it == streams_.end()) return;
    cameras_.at(lost.stream.first).stats.dropped_units += lost.units;
    Stream& stream = it->second;
    stream.next_sequence -= lost.records;
    if (stream.open) stream.open->draft.header.sequence -= lost.records;
    if (!declared) putInFront(stream.open ? stream.open->draft.header.gap : stream.gap, lost.gap);
}

bool Batcher::mustEnd(const Stream& stream, const media::AccessUnit& unit) const {
    const RecordHeader& header = stream.open->draft.header;
    if (header.sample_count >= kMaxSamples || unit.decode_time - header.last_decode > kMaxSampleStep)
        return true;
    if (header.payload_bytes + unit.bytes.size() > options_.record_bytes) return true;
    if (stream.gap.reason != GapReason::None) return true;
    if (unit.random_access == media::RandomAccess::None) return false;
    return header.starts_with == media::RandomAccess::None ||
           unit.decode_time - header.first_decode >= kShortestGroup;
}

void Batcher::drop(Camera& camera, Stream& stream, GapReason reason) {
    stream.dropping = true;
    ++camera.stats.dropped_units;
    declareGap(stream, reason, 1);
}

void Batcher::declareGap(Stream& stream, GapReason reason, std::uint32_t dropped_units) {
    Gap& gap = stream.gap;
    if (gap.reason == GapReason::None) {
        gap.reason = reason;
        if (stream.last_decode) gap.since = *stream.last_decode;
    }
    const auto room = std::numeric_limits<std::uint32_t>::max() - gap.dropped_units;
    gap.dropped_units += std::min(room, dropped_units);
}

void Batcher::noteGap(std::uint64_t camera_tag, media::StreamKind stream, GapReason reason) {
    const auto it = streams_.find({camera_tag, stream});
    if (it == streams_.end()) return;
    if (reason == GapReason::CameraLost || reason == GapReason::Paused) it->second.restarted = true;
    Gap& gap = it->second.gap;
    // Who paused a camera need not hear that the daemon was away meanwhile.
    if (reason == GapReason::Paused && gap.reason == GapReason::DaemonStart) gap.reason = reason;
    declareGap(it->second, reason, 0);
}

void Batcher::giveUp(const std::vector<RecordDraft>& drafts, GapReason reason) {
    for (auto draft = drafts.rbegin(); draft != drafts.rend(); ++draft) lose(lostRecord(*draft, reason));
}

void Batcher::begin(const StreamKey& key, Camera& camera, Stream& stream, const media::AccessUnit& unit) {
    WaitingDraft open{{}, clock_.bootNow()};
    open.draft.hold = QuotaHold(camera.used);
    open.draft.hold.add(kRecordOverhead_bytes + stream.config->box.size());
    open.draft.previous_decode = stream.last_decode.value_or(BootTime{});
    open.draft.config = *stream.config;
    open.draft.retention_class = stream.retention_class;
    RecordHeader& header = open.draft.header;
    header.camera_tag = key.first;
    header.stream = key.second;
    header.codec = stream.config->codec;
    header.starts_with = unit.random_access;
    header.width_px = stream.config->width_px;
    header.height_px = stream.config->height_px;
    header.boot_session = options_.boot_session;
    header.sequence = stream.next_sequence++;
    header.first_decode = unit.decode_time;
    header.last_decode = unit.decode_time;
    header.gap = std::exchange(stream.gap, Gap{});
    header.config_bytes = static_cast<std::uint32_t>(stream.config->box.size());
    header.config_id = stream.config_id;
    header.config_hash = crypto::sha256(stream.config->box);
    stream.open = std::move(open);
}

void Batcher::end(Stream& stream) {
    if (!stream.open) return;
    stream.open->draft.header.time_map = clock_.timeMap();
    ended_.push(std::move(*stream.open));
    stream.open.reset();
}

std::optional<BootTime> Batcher::nextDue() const {
    std::optional<BootTime> oldest = ended_.oldestArrival();
    for (const auto& [key, stream] : streams_) {
        if (stream.open && (!oldest || stream.open->arrived < *oldest)) oldest = stream.open->arrived;
    }
    if (!oldest) return std::nullopt;
    return *oldest + options_.batch_age;
}

std::vector<RecordDraft> Batcher::takeDue() {
    const auto due = nextDue();
    if (!due || clock_.bootNow() < *due) return {};
    // Where more waits than a round takes, records need not be cut short for it.
    if (ended_.payloadBytes() < options_.round_bytes) endAged();
    return ended_.take(options_.round_bytes);
}

void Batcher::endAged() {
    const BootTime now = clock_.bootNow();
    for (auto& [key, stream] : streams_) {
        if (stream.open && now - stream.open->arrived >= kYoungestInRound) end(stream);
    }
}

std::vector<RecordDraft> Batcher::takeAll() {
    for (auto& [key, stream] : streams_) end(stream);
    return ended_.take(std::numeric_limits<std::size_t>::max());
}

std::vector<RecordDraft> Batcher::takeRest() {
    for (auto& [key, stream] : streams_) end(stream);
    return ended_.take(options_.round_bytes);
}

BatcherStats Batcher::stats(std::uint64_t camera_tag) const {
    const auto it = cameras_.find(camera_tag);
    return it != cameras_.end() ? it->second.stats : BatcherStats{};
}

std::size_t Batcher::heldBytes(std::uint64_t camera_tag) const {
    const auto it = cameras_.find(camera_tag);
    return it != cameras_.end() ? it->second.used->load(std::memory_order_relaxed) : 0;
}

}  // namespace camgate::ring
