#include "clip/clip_plan.hpp"

#include <algorithm>

namespace camgate::clip {
namespace {

constexpr std::uint32_t kMagic = 0x50434743;  // "CGCP"
constexpr std::uint16_t kVersion = 2;
constexpr std::size_t kMaxText_bytes = 4096;
constexpr std::size_t kRecord_bytes = 4 * 3 + 8 * 2 + 32 + 8 * 5 + 4 * 4;

std::unexpected<Error> malformed(const char* what) {
    return fail(ErrorKind::InvalidArgument, std::string("clip plan: ") + what);
}

void putTime(WallTime time, ByteWriter& out) {
    out.put(std::int64_t{time.time_since_epoch().count()});
}

WallTime getTime(ByteReader& in) {
    return WallTime(Duration(in.get<std::int64_t>()));
}

void putRecord(const PlannedRecord& record, ByteWriter& out) {
    out.put(record.at.extent);
    out.put(record.at.offset_bytes);
    out.put(record.at.total_bytes);
    out.put(record.at.generation);
    out.put(record.at.counter);
    out.putBytes(record.leaf);
    out.put(record.boot_session);
    out.put(record.sequence);
    out.put(std::int64_t{record.first_decode.time_since_epoch().count()});
    out.put(std::int64_t{record.last_decode.time_since_epoch().count()});
    out.put(std::int64_t{record.to_wall.count()});
    out.put(record.samples);
    out.put(record.payload_bytes);
    out.put(record.skipped_samples);
    out.put(record.skipped_bytes);
}

PlannedRecord getRecord(ByteReader& in) {
    PlannedRecord record;
    record.at.extent = in.get<std::uint32_t>();
    record.at.offset_bytes = in.get<std::uint32_t>();
    record.at.total_bytes = in.get<std::uint32_t>();
    record.at.generation = in.get<std::uint64_t>();
    record.at.counter = in.get<std::uint64_t>();
    const ByteView leaf = in.getBytes(record.leaf.size());
    std::ranges::copy(leaf, record.leaf.begin());
    record.boot_session = in.get<std::uint64_t>();
    record.sequence = in.get<std::uint64_t>();
    record.first_decode = BootTime(Duration(in.get<std::int64_t>()));
    record.last_decode = BootTime(Duration(in.get<std::int64_t>()));
    record.to_wall = Duration(in.get<std::int64_t>());
    record.samples = in.get<std::uint32_t>();
    record.payload_bytes = in.get<std::uint32_t>();
    record.skipped_samples = in.get<std::uint32_t>();
    record.skipped_bytes = in.get<std::uint32_t>();
    const bool computes = computable(record.first_decode.time_since_epoch()) &&
                          computable(record.last_decode.time_since_epoch()) && computable(record.to_wall);
    const bool sane = computes && record.samples > 0 && record.samples <= ring::kMaxSamples &&
                      record.skipped_samples < record.samples &&
                      record.skipped_bytes <= record.payload_bytes &&
                      record.last_decode >= record.first_decode;
    if (!sane) in.markBad();
    return record;
}

void putFile(const PlannedFile& file, ByteWriter& out) {
    out.put(static_cast<std::uint8_t>(file.config.codec));
    out.put(file.config.width_px);
    out.put(file.config.height_px);
    out.putSized(file.config.box);
    out.put(static_cast<std::uint32_t>(file.records.size()));
    for (const PlannedRecord& record : file.records) putRecord(record, out);
}

PlannedFile getFile(ByteReader& in) {
    PlannedFile file;
    const auto codec = media::codecFromNumber(in.get<std::uint8_t>());
    if (!codec) in.markBad();
    file.config.codec = codec.value_or(media::Codec::H264);
    file.config.width_px = in.get<std::uint16_t>();
    file.config.height_px = in.get<std::uint16_t>();
    const ByteView box = in.getSized(media::kMaxDecoderConfig_bytes);
    file.config.box.assign(box.begin(), box.end());
    const auto count = in.get<std::uint32_t>();
    if (count == 0 || count > in.rest().size() / kRecord_bytes) in.markBad();
    for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
        file.records.push_back(getRecord(in));
        const PlannedRecord& record = file.records.back();
        // Times of a file run forward on one boot's clock: its timeline is made of their differences.
        if (i > 0 && (record.first_decode <= file.records[i - 1].last_decode ||
                      record.boot_session != file.records[i - 1].boot_session)) {
            in.markBad();
        }
    }
    return file;
}

}  // namespace

Bytes encodePlan(const ClipPlan& plan) {
    ByteWriter out;
    out.put(kMagic);
    out.put(kVersion);
    out.putSized(plan.builder);
    out.putSized(plan.gateway);
    out.putSized(plan.request.camera);
    putTime(plan.request.from, out);
    putTime(plan.request.to, out);
    out.put(static_cast<std::uint8_t>(plan.request.quality));
    out.putSized(plan.request.reason);
    out.put(static_cast<std::uint8_t>(plan.stream));
    out.put(static_cast<std::uint8_t>(plan.time_quality));
    out.put(std::int64_t{plan.error_bound.count()});
    out.putSized(plan.sealed);
    out.put(static_cast<std::uint32_t>(plan.files.size()));
    for (const PlannedFile& file : plan.files) putFile(file, out);
    out.put(static_cast<std::uint32_t>(plan.gaps.size()));
    for (const PlannedGap& gap : plan.gaps) {
        putTime(gap.from, out);
        putTime(gap.to, out);
        out.putSized(gap.reason);
    }
    return std::move(out).take();
}

Result<ClipPlan> decodePlan(ByteView bytes) {
    ByteReader in(bytes);
    if (bytes.size() > kMaxPlan_bytes) return malformed("too long");
    if (in.get<std::uint32_t>() != kMagic || in.get<std::uint16_t>() != kVersion) return malformed("none");
    ClipPlan plan;
    plan.builder = in.getText(kMaxText_bytes);
    if (in.ok() && plan.builder != kBuilderVersion) {
        return fail(ErrorKind::FailedPrecondition, "clip plan: made for builder " + plan.builder);
    }
    plan.gateway = in.getText(kMaxText_bytes);
    plan.request.camera = in.getText(kMaxText_bytes);
    plan.request.from = getTime(in);
    plan.request.to = getTime(in);
    const auto quality = in.get<std::uint8_t>();
    plan.request.quality = static_cast<Quality>(quality);
    plan.request.reason = in.getText(kMaxText_bytes);
    const auto stream = media::streamFromNumber(in.get<std::uint8_t>());
    const auto time_quality = in.get<std::uint8_t>();
    plan.time_quality = static_cast<WallQuality>(time_quality);
    plan.error_bound = std::chrono::milliseconds(in.get<std::int64_t>());
    plan.sealed = in.getText(kMaxText_bytes);
    if (!in.ok() || quality > 1 || !stream || time_quality > static_cast<std::uint8_t>(WallQuality::Ntp)) {
        return malformed("request");
    }
    plan.stream = *stream;
    const auto files = in.get<std::uint32_t>();
    for (std::uint32_t i = 0; i < files && in.ok(); ++i) plan.files.push_back(getFile(in));
    const auto gaps = in.get<std::uint32_t>();
    for (std::uint32_t i = 0; i < gaps && in.ok(); ++i) {
        PlannedGap gap;
        gap.from = getTime(in);
        gap.to = getTime(in);
        gap.reason = in.getText(kMaxText_bytes);
        plan.gaps.push_back(std::move(gap));
    }
    if (!in.done() || plan.files.empty()) return malformed("lengths");
    return plan;
}

std::string planId(ByteView plan_bytes) {
    return toHex(crypto::sha256(plan_bytes));
}

evidence::Manifest manifestOf(const ClipPlan& plan, const std::string& id,
                              const std::vector<std::uint64_t>& file_bytes) {
    evidence::Manifest manifest;
    manifest.clip = id;
    manifest.gateway = plan.gateway;
    manifest.camera = plan.request.camera;
    manifest.stream = plan.stream;
    manifest.quality =
        plan.request.quality == Quality::Full ? evidence::ClipQuality::Full : evidence::ClipQuality::Preview;
    manifest.asked = {plan.request.from, plan.request.to};
    manifest.covered = {plan.files.front().records.front().wallStart(),
                        plan.files.back().records.back().wallEnd()};
    manifest.covered.to = std::max(manifest.covered.from, manifest.covered.to);
    manifest.time_quality = plan.time_quality;
    if (plan.time_quality == WallQuality::Ntp) manifest.error_bound = plan.error_bound;
    manifest.reason = plan.request.reason;
    manifest.sealed = plan.sealed;
    manifest.builder = plan.builder;
    for (std::size_t i = 0; i < plan.files.size(); ++i) {
        const PlannedFile& file = plan.files[i];
        manifest.files.push_back({std::to_string(i + 1) + ".mp4", file_bytes[i], file.config.codec,
                                  file.config.width_px, file.config.height_px, file.records.size()});
        for (const PlannedRecord& record : file.records) {
            manifest.records.push_back({{record.boot_session, record.sequence},
                                        record.leaf,
                                        record.samples,
                                        record.payload_bytes,
                                        record.wallStart()});
        }
    }
    for (const PlannedGap& gap : plan.gaps) manifest.gaps.push_back({{gap.from, gap.to}, gap.reason});
    return manifest;
}

}  // namespace camgate::clip
