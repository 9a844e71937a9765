// Whether a fragment shows a record's pictures as the record has them: its boxes are built again from header
// and sample table and compared byte by byte. Pure, any thread. Implements docs/ref/clip.md (Bytes).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "evidence/canonical_record.hpp"

namespace camgate::evidence {

struct FragmentPlace {
    std::uint32_t number = 1;      ///< in its file, from 1
    BootTime file_start;           ///< first decode time of the file's first record
    bool last = false;             ///< of the file
    std::optional<BootTime> next;  ///< first decode time of the record behind it, if that can be read
};

/// When the record's last picture ends, if it is the file's last.
BootTime endOfLast(const CanonicalHeader& header);

/// `boxes`: moof and the header of mdat.
bool showsRecord(ByteView boxes, const CanonicalHeader& header, const std::vector<SampleEntry>& samples,
                 const FragmentPlace& place);

}  // namespace camgate::evidence
