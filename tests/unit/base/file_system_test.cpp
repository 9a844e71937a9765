// One contract, two file systems: what holds on the disk holds on the fake.
#include "base/file_system.hpp"

#include <catch2/catch.hpp>

#include "support/base/faulty_file_system.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/base/temp_directory.hpp"

using namespace camgate;

namespace {

struct RealDisk {
    test::TempDirectory directory;
    RealFileSystem files;
    std::string at(const std::string& name) const { return directory.file(name); }
    std::string root() const { return directory.path(); }
};
struct MemoryDisk {
    test::MemoryFileSystem files;
    std::string at(const std::string& name) const { return "/disk/" + name; }
    std::string root() const { return "/disk"; }
};

const Bytes kText{'o', 'n', 'e', ' ', 't', 'w', 'o'};

}  // namespace

TEMPLATE_TEST_CASE("file system: what was written is read back, and growing reads as zero", "[base][files]",
                   RealDisk, MemoryDisk) {
    TestType disk;
    auto file = disk.files.open(disk.at("a"), OpenMode::CreateNew);
    REQUIRE(file);
    REQUIRE((*file)->resize(10000));
    REQUIRE((*file)->writeAt(5000, kText));
    REQUIRE((*file)->sync());
    Bytes back(9, 0xFF);
    REQUIRE((*file)->readAt(4999, back));
    CHECK(back == Bytes{0, 'o', 'n', 'e', ' ', 't', 'w', 'o', 0});
    CHECK((*file)->size() == 10000U);
    REQUIRE((*file)->writeAt(9998, kText));
    CHECK((*file)->size() == 10005U);
    REQUIRE((*file)->resize(5003));
    REQUIRE((*file)->resize(6000));
    Bytes tail(4);
    REQUIRE((*file)->readAt(5001, tail));
    CHECK(tail == Bytes{'n', 'e', 0, 0});
}

TEMPLATE_TEST_CASE("file system: reading past the end is Corruption", "[base][files]", RealDisk, MemoryDisk) {
    TestType disk;
    auto file = disk.files.open(disk.at("a"), OpenMode::CreateOrOpen);
    REQUIRE(file);
    REQUIRE((*file)->writeAt(0, kText));
    Bytes more(8);
    const auto read = (*file)->readAt(0, more);
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::Corruption);
}

TEMPLATE_TEST_CASE("file system: open modes say what must be there", "[base][files]", RealDisk, MemoryDisk) {
    TestType disk;
    CHECK(disk.files.open(disk.at("a"), OpenMode::ReadOnly).error().kind == ErrorKind::NotFound);
    CHECK(disk.files.open(disk.at("a"), OpenMode::ReadWrite).error().kind == ErrorKind::NotFound);
    CHECK_FALSE(disk.files.exists(disk.at("a")));
    REQUIRE(disk.files.open(disk.at("a"), OpenMode::CreateOrOpen));
    CHECK(disk.files.exists(disk.at("a")));
    CHECK(disk.files.open(disk.at("a"), OpenMode::CreateNew).error().kind == ErrorKind::FailedPrecondition);
    auto read_only = disk.files.open(disk.at("a"), OpenMode::ReadOnly);
    REQUIRE(read_only);
    CHECK_FALSE((*read_only)->writeAt(0, kText));
}

TEMPLATE_TEST_CASE("file system: a lock is held by one, until its file is closed", "[base][files]", RealDisk,
                   MemoryDisk) {
    TestType disk;
    auto first = disk.files.open(disk.at("a"), OpenMode::CreateOrOpen);
    auto second = disk.files.open(disk.at("a"), OpenMode::ReadWrite);
    REQUIRE((*first)->lock());
    CHECK((*second)->lock().error().kind == ErrorKind::FailedPrecondition);
    first->reset();
    CHECK((*second)->lock());
}

TEMPLATE_TEST_CASE("file system: names are renamed over, listed and removed", "[base][files]", RealDisk,
                   MemoryDisk) {
    TestType disk;
    REQUIRE(replaceFile(disk.files, disk.at("a"), "one"));
    REQUIRE(replaceFile(disk.files, disk.at("a"), "two"));
    CHECK(readTextFile(disk.files, disk.at("a")) == "two");
    CHECK(disk.files.list(disk.root()) == std::vector<std::string>{"a"});
    REQUIRE(disk.files.rename(disk.at("a"), disk.at("b")));
    CHECK(disk.files.remove(disk.at("a")).error().kind == ErrorKind::NotFound);
    REQUIRE(disk.files.remove(disk.at("b")));
    CHECK(disk.files.list(disk.root())->empty());
    CHECK(*disk.files.freeBytes(disk.root()) > 0);
}

TEMPLATE_TEST_CASE("file system: a file, one not yet made and their folder lie on one medium",
                   "[base][files]", RealDisk, MemoryDisk) {
    TestType disk;
    REQUIRE(replaceFile(disk.files, disk.at("a"), "one"));
    const auto medium = disk.files.mediumOf(disk.at("a"));
    REQUIRE(medium);
    CHECK_FALSE(medium->empty());
    CHECK(disk.files.mediumOf(disk.at("not-there")).value() == *medium);
    CHECK(disk.files.mediumOf(disk.root() + "/").value() == *medium);
}

TEST_CASE("file system: what lies elsewhere is another medium", "[base][files]") {
    RealFileSystem files;
    CHECK(files.mediumOf("/proc/self/status").value() != files.mediumOf("/sys/kernel").value());
}

TEST_CASE("memory file system: a power cut keeps what was synced and only that is certain", "[base][files]") {
    test::MemoryFileSystem files;
    auto file = files.open("/d/a", OpenMode::CreateOrOpen);
    REQUIRE((*file)->writeAt(0, Bytes(4096, 1)));
    REQUIRE((*file)->sync());
    REQUIRE(files.syncDirectory("/d"));
    REQUIRE((*file)->writeAt(0, Bytes(4096, 2)));
    bool some_new = false;
    bool some_old = false;
    bool some_garbled = false;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        // Behind the directory sync: the four steps create, write, sync, sync.
        CHECK(files.powerCut(4, seed)->contentOf("/d/a") == Bytes(4096, 1));
        for (const auto byte : files.powerCut(5, seed)->contentOf("/d/a")) {
            some_old = some_old || byte == 1;
            some_new = some_new || byte == 2;
            some_garbled = some_garbled || byte > 2;
        }
    }
    CHECK(some_new);
    CHECK(some_old);
    CHECK(some_garbled);
}

TEST_CASE("memory file system: replaceFile leaves the old or the new content at every cut",
          "[base][files][fault]") {
    test::MemoryFileSystem files;
    REQUIRE(replaceFile(files, "/d/a", "old content"));
    files.settle();
    REQUIRE(replaceFile(files, "/d/a", "new content"));
    for (std::size_t step = 0; step <= files.steps(); ++step) {
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            const auto after = files.powerCut(step, seed);
            const auto text = readTextFile(*after, "/d/a");
            REQUIRE(text);
            const bool whole = *text == "old content" || *text == "new content";
            CHECK(whole);
            if (step == files.steps()) CHECK(*text == "new content");
        }
    }
}

TEST_CASE("faulty file system: each fault strikes as it says", "[base][files]") {
    test::MemoryFileSystem memory;
    test::FaultyFileSystem files(memory);
    auto file = files.open("/d/a", OpenMode::CreateOrOpen);
    files.faults.fail_after_bytes = 10;
    CHECK((*file)->writeAt(0, Bytes(6, 1)));
    CHECK((*file)->writeAt(6, Bytes(6, 1)).error().kind == ErrorKind::Unavailable);
    CHECK((*file)->size() == 10U);
    files.faults = {};
    files.faults.error_on_sync = 1;
    CHECK_FALSE((*file)->sync());
    CHECK((*file)->sync());
    files.faults.no_space = true;
    CHECK((*file)->resize(100).error().kind == ErrorKind::NoSpace);
    files.faults = {};
    files.faults.bad_from = 4096;
    files.faults.bad_to = 8192;
    CHECK((*file)->writeAt(0, Bytes(4096)));
    CHECK_FALSE((*file)->writeAt(4000, Bytes(4096)));
    files.faults = {};
    files.faults.read_only = true;
    CHECK(files.open("/d/b", OpenMode::CreateNew).error().kind == ErrorKind::PermissionDenied);
}
