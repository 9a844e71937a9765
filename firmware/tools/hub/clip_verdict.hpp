// What a complete clip is worth: bytes against their hash, files against the manifest, each file walked as
// MP4, the manifest's signature. Goes beside the clip as `<id>.json`. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "crypto/certificate.hpp"
#include "evidence/manifest.hpp"
#include "tools/hub/clip_file.hpp"

namespace camgate::hub {

/// What the gateway said of the clip, out of its two manifest messages.
struct ClipClaim {
    std::string gateway;
    std::string clip;
    std::string event;        ///< empty: none
    std::string correlation;  ///< of the command that asked, hex; empty: none
    std::uint64_t bytes = 0;
    evidence::Manifest plan;
    std::string manifest_text;    ///< its exact bytes
    std::string sha256;           ///< empty until the gateway said that it is complete
    std::string signed_manifest;  ///< JSON text; empty: the gateway has no evidence key
};

/// InvalidArgument: the message contradicts itself or its topic.
[[nodiscard]] Result<ClipClaim> claimFromPlan(const std::string& gateway, const std::string& clip,
                                              const nlohmann::json& message);

/// What `complete` said: the hash, and with the announced manifest the signed one.
void addComplete(ClipClaim& claim, const nlohmann::json& message);

/// "clips/<id>.mp4", "<id>-2.mp4", ...
std::string clipFileName(const std::string& clip, std::size_t index);

/// The document; its `verified` is true if nothing is wrong. `hash_right`: the bytes are what the gateway
/// hashed.
[[nodiscard]] nlohmann::json judgeClip(const ClipClaim& claim, ClipFile& file, bool hash_right,
                                       const crypto::Certificate& authority, WallTime now);

}  // namespace camgate::hub
