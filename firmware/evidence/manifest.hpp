// What a clip is made of: which footage was asked for, which was there, the records behind it with their
// leaves. The gateway signs the exact bytes with its evidence key. Values; signing and verifying: one thread.
// Implements docs/ref/evidence.md (Manifest).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "crypto/identity.hpp"
#include "evidence/canonical_record.hpp"
#include "evidence/record_id.hpp"
#include "media/access_unit.hpp"

namespace camgate::evidence {

enum class ClipQuality : std::uint8_t { Preview = 0, Full = 1 };

struct TimeSpan {
    WallTime from;
    WallTime to;  ///< not before `from`
    bool operator==(const TimeSpan&) const = default;
};

struct ManifestFile {
    std::string name;
    std::uint64_t bytes = 0;
    media::Codec codec = media::Codec::H264;
    std::uint32_t width_px = 0;
    std::uint32_t height_px = 0;
    std::uint64_t records = 0;  ///< so many of the manifest's, in order
    bool operator==(const ManifestFile&) const = default;
};

struct ManifestRecord {
    RecordId id;
    crypto::Digest leaf{};
    std::uint64_t samples = 0;
    std::uint64_t bytes = 0;  ///< payload
    WallTime start;           ///< of its first sample
    bool operator==(const ManifestRecord&) const = default;
};

struct ManifestGap {
    TimeSpan span;
    std::string reason;
    bool operator==(const ManifestGap&) const = default;
};

struct Manifest {
    std::string clip;  ///< id: SHA-256 of the plan, hex
    std::string gateway;
    std::string camera;
    media::StreamKind stream = media::StreamKind::Main;
    ClipQuality quality = ClipQuality::Preview;
    TimeSpan asked;
    TimeSpan covered;
    WallQuality time_quality = WallQuality::Unsynced;
    std::optional<std::chrono::milliseconds> error_bound;  ///< absent: not known
    std::string reason;                                    ///< event id or case number
    std::string sealed;                                    ///< how the footage lay on the card, for people
    std::string builder;                                   ///< version of what turns the plan into bytes
    std::vector<ManifestFile> files;                       ///< one after another they are the clip
    std::vector<ManifestRecord> records;
    std::vector<ManifestGap> gaps;
    bool operator==(const Manifest&) const = default;
};

constexpr std::size_t kMaxManifest_bytes = 4U << 20U;
constexpr std::size_t kMaxManifestRecords = 100'000;
/// Longer records than any gateway writes: whoever checks one holds it in memory.
constexpr std::uint64_t kMaxRecordPayload_bytes = 32U << 20U;

/// The same manifest gives the same bytes.
[[nodiscard]] std::string toJsonText(const Manifest& manifest);
/// Unknown fields are ignored. InvalidArgument names the JSON pointer and what was expected there.
[[nodiscard]] Result<Manifest> parseManifest(std::string_view text);

struct VerifiedManifest {
    Manifest manifest;
    std::string sha256;  ///< of the whole clip, hex
    std::string signer;  ///< fingerprint
};

/// Signs the manifest and the hash of the clip's bytes, which is known later. FailedPrecondition: the
/// certificate's name is not the manifest's gateway. InvalidArgument: not a hash.
[[nodiscard]] Result<std::string> signManifest(const Manifest& manifest, std::string_view sha256_hex,
                                               const crypto::Identity& signer);

/// What a signed manifest says, without judging the signature.
[[nodiscard]] Result<VerifiedManifest> readSignedManifest(std::string_view signed_text);

/// `at`: when the certificate must be valid. PermissionDenied: not signed by this gateway's evidence key
/// under `authority`; InvalidArgument: not a manifest.
[[nodiscard]] Result<VerifiedManifest> verifyManifest(std::string_view signed_text,
                                                      const crypto::Certificate& authority, WallTime at);

}  // namespace camgate::evidence
