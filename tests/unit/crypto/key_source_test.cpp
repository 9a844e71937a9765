#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "crypto/file_key_source.hpp"
#include "support/base/faulty_file_system.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/base/temp_directory.hpp"
#include "support/crypto/fake_key_sources.hpp"

using namespace camgate;
using namespace camgate::crypto;

namespace {

/// What holds for every source.
void checkContract(KeySource& source) {
    const auto none = source.secret();
    REQUIRE_FALSE(none);
    CHECK(none.error().kind == ErrorKind::NotFound);
    REQUIRE(source.create());
    const auto secret = source.secret();
    REQUIRE(secret);
    CHECK(*secret != SourceSecret{});
    CHECK(source.secret().value() == *secret);
    const auto again = source.create();
    REQUIRE_FALSE(again);
    CHECK(again.error().kind == ErrorKind::FailedPrecondition);
    CHECK(source.secret().value() == *secret);
}

}  // namespace

TEST_CASE("key source: file, OTP and TPM make one secret and keep it", "[crypto]") {
    test::MemoryFileSystem disk;
    FileKeySource file(disk, "/stick/ring.key");
    test::FakeOtp otp;
    test::FakeTpm tpm;
    for (KeySource* source :
         {static_cast<KeySource*>(&file), static_cast<KeySource*>(&otp), static_cast<KeySource*>(&tpm)}) {
        CAPTURE(source->name());
        checkContract(*source);
    }
}

TEST_CASE("key source: a TPM that finds other software keeps its secret to itself", "[crypto]") {
    test::FakeTpm tpm;
    REQUIRE(tpm.create());
    tpm.software = 2;
    const auto secret = tpm.secret();
    REQUIRE_FALSE(secret);
    CHECK(secret.error().kind == ErrorKind::PermissionDenied);
}

TEST_CASE("key file: only its user may read it", "[crypto]") {
    const test::TempDirectory folder;
    RealFileSystem files;
    FileKeySource source(files, folder.file("ring.key"));
    REQUIRE(source.create());
    struct stat info {};
    REQUIRE(::stat(folder.file("ring.key").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777U) == 0600U);
    CHECK(info.st_size == 32);
}

TEST_CASE("key file: survives a power cut once it was made, and is whole or not there before", "[crypto]") {
    test::MemoryFileSystem disk;
    FileKeySource source(disk, "/stick/ring.key");
    REQUIRE(source.create());
    const auto made = source.secret().value();
    for (std::size_t step = 0; step <= disk.steps(); ++step) {
        const auto after = disk.powerCut(step, step);
        FileKeySource found(*after, "/stick/ring.key");
        const auto secret = found.secret();
        if (secret) CHECK(*secret == made);
        if (!secret) {
            CHECK(secret.error().kind == ErrorKind::NotFound);
            CHECK(step < disk.steps());
        }
    }
}

TEST_CASE("key file: one of another length is refused and left as it is", "[crypto]") {
    test::MemoryFileSystem disk;
    REQUIRE(replaceFile(disk, "/stick/ring.key", "too short"));
    FileKeySource source(disk, "/stick/ring.key");
    const auto secret = source.secret();
    REQUIRE_FALSE(secret);
    CHECK(secret.error().kind == ErrorKind::Corruption);
    CHECK(source.create().error().kind == ErrorKind::FailedPrecondition);
    CHECK(disk.contentOf("/stick/ring.key").size() == 9);
}

TEST_CASE("key file: a medium that cannot be written says so", "[crypto]") {
    test::MemoryFileSystem disk;
    test::FaultyFileSystem faulty(disk);
    faulty.faults.read_only = true;
    FileKeySource source(faulty, "/stick/ring.key");
    CHECK(source.create().error().kind == ErrorKind::PermissionDenied);
}
