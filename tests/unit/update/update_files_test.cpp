#include "update/update_files.hpp"

#include <catch2/catch.hpp>

#include "crypto/hash.hpp"
#include "support/base/memory_file_system.hpp"

using namespace camgate;
using namespace camgate::update;

namespace {

constexpr std::uint64_t kStep = UpdateFiles::kSyncEvery_bytes;

UpdateFiles openOn(test::MemoryFileSystem& disk) {
    if (!disk.exists("/state")) REQUIRE(disk.makeDirectory("/state"));
    auto files = UpdateFiles::open(disk, "/state");
    REQUIRE(files.has_value());
    return std::move(*files);
}

UpdateRecord someRecord() {
    UpdateRecord record;
    record.phase = Phase::Trial;
    record.order = {"3f2a",
                    "0.2.0",
                    std::string(64, 'a'),
                    1234,
                    Source::Url,
                    "https://example.org/b.raucb",
                    WallTime(std::chrono::seconds(1'800'000'000)),
                    true,
                    "operator"};
    record.from = Slot::B;
    record.target = Slot::A;
    record.from_version = "0.1.0";
    record.attempts = 2;
    record.verified = true;
    record.since = WallTime(std::chrono::seconds(1'700'000'000));
    record.reason = "not-healthy";
    record.detail = "camera gate is not back";
    record.demands = {true, false, {"gate", "yard"}};
    return record;
}

}  // namespace

TEST_CASE("update record: what is written is read again, another firmware's fields too", "[update]") {
    test::MemoryFileSystem disk;
    UpdateRecord record = someRecord();
    record.unknown_json = R"({"of_tomorrow":{"x":[1,2]}})";
    REQUIRE(openOn(disk).store().save(record));
    CHECK(openOn(disk).store().record() == record);
}

TEST_CASE("update record: one that is damaged is an empty one, and says so", "[update]") {
    test::MemoryFileSystem disk;
    {
        UpdateFiles files = openOn(disk);
        REQUIRE(files.store().save(someRecord()));
        REQUIRE(files.store().save(someRecord()));
    }
    disk.overwrite("/state/update/record.a", 40, Bytes{0});
    CHECK(openOn(disk).store().record() == someRecord());
    disk.overwrite("/state/update/record.b", 40, Bytes{0});
    const auto files = UpdateFiles::open(disk, "/state");
    REQUIRE(files.has_value());
    CHECK(UpdateFiles(std::move(*UpdateFiles::open(disk, "/state"))).store().record().phase == Phase::None);
    CHECK_FALSE(openOn(disk).store().damage().empty());
}

TEST_CASE("update record: a newer firmware's is left as it is", "[update]") {
    test::MemoryFileSystem disk;
    REQUIRE(openOn(disk).store().save(someRecord()));
    Bytes head = disk.contentOf("/state/update/record.a");
    head.resize(28);
    head[4] = 2;
    ByteWriter sum;
    sum.put(crc32c(head));
    disk.overwrite("/state/update/record.a", 0, head);
    disk.overwrite("/state/update/record.a", 28, sum.bytes());
    const auto files = UpdateFiles::open(disk, "/state");
    REQUIRE_FALSE(files.has_value());
    CHECK(files.error().kind == ErrorKind::FailedPrecondition);
}

TEST_CASE("update record: hostile texts are refused", "[update]") {
    for (const std::string text : {"", "{}", "[]", R"({"phase":"sleeping"})", R"({"phase":7})"}) {
        INFO(text);
        CHECK_FALSE(parseRecord(text).has_value());
    }
    std::string wrong = recordJson(someRecord());
    const auto at = wrong.find("\"trial\"");
    CHECK_FALSE(parseRecord(wrong.replace(at, 7, "\"tri\"")).has_value());
}

TEST_CASE("update files: a bundle that was cut goes on behind its last sync", "[update]") {
    test::MemoryFileSystem disk;
    const Bytes all(kStep + 5000, 7);
    {
        UpdateFiles files = openOn(disk);
        CHECK(files.beginBundle(all.size()) == 0U);
        REQUIRE(files.writeBundle(0, ByteView(all).first(kStep)));
        REQUIRE(files.writeBundle(kStep, ByteView(all).subspan(kStep, 100)));
    }
    UpdateFiles files = openOn(disk);
    CHECK(files.beginBundle(all.size()) == kStep);
    REQUIRE(files.writeBundle(kStep, ByteView(all).subspan(kStep)));
    REQUIRE(files.finishBundle(all.size(), toHex(crypto::sha256(all))));
    CHECK(disk.contentOf("/state/update/bundle.raucb") == all);
    CHECK_FALSE(disk.exists("/state/update/bundle.part"));
    CHECK(files.beginBundle(all.size()) == all.size());
    REQUIRE(files.removeBundle());
    CHECK(files.beginBundle(all.size()) == 0U);
}

TEST_CASE("update files: one that is short or another is named and removed", "[update]") {
    test::MemoryFileSystem disk;
    UpdateFiles files = openOn(disk);
    const Bytes all(1000, 7);
    REQUIRE(files.beginBundle(all.size()));
    REQUIRE(files.writeBundle(0, ByteView(all).first(900)));
    const auto shortened = files.finishBundle(all.size(), toHex(crypto::sha256(all)));
    REQUIRE_FALSE(shortened.has_value());
    CHECK(shortened.error().kind == ErrorKind::Corruption);
    CHECK(shortened.error().context.find("900 bytes instead of 1000") != std::string::npos);

    CHECK(files.beginBundle(all.size()) == 0U);
    REQUIRE(files.writeBundle(0, all));
    const auto another = files.finishBundle(all.size(), std::string(64, '0'));
    REQUIRE_FALSE(another.has_value());
    CHECK(another.error().kind == ErrorKind::Corruption);
    CHECK_FALSE(disk.exists("/state/update/bundle.part"));
}

TEST_CASE("update files: a bundle that leaves no room on state is not begun", "[update]") {
    test::MemoryFileSystem disk(UpdateFiles::kReserve_bytes + 10'000);
    UpdateFiles files = openOn(disk);
    const auto begun = files.beginBundle(20'000);
    REQUIRE_FALSE(begun.has_value());
    CHECK(begun.error().kind == ErrorKind::NoSpace);
    CHECK(begun.error().context.find("17 MiB") != std::string::npos);
}
