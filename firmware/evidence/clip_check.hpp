// Holds a clip against its manifest: every record's leaf is computed again, every box rebuilt, lengths,
// order, times and gaps compared. Says what was touched and where, never more. Memory: one record and a few
// words per record, however long the clip. One thread. Implements docs/ref/verify.md (What is checked).
#pragma once

#include <string_view>

#include "evidence/clip_bytes.hpp"
#include "evidence/clip_report.hpp"
#include "evidence/manifest.hpp"

namespace camgate::evidence {

/// `sha256_hex`: of the whole clip, as signed. An error only if the clip cannot be read.
[[nodiscard]] Result<ClipReport> checkClip(ClipBytes& clip, const Manifest& manifest,
                                           std::string_view sha256_hex);

}  // namespace camgate::evidence
