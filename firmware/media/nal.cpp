#include "media/nal.hpp"

#include <algorithm>
#include <array>

namespace camgate::media {
namespace {

/// Index of the next 00 00 01 at or after `from`, or the size.
std::size_t findStartCode(ByteView bytes, std::size_t from) {
    std::size_t i = from;
    while (i + 3 <= bytes.size()) {
        if (bytes[i + 2] > 1) {
            i += 3;
        } else if (bytes[i + 2] == 1) {
            if (bytes[i] == 0 && bytes[i + 1] == 0) return i;
            i += 3;
        } else {
            ++i;
        }
    }
    return bytes.size();
}

struct TypeRow {
    std::uint8_t first;
    std::uint8_t last;
    NalKind kind;
    RandomAccess random_access = RandomAccess::None;
    bool leading = false;
};

constexpr std::array kH264Types{
    TypeRow{1, 4, NalKind::Slice}, TypeRow{5, 5, NalKind::Slice, RandomAccess::Idr},
    TypeRow{6, 6, NalKind::Sei},   TypeRow{7, 7, NalKind::Sps},
    TypeRow{8, 8, NalKind::Pps},
};

constexpr std::array kH265Types{
    TypeRow{0, 7, NalKind::Slice},
    TypeRow{8, 9, NalKind::Slice, RandomAccess::None, true},
    TypeRow{16, 18, NalKind::Slice, RandomAccess::Open},
    TypeRow{19, 20, NalKind::Slice, RandomAccess::Idr},
    TypeRow{21, 21, NalKind::Slice, RandomAccess::Open},
    TypeRow{32, 32, NalKind::Vps},
    TypeRow{33, 33, NalKind::Sps},
    TypeRow{34, 34, NalKind::Pps},
    TypeRow{39, 40, NalKind::Sei},
};

void applyTypeTable(std::span<const TypeRow> table, NalHeader& header) {
    for (const TypeRow& row : table) {
        if (header.type < row.first || header.type > row.last) continue;
        header.kind = row.kind;
        header.random_access = row.random_access;
        header.leading = row.leading;
    }
}

NalHeader readH264Header(ByteView nal) {
    NalHeader header;
    header.type = nal[0] & 0x1FU;
    header.size_bytes = 1;
    header.reference = (nal[0] & 0x60U) != 0;
    applyTypeTable(kH264Types, header);
    return header;
}

Result<NalHeader> readH265Header(ByteView nal) {
    if (nal.size() < 2) return fail(ErrorKind::Corruption, "NAL unit shorter than its header");
    const unsigned temporal_id_plus1 = nal[1] & 7U;
    if (temporal_id_plus1 == 0) return fail(ErrorKind::Corruption, "NAL unit with temporal id -1");
    const unsigned layer = (nal[0] & 1U) << 5U | nal[1] >> 3U;
    NalHeader header;
    header.type = nal[0] >> 1U & 0x3FU;
    header.size_bytes = 2;
    header.temporal_id = static_cast<std::uint8_t>(temporal_id_plus1 - 1);
    // Below 16 the even types are the sub-layer non-reference pictures.
    header.reference = header.type >= 16 || header.type % 2 == 1;
    if (layer == 0) applyTypeTable(kH265Types, header);
    return header;
}

}  // namespace

Result<std::vector<ByteView>> splitAnnexB(ByteView bytes) {
    std::vector<ByteView> nals;
    std::size_t code = findStartCode(bytes, 0);
    while (code < bytes.size()) {
        const std::size_t begin = code + 3;
        const std::size_t next = findStartCode(bytes, begin);
        std::size_t end = next;
        while (end > begin && bytes[end - 1] == 0) --end;
        if (end > begin) nals.push_back(bytes.subspan(begin, end - begin));
        if (nals.size() > kMaxNalsPerAccessUnit) return fail(ErrorKind::Corruption, "too many NAL units");
        code = next;
    }
    if (nals.empty()) return fail(ErrorKind::Corruption, "no NAL unit in the access unit");
    return nals;
}

Result<NalHeader> readNalHeader(Codec codec, ByteView nal) {
    if (nal.empty()) return fail(ErrorKind::Corruption, "empty NAL unit");
    if ((nal[0] & 0x80U) != 0) return fail(ErrorKind::Corruption, "NAL unit with the forbidden bit set");
    if (codec == Codec::H265) return readH265Header(nal);
    return readH264Header(nal);
}

Bytes unescapePayload(ByteView payload, std::size_t limit_bytes) {
    Bytes plain;
    plain.reserve(std::min(payload.size(), limit_bytes));
    unsigned zeros = 0;
    for (const std::uint8_t byte : payload) {
        if (plain.size() >= limit_bytes) break;
        if (zeros >= 2 && byte == 3) {
            zeros = 0;
            continue;
        }
        zeros = byte == 0 ? zeros + 1 : 0;
        plain.push_back(byte);
    }
    return plain;
}

std::uint32_t BitReader::bits(unsigned count) {
    if (!ok_ || count > bytes_.size() * 8 - position_) {
        ok_ = false;
        return 0;
    }
    std::uint32_t value = 0;
    for (unsigned i = 0; i < count; ++i, ++position_) {
        const unsigned bit = bytes_[position_ / 8] >> (7 - position_ % 8) & 1U;
        value = value << 1U | bit;
    }
    return value;
}

void BitReader::skip(std::size_t count) {
    if (!ok_ || count > bytes_.size() * 8 - position_) {
        ok_ = false;
        return;
    }
    position_ += count;
}

std::uint32_t BitReader::ue() {
    unsigned zeros = 0;
    while (ok_ && bits(1) == 0 && ok_) ++zeros;
    if (zeros > 31) ok_ = false;
    if (!ok_) return 0;
    return ((std::uint32_t{1} << zeros) - 1) + bits(zeros);
}

std::int32_t BitReader::se() {
    const std::uint32_t code = ue();
    const auto half = static_cast<std::int32_t>(code / 2);
    return code % 2 == 1 ? half + 1 : -half;
}

}  // namespace camgate::media
