#include "evidence/canonical_record.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace camgate::evidence {
namespace {

constexpr std::uint32_t kMagic = 0x48474743;  // "CGGH"
constexpr std::uint16_t kVersion = 1;
constexpr Duration kLongestBoot = std::chrono::hours(24 * 365 * 50);
constexpr Duration kLargestOffset = std::chrono::hours(24 * 365 * 200);

std::unexpected<Error> corrupt(const char* what) {
    return fail(ErrorKind::Corruption, std::string("record header: ") + what);
}

std::optional<media::RandomAccess> randomAccess(std::uint8_t number) {
    if (number > static_cast<std::uint8_t>(media::RandomAccess::RecoveryPoint)) return std::nullopt;
    return static_cast<media::RandomAccess>(number);
}

BootTime getBootTime(ByteReader& in) {
    return BootTime(Duration(in.get<std::int64_t>()));
}

}  // namespace

Result<CanonicalHeader> readCanonicalHeader(ByteView bytes) {
    ByteReader in(bytes);
    if (bytes.size() != kCanonicalHeader_bytes || in.get<std::uint32_t>() != kMagic ||
        in.get<std::uint16_t>() != kVersion || in.get<std::uint16_t>() != kCanonicalHeader_bytes) {
        return corrupt("none here");
    }
    CanonicalHeader header;
    header.camera_tag = in.get<std::uint64_t>();
    const auto stream = media::streamFromNumber(in.get<std::uint8_t>());
    const auto codec = media::codecFromNumber(in.get<std::uint8_t>());
    const auto starts_with = randomAccess(in.get<std::uint8_t>());
    const auto quality = in.get<std::uint8_t>();
    if (!stream || !codec || !starts_with || quality > static_cast<std::uint8_t>(WallQuality::Ntp)) {
        return corrupt("stream, codec or time quality");
    }
    header.stream = *stream;
    header.codec = *codec;
    header.starts_with = *starts_with;
    header.time_map.quality = static_cast<WallQuality>(quality);
    header.width_px = in.get<std::uint16_t>();
    header.height_px = in.get<std::uint16_t>();
    header.id.session = in.get<std::uint64_t>();
    header.id.sequence = in.get<std::uint64_t>();
    header.first_decode = getBootTime(in);
    header.last_decode = getBootTime(in);
    header.time_map.offset = Duration(in.get<std::int64_t>());
    header.time_map.error_bound = std::chrono::milliseconds(in.get<std::int64_t>());
    in.getBytes(8 + 4 + 4);  // the gap in front
    header.samples = in.get<std::uint32_t>();
    header.payload_bytes = in.get<std::uint32_t>();
    in.getBytes(8 + 4 + 4);  // the configuration's id and length
    std::ranges::copy(in.getBytes(header.config_hash.size()), header.config_hash.begin());
    if (header.samples == 0 || header.samples > kMaxRecordSamples) return corrupt("sample count");
    if (header.last_decode < header.first_decode) return corrupt("times run backwards");
    // Sums and differences of these stay far from the ends of what 64 bits hold.
    const bool sane = header.first_decode >= BootTime{} && header.last_decode < BootTime(kLongestBoot) &&
                      std::chrono::abs(header.time_map.offset) < kLargestOffset;
    if (!sane) return corrupt("times");
    return header;
}

Result<std::vector<SampleEntry>> readSampleTable(const CanonicalHeader& header, ByteView bytes) {
    if (bytes.size() != std::size_t{header.samples} * kSampleEntry_bytes) return corrupt("table length");
    ByteReader in(bytes);
    std::vector<SampleEntry> samples(header.samples);
    std::uint64_t payload_bytes = 0;
    for (SampleEntry& sample : samples) {
        sample.size_bytes = in.get<std::uint32_t>();
        sample.decode_delta = Duration(in.get<std::uint32_t>());
        sample.presentation_offset = Duration(in.get<std::uint32_t>());
        sample.flags = in.get<std::uint8_t>();
        const auto access = randomAccess(in.get<std::uint8_t>());
        if (!access) return corrupt("sample");
        sample.random_access = *access;
        in.get<std::uint16_t>();
        payload_bytes += sample.size_bytes;
    }
    if (payload_bytes != header.payload_bytes) return corrupt("sample sizes");
    return samples;
}

std::uint64_t cameraTagOf(std::string_view gateway, std::string_view camera) {
    std::string text = "camgate-camera\n";
    text.append(gateway).append("\n").append(camera);
    const crypto::Digest digest = crypto::sha256(asBytes(text));
    std::uint64_t tag = 0;
    for (std::size_t i = 0; i < 8; ++i) tag = tag << 8U | digest[i];
    return tag;
}

}  // namespace camgate::evidence
