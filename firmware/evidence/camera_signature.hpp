// Finds a camera's own signatures in its stream: ONVIF media signing, an SEI message of user data with its
// UUID. They pass through camgate untouched; whether they are right is for the camera maker's key to say.
// Pure, any thread.
#pragma once

#include <cstddef>

#include "base/bytes.hpp"
#include "media/access_unit.hpp"

namespace camgate::evidence {

/// `unit`: NAL units with 4-byte lengths. What is malformed counts for nothing.
std::size_t countCameraSignatures(ByteView unit, media::Codec codec);

}  // namespace camgate::evidence
