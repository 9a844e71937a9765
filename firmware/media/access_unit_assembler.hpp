// Makes AccessUnits out of what a parser hands over: one access unit as Annex-B bytes, with the camera's time
// if it sent one. Takes out parameter sets and delimiters, tells where a decoder may start, mends the times.
// Bad bytes cost one access unit, never the stream. One assembler per stream and connection; owner's thread
// only.
#pragma once

#include <cstdint>
#include <optional>

#include "media/access_unit.hpp"
#include "media/nal.hpp"
#include "media/parameter_sets.hpp"
#include "media/timestamp_mender.hpp"

namespace camgate::media {

struct RawAccessUnit {
    ByteView annex_b;
    std::optional<BootTime> pts;
    BootTime arrival;
    bool frames_lost = false;  ///< whoever received it knows that something is missing in front
};

struct AssembledUnit {
    AccessUnit unit;
    /// Set when the unit needs another config than the one before it; comes with the first unit.
    std::optional<DecoderConfig> new_config;
};

/// Since the start of the stream.
struct AssemblerCounters {
    std::uint64_t units = 0;
    std::uint64_t random_access_units = 0;
    std::uint64_t before_parameter_sets = 0;
    std::uint64_t without_picture = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t corrupt = 0;
    std::uint64_t config_changes = 0;
    std::uint64_t times_mended = 0;
    std::uint64_t discontinuities = 0;
};

class AccessUnitAssembler {
  public:
    AccessUnitAssembler(StreamKind stream, Codec codec) : stream_(stream), codec_(codec), sets_(codec) {}

    /// Nothing: the access unit was dropped for a counted reason and the stream is well. Corruption: it was
    /// dropped because its bytes are bad or over a limit; the next one may be good and says kDiscontinuity.
    [[nodiscard]] Result<std::optional<AssembledUnit>> assemble(const RawAccessUnit& raw);

    const AssemblerCounters& counters() const { return counters_; }
    const TimestampMender& mender() const { return mender_; }

  private:
    struct Fingerprint {
        std::size_t size_bytes = 0;
        std::uint32_t crc = 0;
        std::optional<BootTime> pts;
        bool operator==(const Fingerprint&) const = default;
    };
    struct Picture;

    Result<std::optional<AssembledUnit>> assembleNew(const RawAccessUnit& raw);
    Status readUnit(ByteView annex_b, Picture& picture);
    Status readSlice(const NalHeader& header, ByteView nal, Picture& picture) const;
    void readSei(const NalHeader& header, ByteView nal, Picture& picture) const;
    RandomAccess randomAccessOf(const Picture& picture) const;
    Result<bool> activate(std::uint16_t pps_id);
    AccessUnit finish(Picture picture, const RawAccessUnit& raw);
    bool leadsOpenPoint(const AccessUnit& unit);

    StreamKind stream_;
    Codec codec_;
    ParameterSets sets_;
    bool sets_changed_ = false;
    std::optional<std::uint16_t> active_pps_;
    std::optional<ActiveSets> active_;
    std::uint64_t active_id_ = 0;
    TimestampMender mender_;
    std::optional<BootTime> open_point_;  ///< when the newest one is shown, while pictures may lead it
    std::optional<Fingerprint> last_;
    bool lost_ = false;
    AssemblerCounters counters_;
};

}  // namespace camgate::media
