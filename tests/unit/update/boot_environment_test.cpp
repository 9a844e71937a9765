#include "update/boot_environment.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::update;

TEST_CASE("boot environment: what is printed is read again", "[update]") {
    const BootState state{.sequence = 0x1F, .first = Slot::B, .tries_left = {0, 2}};
    const auto read = readBlock(printBlock(state));
    REQUIRE(read.has_value());
    CHECK(*read == state);
}

TEST_CASE("boot environment: U-Boot's tool made this block's checksum", "[update]") {
    // mkenvimage -p 0 -s 0x1000 of the four variables in this order.
    const Bytes block = printBlock({.sequence = 1, .first = Slot::A, .tries_left = {3, 3}});
    CHECK(toHex(ByteView(block).first(4)) == "8f0847ed");
    CHECK(asText(ByteView(block).subspan(4, 15)) == std::string_view("BOOT_ORDER=A B\0", 15));
}

TEST_CASE("boot environment: a block that lost a bit is refused", "[update]") {
    const Bytes good = printBlock({});
    for (std::size_t byte = 0; byte < good.size(); byte += 7) {
        Bytes bad = good;
        bad[byte] ^= 0x10;
        CHECK_FALSE(readBlock(bad).has_value());
    }
    CHECK_FALSE(readBlock(ByteView(good).first(100)).has_value());
}

TEST_CASE("boot environment: a slot without tries is passed over, but never both", "[update]") {
    BootState state{.first = Slot::B, .tries_left = {3, 1}};
    CHECK(nextSlot(state) == Slot::B);
    state.triesLeft(Slot::B) = 0;
    CHECK(nextSlot(state) == Slot::A);
    state.triesLeft(Slot::A) = 0;
    CHECK(nextSlot(state) == Slot::B);
}
