#include "update/start_guard.hpp"

#include <catch2/catch.hpp>

#include "support/update/update_box.hpp"

using namespace camgate;
using namespace camgate::update;

namespace {

Result<bool> asked(test::MemoryFileSystem& disk, const std::string& slot) {
    return startWasGood(disk, test::kBootDevice, "root=PARTLABEL=root-a ro rauc.slot=" + slot + " quiet\n");
}

}  // namespace

TEST_CASE("start guard: the slot that runs was good once it has all its tries again", "[update]") {
    const auto disk = test::newBox(Slot::A);
    REQUIRE(test::bootOnce(*disk) == Slot::A);
    CHECK(asked(*disk, "A") == false);
    CHECK(asked(*disk, "B") == false);
    REQUIRE(BootStore::open(*disk, test::kBootDevice)->markGood(Slot::A));
    CHECK(asked(*disk, "A") == true);
}

TEST_CASE("start guard: without a slot's name or a boot environment nothing is known", "[update]") {
    const auto disk = test::newBox(Slot::A);
    CHECK_FALSE(asked(*disk, "C").has_value());
    const auto nameless = startWasGood(*disk, test::kBootDevice, "root=/dev/vda1\n");
    REQUIRE_FALSE(nameless.has_value());
    CHECK(nameless.error().context.find("rauc.slot=") != std::string::npos);
    CHECK_FALSE(startWasGood(*disk, "/missing", "rauc.slot=A").has_value());
}
