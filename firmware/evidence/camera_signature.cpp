#include "evidence/camera_signature.hpp"

#include <algorithm>
#include <array>

namespace camgate::evidence {
namespace {

/// 005bc93f-2d71-5e95-ada4-796f90877a6f
constexpr std::array<std::uint8_t, 16> kMediaSigning{0x00, 0x5B, 0xC9, 0x3F, 0x2D, 0x71, 0x5E, 0x95,
                                                     0xAD, 0xA4, 0x79, 0x6F, 0x90, 0x87, 0x7A, 0x6F};
constexpr std::uint8_t kUserDataUnregistered = 5;
constexpr std::size_t kLength_bytes = 4;

/// Of an SEI NAL unit the messages; empty of any other.
ByteView seiMessages(ByteView nal, media::Codec codec) {
    constexpr std::uint8_t kH264Sei = 6, kH265PrefixSei = 39, kH265SuffixSei = 40;
    const std::size_t header_bytes = codec == media::Codec::H264 ? 1 : 2;
    if (nal.size() <= header_bytes) return {};
    const std::uint8_t type = codec == media::Codec::H264 ? nal[0] & 0x1FU : (nal[0] >> 1U) & 0x3FU;
    const bool sei =
        codec == media::Codec::H264 ? type == kH264Sei : type == kH265PrefixSei || type == kH265SuffixSei;
    return sei ? nal.subspan(header_bytes) : ByteView{};
}

/// The UUID has no byte that needs an emulation prevention byte, so raw bytes may be compared.
bool startsWithSignature(ByteView sei) {
    if (sei.empty() || sei[0] != kUserDataUnregistered) return false;
    std::size_t at = 1;
    while (at < sei.size() && sei[at] == 0xFF) ++at;
    if (at >= sei.size()) return false;
    const ByteView data = sei.subspan(at + 1);
    return data.size() >= kMediaSigning.size() &&
           std::ranges::equal(data.first(kMediaSigning.size()), kMediaSigning);
}

}  // namespace

std::size_t countCameraSignatures(ByteView unit, media::Codec codec) {
    std::size_t count = 0;
    while (unit.size() > kLength_bytes) {
        std::uint64_t length = 0;
        for (std::size_t i = 0; i < kLength_bytes; ++i) length = length << 8U | unit[i];
        unit = unit.subspan(kLength_bytes);
        if (length > unit.size()) break;
        const ByteView nal = unit.first(static_cast<std::size_t>(length));
        if (startsWithSignature(seiMessages(nal, codec))) ++count;
        unit = unit.subspan(nal.size());
    }
    return count;
}

}  // namespace camgate::evidence
