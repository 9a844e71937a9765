// The best encoder that this machine has for pictures that come uncompressed: hardware first. Any thread.
#pragma once

#include "camera/gst_ptr.hpp"
#include "media/access_unit.hpp"

namespace camgate::camera {

/// Set up for live recording: no reordering, a keyframe at least every 2 s at 15 fps, a bitrate that follows
/// the picture's size. Unavailable names the codec.
[[nodiscard]] Result<ElementPtr> makeEncoder(media::Codec codec, int width_px, int height_px);

/// The factory that makeEncoder would take; empty if none.
std::string encoderName(media::Codec codec);

/// 0.1 bit per pixel at 15 frames a second, within 300..4000.
int encoderBitrate_kbps(int width_px, int height_px);

}  // namespace camgate::camera
