// The codecs whose access units pass through uncoded, and what cuts them out of any stream format. Any
// thread.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "media/access_unit.hpp"

namespace camgate::camera {

struct CodecParser {
    media::Codec codec;
    std::string_view media_type;
    const char* factory;
    const char* caps;  ///< of what it is asked to put out: byte-stream, whole access units
};
inline constexpr std::array kCodecParsers{
    CodecParser{media::Codec::H264, "video/x-h264", "h264parse",
                "video/x-h264,stream-format=byte-stream,alignment=au"},
    CodecParser{media::Codec::H265, "video/x-h265", "h265parse",
                "video/x-h265,stream-format=byte-stream,alignment=au"},
};

/// Null: no codec of ours.
constexpr const CodecParser* parserOf(std::string_view media_type) {
    const auto* row = std::ranges::find(kCodecParsers, media_type, &CodecParser::media_type);
    return row == kCodecParsers.end() ? nullptr : row;
}
constexpr const CodecParser& parserOf(media::Codec codec) {
    return *std::ranges::find(kCodecParsers, codec, &CodecParser::codec);
}

}  // namespace camgate::camera
