// Takes a clip apart into one unit per record (record box, moof, mdat) and what stands between them, by box
// lengths alone. Behind damage it goes on at the next record box, so that one bent byte does not hide what
// follows. Nothing of the payload is read; every length is checked. One thread.
#pragma once

#include <optional>
#include <vector>

#include "evidence/canonical_record.hpp"
#include "evidence/clip_bytes.hpp"

namespace camgate::evidence {

struct ClipUnit {
    std::uint64_t front = 0;  ///< where the unit before ends; what is from there to `offset` is no record's
    std::uint64_t offset = 0;
    std::uint64_t end = 0;
    std::uint64_t moof = 0;                 ///< behind the record box
    std::uint64_t payload = 0;              ///< behind the header of mdat
    bool whole = false;                     ///< the three boxes follow one another; else the two say nothing
    std::optional<CanonicalHeader> header;  ///< if it can be read
};

struct ClipUnits {
    std::vector<ClipUnit> units;
    std::uint64_t end = 0;  ///< of the last one; what follows is no record's
};

/// At most `most_units`, in order. An error only if the clip cannot be read.
[[nodiscard]] Result<ClipUnits> findUnits(ClipBytes& clip, std::size_t most_units);

}  // namespace camgate::evidence
