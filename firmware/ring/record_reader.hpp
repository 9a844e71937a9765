// Reads records by their place, and nothing else than the record that is meant. Keeps the last payload, for
// readers that take it piece by piece. Storage thread only.
#pragma once

#include "ring/ring_device.hpp"
#include "ring/ring_keys.hpp"

namespace camgate::ring {

class RecordReader {
  public:
    RecordReader(RingDevice& device, const RingKeys& keys) : device_(device), keys_(keys) {}
    ~RecordReader() { forget(); }

    /// Corruption: the card brought back something else; NotFound: its key was erased.
    [[nodiscard]] Result<RecordMeta> meta(const RecordLocation& at);
    /// Part of a payload, of which all is read and checked first.
    [[nodiscard]] Status payload(const RecordLocation& at, std::uint64_t offset,
                                 std::span<std::uint8_t> into);
    /// Wipes the payload that it kept.
    void forget();

  private:
    [[nodiscard]] Status checkPlace(const RecordLocation& at) const;
    [[nodiscard]] Status isMeant(const RecordLocation& at, const Placement& placement) const;
    [[nodiscard]] Status load(const RecordLocation& at);
    [[nodiscard]] Result<ByteView> check(const Placement& placement);

    RingDevice& device_;
    const RingKeys& keys_;
    RecordLocation cached_at_;
    Bytes cached_;
    ByteView cached_payload_;
};

}  // namespace camgate::ring
