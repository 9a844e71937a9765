#include <catch2/catch.hpp>

#include "evidence/clip_check.hpp"
#include "media/access_unit_assembler.hpp"
#include "media/mp4_reader.hpp"
#include "ring/batcher.hpp"
#include "support/clip/clip_rig.hpp"
#include "support/media/streams.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using media::test::GoldenStream;

namespace {

/// Pictures of a tenth of a second through assembler, batcher and ring, as a camera's.
void play(test::ClipRig& rig, const GoldenStream& stream) {
    media::AccessUnitAssembler assembler(media::StreamKind::Main, stream.codec);
    ring::BatcherOptions options;
    options.boot_session = 42;
    ring::Batcher batcher(options, rig.clock);
    batcher.addCamera(rig.wish.camera_tag, 24U << 20U);
    batcher.addStream(rig.wish.camera_tag, media::StreamKind::Main, 1);
    const auto raw = media::test::accessUnitsOf(stream);
    for (std::size_t i = 0; i < raw.size(); ++i) {
        rig.clock.advance(100ms);
        const BootTime shown = BootTime(100s) + 100ms * stream.display_order[i];
        auto made = test::must(assembler.assemble({raw[i], shown, rig.clock.bootNow()}));
        REQUIRE(made);
        if (made->new_config) {
            REQUIRE(batcher.setConfig(rig.wish.camera_tag, media::StreamKind::Main, *made->new_config));
        }
        REQUIRE(batcher.add(rig.wish.camera_tag, std::move(made->unit)));
    }
    const auto drafts = batcher.takeAll();
    (void)test::must(rig.ring->append(drafts));
}

}  // namespace

TEST_CASE("clip: a clip that starts at an open point of a real stream leaves out what leads it", "[clip]") {
    const GoldenStream& stream = GENERATE_REF(media::test::kBFramesH264, media::test::kOpenGopH265);
    INFO(stream.file);
    test::ClipRig rig;
    play(rig, stream);
    // Groups of a second: the second one begins at its open I picture, in front of which one B picture is
    // shown.
    const auto clip = rig.clip(1500ms, 1800ms);
    const auto& first = clip.plan.files[0].records[0];
    CHECK(first.sequence == 2);
    CHECK(first.skipped_samples == 1);
    const auto track = media::readMp4(clip.bytes).value().tracks[0];
    CHECK(track.samples[0].sync);
    for (const auto& sample : track.samples) {
        CHECK(sample.presentation_ticks >= track.samples[0].presentation_ticks);
    }
    evidence::MemoryClip bytes(clip.bytes);
    CHECK(evidence::checkClip(bytes, clip.manifest, clip.sha256).value().findings.empty());
}
