// A record's canonical header and sample table as a verifier reads them out of a clip. An own, bounded
// reader: it shares no code with the ring that wrote them. Pure, any thread. Implements
// docs/ref/ring-format.md (Canonical header, Sample).
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "crypto/hash.hpp"
#include "evidence/record_id.hpp"
#include "media/access_unit.hpp"

namespace camgate::evidence {

constexpr std::size_t kCanonicalHeader_bytes = 144;
constexpr std::size_t kSampleEntry_bytes = 16;
constexpr std::uint32_t kMaxRecordSamples = 4096;

struct CanonicalHeader {
    std::uint64_t camera_tag = 0;
    media::StreamKind stream = media::StreamKind::Main;
    media::Codec codec = media::Codec::H264;
    media::RandomAccess starts_with = media::RandomAccess::None;
    std::uint16_t width_px = 0;
    std::uint16_t height_px = 0;
    RecordId id;
    BootTime first_decode;
    BootTime last_decode;
    TimeMap time_map;
    std::uint32_t samples = 0;
    std::uint32_t payload_bytes = 0;
    crypto::Digest config_hash{};
};

struct SampleEntry {
    std::uint32_t size_bytes = 0;
    Duration decode_delta{0};
    Duration presentation_offset{0};
    std::uint8_t flags = 0;
    media::RandomAccess random_access = media::RandomAccess::None;
};

/// Corruption: nothing that a gateway writes. Reserved fields are not looked at: the leaf covers them.
[[nodiscard]] Result<CanonicalHeader> readCanonicalHeader(ByteView bytes);
[[nodiscard]] Result<std::vector<SampleEntry>> readSampleTable(const CanonicalHeader& header, ByteView bytes);

/// What stands for a camera in its records: first 8 bytes of SHA-256("camgate-camera\n" gateway "\n" camera).
std::uint64_t cameraTagOf(std::string_view gateway, std::string_view camera);

}  // namespace camgate::evidence
