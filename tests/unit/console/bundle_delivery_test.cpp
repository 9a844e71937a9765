#include "console/bundle_delivery.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "console/update_view.hpp"
#include "crypto/hash.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/base/temp_directory.hpp"

using namespace camgate;
using namespace camgate::console;
using nlohmann::json;

namespace {

/// camgated as far as it takes bundles.
struct BundleDaemon {
    Bytes taken;
    std::string sha256;
    std::string refused;

    Result<std::string> operator()(std::string_view command, const json& parameters) {
        if (command == refused) return fail(ErrorKind::FailedPrecondition, "downgrade: it is older");
        if (command == "update.begin") {
            sha256 = parameters["sha256"];
            return json{{"have_bytes", taken.size()}}.dump();
        }
        const auto piece = fromBase64(parameters["bytes"].get<std::string>());
        if (parameters["offset"] != taken.size() || !piece) return fail(ErrorKind::InvalidArgument, "no");
        CHECK(parameters["bytes"].get<std::string>().size() <= 60'000);
        taken.insert(taken.end(), piece->begin(), piece->end());
        return std::string("{}");
    }
};

void put(FileSystem& disk, const std::string& path, const Bytes& content) {
    auto file = disk.open(path, OpenMode::CreateNew);
    REQUIRE(file.has_value());
    REQUIRE((*file)->writeAt(0, content));
}

}  // namespace

TEST_CASE("bundle delivery: all pieces arrive, from where an earlier try was cut", "[console]") {
    test::MemoryFileSystem disk;
    REQUIRE(disk.makeDirectory("/usb"));
    Bytes bundle(200'001);
    for (std::size_t i = 0; i < bundle.size(); ++i) bundle[i] = static_cast<std::uint8_t>(i * 7);
    put(disk, "/usb/b.raucb", bundle);
    BundleDaemon daemon;
    daemon.taken.assign(bundle.begin(), bundle.begin() + 90'000);
    const ControlCall call = [&](std::string_view command, const json& parameters) {
        return daemon(command, parameters);
    };
    std::uint64_t done = 0;
    REQUIRE(deliverBundle(call, disk, "/usb/b.raucb", [&](std::uint64_t at, std::uint64_t) { done = at; }));
    CHECK(daemon.taken == bundle);
    CHECK(done == bundle.size());
    CHECK(daemon.sha256 == toHex(crypto::sha256(bundle)));

    daemon.refused = "update.begin";
    const auto refused = deliverBundle(call, disk, "/usb/b.raucb", [](std::uint64_t, std::uint64_t) {});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().context == "downgrade: it is older");
}

TEST_CASE("bundle delivery: the one bundle on a stick is found, several are named", "[console]") {
    const test::TempDirectory folder;
    RealFileSystem disk;
    const std::string media = folder.path();
    const std::string stick = media + "/usb";
    REQUIRE(disk.makeDirectory(stick));
    CHECK(bundleOnStick(disk, media).error().kind == ErrorKind::NotFound);
    put(disk, stick + "/notes.txt", {1});
    put(disk, stick + "/b.raucb", {1});
    CHECK(bundleOnStick(disk, media) == stick + "/b.raucb");
    put(disk, stick + "/a.raucb", {1});
    const auto several = bundleOnStick(disk, media);
    REQUIRE_FALSE(several.has_value());
    CHECK(several.error().context.ends_with(" " + stick + "/a.raucb " + stick + "/b.raucb"));
}

TEST_CASE("update view: people read phase, reason and slots", "[console]") {
    const std::string shown = renderUpdate(
        R"({"phase":"rolled-back","running":"0.1.0","version":"0.2.0","reason":"not-healthy","detail":"camera gate is not back",
        "slots":[{"slot":"A","runs":true,"first":true,"tries_left":3,"version":"0.1.0"},{"slot":"B","runs":false,"first":false,"tries_left":0}]})");
    CHECK(shown.find("did not prove itself; the version before runs") != std::string::npos);
    CHECK(shown.find("camera gate is not back") != std::string::npos);
    CHECK(shown.find("0.1.0, runs, starts first, tries left: 3") != std::string::npos);
    CHECK(progressText(json{{"phase", "installing"}, {"percent", 47}}) == "installing 40 %");
    CHECK(isUnderWay(json{{"phase", "trial"}}));
    CHECK_FALSE(isUnderWay(json{{"phase", "verifying"}, {"waits_until", "2026-03-02T02:00:00Z"}}));
    CHECK_FALSE(isUnderWay(json{{"phase", "failed"}}));
}
