#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/manifest.hpp"
#include "evidence/object_reader.hpp"
#include "evidence/shared_names.hpp"

namespace camgate::evidence {
namespace {

using nlohmann::json;

constexpr Names<ClipQuality, 2> kQualities{{{"preview", ClipQuality::Preview}, {"full", ClipQuality::Full}}};
constexpr Names<media::Codec, 2> kCodecs{{{"h264", media::Codec::H264}, {"h265", media::Codec::H265}}};

constexpr std::size_t kMaxText_bytes = 256;
constexpr std::size_t kMaxFiles = 1000;
constexpr std::uint64_t kMaxErrorBound_ms = 31'536'000'000;  // a year: worse is not known

json spanJson(const TimeSpan& span) {
    return {{"from", formatWallTime(span.from)}, {"to", formatWallTime(span.to)}};
}

json fileJson(const ManifestFile& file) {
    return {{"name", file.name},      {"bytes", file.bytes},      {"codec", nameOf(kCodecs, file.codec)},
            {"width", file.width_px}, {"height", file.height_px}, {"records", file.records}};
}

json recordJson(const ManifestRecord& record) {
    return {{"id", toJson(record.id)},
            {"leaf", toHex(record.leaf)},
            {"samples", record.samples},
            {"bytes", record.bytes},
            {"start", formatWallTime(record.start)}};
}

json gapJson(const ManifestGap& gap) {
    json document = spanJson(gap.span);
    document["reason"] = gap.reason;
    return document;
}

json timeJson(const Manifest& manifest) {
    json document = json::object();
    document["quality"] = nameOf(kWallQualities, manifest.time_quality);
    if (manifest.error_bound) document["error_ms"] = manifest.error_bound->count();
    return document;
}

TimeSpan readSpan(ObjectReader& in) {
    const TimeSpan span{in.time("from"), in.time("to")};
    if (span.to < span.from) in.setFault("to", "a time not before \"from\"");
    return span;
}

ManifestFile readFile(ObjectReader& in) {
    ManifestFile file;
    file.name = in.word("name", 128);
    if (file.name.starts_with('.')) in.setFault("name", "a file name that starts with no dot");
    file.bytes = in.number("bytes", 1);
    file.codec = in.oneOf("codec", kCodecs);
    file.width_px = static_cast<std::uint32_t>(in.number("width", 1, media::kMaxDimension_px));
    file.height_px = static_cast<std::uint32_t>(in.number("height", 1, media::kMaxDimension_px));
    file.records = in.number("records", 1, kMaxManifestRecords);
    return file;
}

ManifestRecord readRecord(ObjectReader& in) {
    ManifestRecord record;
    in.object("id", [&](ObjectReader& id) { record.id = readRecordId(id); });
    record.leaf = in.digest("leaf");
    record.samples = in.number("samples", 1, kMaxRecordSamples);
    record.bytes = in.number("bytes", 1, kMaxRecordPayload_bytes);
    record.start = in.time("start");
    return record;
}

void readTime(ObjectReader& in, Manifest& manifest) {
    manifest.time_quality = in.oneOf("quality", kWallQualities);
    if (in.has("error_ms")) {
        manifest.error_bound = std::chrono::milliseconds(in.number("error_ms", 0, kMaxErrorBound_ms));
    }
}

}  // namespace

std::string toJsonText(const Manifest& manifest) {
    json document{{"v", 1},
                  {"clip", manifest.clip},
                  {"gateway", manifest.gateway},
                  {"camera", manifest.camera},
                  {"stream", nameOf(kStreams, manifest.stream)},
                  {"quality", nameOf(kQualities, manifest.quality)},
                  {"asked", spanJson(manifest.asked)},
                  {"covered", spanJson(manifest.covered)},
                  {"time", timeJson(manifest)},
                  {"reason", manifest.reason},
                  {"sealed", manifest.sealed},
                  {"builder", manifest.builder},
                  {"files", json::array()},
                  {"records", json::array()},
                  {"gaps", json::array()}};
    for (const auto& file : manifest.files) document["files"].push_back(fileJson(file));
    for (const auto& record : manifest.records) document["records"].push_back(recordJson(record));
    for (const auto& gap : manifest.gaps) document["gaps"].push_back(gapJson(gap));
    // A reason typed in by hand may not be UTF-8; dump() would throw.
    return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Manifest> parseManifest(std::string_view text) {
    const auto document = parseBoundedObject(text, kMaxManifest_bytes);
    if (!document) return passOn(document.error(), "manifest");
    ObjectReader in(*document);
    Manifest manifest;
    in.number("v", 1, 1);
    manifest.clip = toHex(in.digest("clip"));
    manifest.gateway = in.word("gateway", 64);
    manifest.camera = in.word("camera", 64);
    manifest.stream = in.oneOf("stream", kStreams);
    manifest.quality = in.oneOf("quality", kQualities);
    in.object("asked", [&](ObjectReader& span) { manifest.asked = readSpan(span); });
    in.object("covered", [&](ObjectReader& span) { manifest.covered = readSpan(span); });
    in.object("time", [&](ObjectReader& time) { readTime(time, manifest); });
    manifest.reason = in.text("reason", kMaxText_bytes);
    manifest.sealed = in.text("sealed", kMaxText_bytes);
    manifest.builder = in.word("builder", 64);
    in.each("files", kMaxFiles, [&](ObjectReader& file) { manifest.files.push_back(readFile(file)); });
    in.each("records", kMaxManifestRecords,
            [&](ObjectReader& record) { manifest.records.push_back(readRecord(record)); });
    in.each("gaps", kMaxManifestRecords, [&](ObjectReader& gap) {
        const TimeSpan span = readSpan(gap);
        manifest.gaps.push_back({span, gap.text("reason", kMaxText_bytes)});
    });
    std::uint64_t of_files = 0;
    for (const ManifestFile& file : manifest.files) of_files += file.records;
    if (of_files != manifest.records.size()) in.setFault("records", "as many as the files say they hold");
    if (auto status = in.status(); !status) return passOn(status.error(), "manifest");
    return manifest;
}

}  // namespace camgate::evidence
