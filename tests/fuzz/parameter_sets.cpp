// Parameter sets as a camera sends them: NAL units behind start codes, the first byte chooses the codec.
#include "media/parameter_sets.hpp"
#include "fuzz/fuzz_target.hpp"
#include "support/media/streams.hpp"

namespace camgate::fuzz {
namespace {

using namespace media;

constexpr std::uint16_t kPictureSets = 256;

Codec codecOf(std::uint8_t choice) {
    return choice % 2 == 0 ? Codec::H264 : Codec::H265;
}

bool isSet(NalKind kind) {
    return kind == NalKind::Vps || kind == NalKind::Sps || kind == NalKind::Pps;
}

void checkActive(const ActiveSets& active) {
    require(active.config.width_px > 0 && active.config.width_px <= kMaxDimension_px,
            "the width is in bounds");
    require(active.config.height_px > 0 && active.config.height_px <= kMaxDimension_px,
            "the height is in bounds");
    require(active.config.box.size() <= kMaxDecoderConfig_bytes, "the configuration is in bounds");
    require(!active.reorder_depth || *active.reorder_depth <= kMaxReorderDepth,
            "the reorder depth is in bounds");
}

/// The sets of a golden stream's first access unit.
Bytes setsOf(const media::test::GoldenStream& stream) {
    const auto units = media::test::accessUnitsOf(stream);
    const std::vector<ByteView> nals = splitAnnexB(units.front()).value();
    Bytes out;
    for (const ByteView nal : nals) {
        if (isSet(readNalHeader(stream.codec, nal)->kind)) media::test::appendNal(out, nal);
    }
    return chosen(stream.codec == Codec::H264 ? 0 : 1, out);
}

}  // namespace

bool readHostile(ByteView input) {
    if (input.empty()) return false;
    const Codec codec = codecOf(input[0]);
    const auto nals = splitAnnexB(input.subspan(1));
    if (!nals) return false;
    ParameterSets sets(codec);
    for (const ByteView nal : *nals) {
        const auto header = readNalHeader(codec, nal);
        if (header && isSet(header->kind)) (void)sets.add(*header, nal);
    }
    bool usable = false;
    for (std::uint16_t id = 0; id < kPictureSets; ++id) {
        const auto active = sets.activeFor(id);
        if (!active) continue;
        checkActive(*active);
        usable = true;
    }
    return usable;
}

std::vector<Bytes> seeds() {
    return {setsOf(media::test::kBFramesH264), setsOf(media::test::kOpenGopH265),
            setsOf(media::test::kIntraRefreshH264)};
}

}  // namespace camgate::fuzz
