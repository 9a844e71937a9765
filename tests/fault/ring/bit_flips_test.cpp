// A bit of the card is another one, anywhere: in headers, key slots, footers, indexes, records. A start takes
// the ring as it is; the flip costs at most the record that it hit, and the reader says so.
#include <catch2/catch.hpp>

#include "support/base/fake_clock.hpp"
#include "support/crypto/fake_key_sources.hpp"
#include "support/ring/cut_model.hpp"

using namespace camgate;

namespace {

constexpr std::uint32_t kExtents = 8;
constexpr int kFlips = 500;
const std::vector<std::uint64_t> kCameras{10, 11};

struct Flips {
    std::mt19937_64 random;
    test::FakeClock clock;
    test::FakeOtp key_source;
    ring::RingOptions options;
    test::SimDisk disk = test::simDiskWithRing(kExtents, random);
    test::CutModel model;
    std::size_t written = 0;

    Flips(bool sealed, std::uint64_t seed) : random(seed) {
        options.gateway = test::kSimGateway;
        options.sealing.seal = sealed;
        if (sealed) options.sealing.source = &key_source;
    }
    std::unique_ptr<ring::Ring> open(test::SimCard& card) {
        auto opened = ring::Ring::open(card, "ring", options, clock);
        if (!opened) FAIL(opened.error().describe());
        return std::move(*opened);
    }
    /// More than once round; some extents closed, one open.
    void fill() {
        test::SimCard card(disk, 1);
        const auto ring = open(card);
        for (std::uint64_t i = 1; i <= 300; ++i) {
            std::vector<ring::RecordDraft> round;
            for (const auto camera : kCameras) round.push_back(test::draftOf({camera, 1, i}));
            REQUIRE(ring->append(round));
        }
        model.adopt(*ring, kCameras);
        written = model.promised();
    }
    std::uint64_t anyPlace() {
        static constexpr std::array<std::uint64_t, 4> kFront{0, ring::kHeaderCopy_bytes, ring::kSlotsAt_bytes,
                                                             ring::kHeaderCopy_bytes + ring::kSlotsAt_bytes};
        if (random() % 4 == 0)
            return kFront[static_cast<std::size_t>(random() % kFront.size())] + random() % ring::kBlock_bytes;
        return ring::kFront_bytes + random() % (kExtents * ring::kLeastExtent_bytes);
    }
    void flipAndCheck() {
        test::SimDisk flipped(disk.size(), &disk);
        const std::uint64_t at = anyPlace();
        CAPTURE(at);
        std::array<std::uint8_t, 1> byte{};
        flipped.read(at, byte);
        byte[0] = static_cast<std::uint8_t>(byte[0] ^ (1U << (random() % 8)));
        flipped.write(at, byte);
        test::SimCard card(flipped, 1);
        const auto ring = open(card);
        if (const auto wrong = model.check(*ring, kCameras, test::CardModel::Collateral, random))
            FAIL(*wrong);
        std::size_t readable = 0;
        for (const auto camera : kCameras) {
            for (const auto& info : test::CutModel::list(*ring, camera))
                readable += test::CutModel::isRight(*ring, info) ? 1 : 0;
        }
        if (readable + 1 < written) FAIL(readable << " of " << written << " records are left");
    }
};

}  // namespace

TEST_CASE("ring: a flipped bit costs at most the record that it hit, and shows no wrong frame",
          "[ring][fault]") {
    const bool sealed = GENERATE(false, true);
    CAPTURE(sealed);
    Flips flips(sealed, 11);
    flips.fill();
    for (int i = 0; i < kFlips; ++i) flips.flipAndCheck();
}
