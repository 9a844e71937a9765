// Keeps the newest video, sequence and picture parameter sets that came in band and builds the DecoderConfig
// of a picture from them (avcC and hvcC of ISO/IEC 14496-15). Cameras repeat their sets with every key frame,
// change them when someone turns a knob, and use several picture sets at once. Owner's thread only.
#pragma once

#include <map>
#include <optional>

#include "media/access_unit.hpp"
#include "media/nal.hpp"
#include "media/sequence_info.hpp"

namespace camgate::media {

/// What a picture that names one picture parameter set decodes with.
struct ActiveSets {
    DecoderConfig config;
    std::optional<std::uint8_t> reorder_depth;  ///< see SequenceInfo
    std::uint8_t temporal_layers = 1;
};

class ParameterSets {
  public:
    explicit ParameterSets(Codec codec) : codec_(codec) {}

    /// Takes one VPS, SPS or PPS unit. True if it says something new. A sequence set with new content drops
    /// the picture sets that were made for the old one. Corruption: does not parse; what was known stays.
    [[nodiscard]] Result<bool> add(const NalHeader& header, ByteView nal);

    /// No sets that go together have arrived yet.
    bool empty() const { return !usable(); }

    /// NotFound: the picture set or one that it names never came. InvalidArgument: over
    /// kMaxDecoderConfig_bytes.
    [[nodiscard]] Result<ActiveSets> activeFor(std::uint16_t pps_id) const;

  private:
    struct Sequence {
        SequenceInfo info;
        Bytes nal;
    };
    struct Picture {
        PictureSetInfo info;
        Bytes nal;
    };

    bool usable() const;
    Result<bool> addVps(ByteView nal);
    Result<bool> addSps(ByteView nal);
    Result<bool> addPps(ByteView nal);
    Bytes avcC(const Sequence& sequence) const;
    Bytes hvcC(const Sequence& sequence, const Bytes& vps) const;
    std::size_t picturesFor(std::uint8_t sps_id) const;

    Codec codec_;
    std::map<std::uint8_t, Bytes> video_;
    std::map<std::uint8_t, Sequence> sequences_;
    std::map<std::uint16_t, Picture> pictures_;
};

}  // namespace camgate::media
