// Streams for tests: the golden ones as Annex-B access units with their display order, and bits for hand-made
// sets. The golden streams are 30 pictures of ffmpeg's testsrc2 at 10 frames a second, with delimiters.
#pragma once

#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "media/nal.hpp"
#include "support/places/places.hpp"

namespace camgate::media::test {

inline BootTime at(std::int64_t ms) {
    return BootTime(std::chrono::milliseconds(ms));
}

struct GoldenStream {
    const char* file;
    Codec codec;
    std::uint16_t width_px;
    std::uint16_t height_px;
    std::vector<int> display_order;  ///< of the pictures as they are decoded
};

inline std::vector<int> pyramidOrder() {
    return {0,  4,  2,  1,  3,  8,  6,  5,  7,  10, 9,  14, 12, 11, 13,
            18, 16, 15, 17, 20, 19, 24, 22, 21, 23, 28, 26, 25, 27, 29};
}

inline std::vector<int> plainOrder() {
    std::vector<int> order;
    for (int i = 0; i < 30; ++i) order.push_back(i);
    return order;
}

/// x264 and x265, 3 B pictures in pyramids, open groups of pictures of 10; x264, intra refresh over 10
/// pictures.
inline const GoldenStream kBFramesH264{"bframes.h264", Codec::H264, 64, 64, pyramidOrder()};
inline const GoldenStream kOpenGopH265{"open_gop.h265", Codec::H265, 62, 50, pyramidOrder()};
inline const GoldenStream kIntraRefreshH264{"intra_refresh.h264", Codec::H264, 64, 64, plainOrder()};

inline void appendNal(Bytes& out, ByteView nal) {
    out.insert(out.end(), {0, 0, 0, 1});
    out.insert(out.end(), nal.begin(), nal.end());
}

/// Cuts in front of each delimiter that follows a slice.
inline std::vector<Bytes> accessUnitsOf(const GoldenStream& stream) {
    std::ifstream in(places::goldenFolder() + "/media/" + stream.file, std::ios::binary);
    const Bytes all{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    const std::uint8_t delimiter = stream.codec == Codec::H264 ? 9 : 35;
    const std::vector<ByteView> nals = splitAnnexB(all).value();
    std::vector<Bytes> units;
    bool complete = true;
    for (const ByteView nal : nals) {
        const NalHeader header = readNalHeader(stream.codec, nal).value();
        if (units.empty() || (header.type == delimiter && complete)) {
            units.emplace_back();
            complete = false;
        }
        appendNal(units.back(), nal);
        complete = complete || header.kind == NalKind::Slice;
    }
    return units;
}

class BitWriter {
  public:
    BitWriter& bits(std::uint32_t value, unsigned count) {
        for (unsigned i = count; i-- > 0;) push((value >> i & 1U) != 0);
        return *this;
    }
    BitWriter& ue(std::uint32_t value) {
        unsigned length = 0;
        while ((std::uint64_t{value} + 1) >> (length + 1) != 0) ++length;
        bits(0, length);
        return bits(value + 1, length + 1);
    }
    /// Stop bit, then zeros up to a whole byte.
    Bytes trail() {
        push(true);
        while (used_ % 8 != 0) push(false);
        return bytes_;
    }

  private:
    void push(bool bit) {
        if (used_ % 8 == 0) bytes_.push_back(0);
        if (bit) bytes_.back() = static_cast<std::uint8_t>(bytes_.back() | 0x80U >> used_ % 8);
        ++used_;
    }
    Bytes bytes_;
    unsigned used_ = 0;
};

inline Bytes nalOf(std::uint8_t header, const Bytes& payload) {
    Bytes nal{header};
    nal.insert(nal.end(), payload.begin(), payload.end());
    return nal;
}

struct SpsShape {
    std::uint8_t profile = 77;
    std::uint8_t id = 0;
    std::uint32_t order_count_type = 0;
    std::uint32_t width_mbs = 20;
    std::uint32_t height_mbs = 15;
    bool frames_only = true;
    std::array<std::uint32_t, 4> crop{};
};

/// H.264 of a profile without chroma fields, level 3.0, no VUI.
inline Bytes h264Sps(const SpsShape& shape) {
    BitWriter out;
    out.bits(shape.profile, 8).bits(0, 8).bits(30, 8).ue(shape.id).ue(0).ue(shape.order_count_type);
    if (shape.order_count_type == 0) out.ue(0);
    out.ue(1).bits(0, 1).ue(shape.width_mbs - 1).ue(shape.height_mbs - 1).bits(shape.frames_only ? 1 : 0, 1);
    if (!shape.frames_only) out.bits(0, 1);
    out.bits(1, 1);
    const bool crops = shape.crop != std::array<std::uint32_t, 4>{};
    out.bits(crops ? 1 : 0, 1);
    if (crops) {
        for (const std::uint32_t value : shape.crop) out.ue(value);
    }
    out.bits(0, 1);
    return nalOf(0x67, out.trail());
}

inline Bytes h264Pps(std::uint32_t id, std::uint32_t sps_id, std::uint32_t salt = 0) {
    return nalOf(0x68, BitWriter().ue(id).ue(sps_id).bits(salt, 8).trail());
}

/// slice_type 5 is P, 7 is I.
inline Bytes h264Slice(std::uint8_t header, std::uint32_t slice_type, std::uint32_t pps_id,
                       std::uint32_t salt = 0) {
    return nalOf(header, BitWriter().ue(0).ue(slice_type).ue(pps_id).bits(salt | 0xA5A50000U, 32).trail());
}

inline Bytes accessUnit(std::initializer_list<Bytes> nals) {
    Bytes out;
    for (const Bytes& nal : nals) appendNal(out, nal);
    return out;
}

}  // namespace camgate::media::test
