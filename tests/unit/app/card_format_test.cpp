#include "app/card_format.hpp"

#include <catch2/catch.hpp>

#include "crypto/file_key_source.hpp"
#include "ring/key_slots.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"

using namespace camgate;
using namespace camgate::app;

TEST_CASE("card format: the keys of a sealed ring are overwritten before its file goes", "[app][sealing]") {
    test::MemoryFileSystem card;
    test::MemoryFileSystem stick;
    test::FakeClock clock;
    crypto::FileKeySource source(stick, "/stick/ring.key");
    const ring::RingOptions options{.size_bytes = 16U << 20U,
                                    .extent_bytes = 4U << 20U,
                                    .gateway = "gw-1",
                                    .sealing = {.seal = true, .source = &source}};
    std::vector<ring::RecordDraft> round;
    round.push_back(test::makeDraft({}));
    std::uint64_t tag = 0;
    {
        auto ring = ring::Ring::open(card, "/card/ring", options, clock).value();
        REQUIRE(ring->append(round));
        tag = ring->header().tag();
    }
    // Whoever looks at the card's sectors sees what a removed file held.
    const auto sectors = card.open("/card/ring", OpenMode::ReadOnly).value();
    REQUIRE(ring::KeySlots::anyKey(*sectors, tag).value());
    REQUIRE(formatCard(card, {.path = "/card/ring", .gateway = "gw-1", .measured_bytes = 4U << 20U}, clock,
                       [](std::uint64_t, std::uint64_t) {}));
    CHECK_FALSE(ring::KeySlots::anyKey(*sectors, tag).value());
    CHECK_FALSE(card.exists("/card/ring"));
}
