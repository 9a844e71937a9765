// A camera's stream as a parser hands it over: access units, each a length of two bytes, a step of time and
// Annex-B bytes. The first byte chooses the codec.
#include "fuzz/fuzz_target.hpp"
#include "media/access_unit_assembler.hpp"
#include "support/media/streams.hpp"

namespace camgate::fuzz {
namespace {

using namespace media;
using namespace std::chrono_literals;

/// What the ring relies on.
void checkUnit(const AccessUnit& unit, BootTime& last_decode) {
    require(unit.decode_time > last_decode, "decode times grow");
    require(unit.presentation_time >= unit.decode_time, "nothing is shown before it is decoded");
    require(!unit.bytes.empty() && unit.bytes.size() <= kMaxAccessUnit_bytes, "a unit's size is in bounds");
    last_decode = unit.decode_time;
}

Bytes seedOf(const media::test::GoldenStream& stream) {
    ByteWriter out;
    int step = 0;
    for (const Bytes& unit : media::test::accessUnitsOf(stream)) {
        if (++step > 4) break;
        out.put(static_cast<std::uint16_t>(unit.size()));
        out.put(std::int16_t{100});
        out.putBytes(unit);
    }
    return chosen(stream.codec == Codec::H264 ? 0 : 1, std::move(out).take());
}

}  // namespace

bool readHostile(ByteView input) {
    if (input.empty()) return false;
    AccessUnitAssembler assembler(StreamKind::Main, input[0] % 2 == 0 ? Codec::H264 : Codec::H265);
    ByteReader in(input.subspan(1));
    BootTime now(100s);
    BootTime pts(50s);
    BootTime last_decode = BootTime::min();
    std::uint64_t made = 0;
    while (in.ok() && !in.rest().empty()) {
        const auto size = in.get<std::uint16_t>();
        const auto step_ms = in.get<std::int16_t>();
        const ByteView unit = in.getBytes(std::min<std::size_t>(size, in.rest().size()));
        now += 100ms;
        pts += std::chrono::milliseconds(step_ms) * 1000;  // up to nine hours, both ways
        // A step of zero: the camera sent no time.
        const auto assembled =
            assembler.assemble({unit, step_ms == 0 ? std::nullopt : std::optional(pts), now});
        if (!assembled || !*assembled) continue;
        checkUnit((*assembled)->unit, last_decode);
        ++made;
    }
    return made > 0;
}

std::vector<Bytes> seeds() {
    return {seedOf(media::test::kBFramesH264), seedOf(media::test::kOpenGopH265),
            seedOf(media::test::kIntraRefreshH264)};
}

}  // namespace camgate::fuzz
