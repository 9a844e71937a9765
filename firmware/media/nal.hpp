// NAL units of H.264 (ITU-T H.264 7.3.1) and H.265 (ITU-T H.265 7.3.1): splitting Annex-B bytes, telling the
// units apart, reading bits out of them. Everything accepts hostile bytes. Pure, any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/bytes.hpp"
#include "media/access_unit.hpp"

namespace camgate::media {

/// More than any level allows in one access unit; a bound on what hostile bytes can cost.
constexpr std::size_t kMaxNalsPerAccessUnit = 4096;

/// The NAL units between start codes of 3 or 4 bytes, without trailing zeros. What stands in front of the
/// first start code is skipped. Corruption: no unit at all, or more than kMaxNalsPerAccessUnit.
[[nodiscard]] Result<std::vector<ByteView>> splitAnnexB(ByteView bytes);

enum class NalKind : std::uint8_t {
    Slice,
    Vps,
    Sps,
    Pps,
    Sei,
    Ignored,  ///< delimiters, filler, ends, extensions and layers that a base decoder skips
};

struct NalHeader {
    NalKind kind = NalKind::Ignored;
    std::uint8_t type = 0;                            ///< nal_unit_type
    std::uint8_t temporal_id = 0;                     ///< H.265
    std::size_t size_bytes = 0;                       ///< of the header itself
    RandomAccess random_access = RandomAccess::None;  ///< as far as the type tells: IDR, CRA, BLA
    bool reference = false;  ///< nal_ref_idc > 0; H.265: not a sub-layer non-reference picture
    bool leading = false;    ///< RASL
};

/// Corruption: empty, truncated, or with the forbidden bit set.
[[nodiscard]] Result<NalHeader> readNalHeader(Codec codec, ByteView nal);

/// The payload without emulation prevention bytes; at most `limit_bytes` of it.
Bytes unescapePayload(ByteView payload, std::size_t limit_bytes = SIZE_MAX);

/// Bits, most significant first. Past the end it stays failed and reads zeros; ask ok() once.
class BitReader {
  public:
    explicit BitReader(ByteView bytes) : bytes_(bytes) {}

    std::uint32_t bits(unsigned count);  ///< count <= 32
    bool flag() { return bits(1) != 0; }
    void skip(std::size_t count);
    std::uint32_t ue();
    std::int32_t se();
    bool ok() const { return ok_; }

  private:
    ByteView bytes_;
    std::size_t position_ = 0;
    bool ok_ = true;
};

}  // namespace camgate::media
