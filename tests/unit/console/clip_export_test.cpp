#include "console/clip_export.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "crypto/hash.hpp"
#include "support/base/faulty_file_system.hpp"
#include "support/base/memory_file_system.hpp"

using namespace camgate;
using namespace camgate::console;
using nlohmann::json;

namespace {

const std::string kClip = "0123456789abcdef";
const std::string kStem = "/usb/gate-20260301T221500Z-01234567";

/// A gateway with a clip of two files; it may refuse a command or answer nonsense.
struct ClipDaemon {
    Bytes footage = Bytes(700'000, 7);
    std::vector<std::string> commands;
    std::string refused;
    std::string nonsense;
    bool has_key = true;

    Result<std::string> operator()(std::string_view command, const json& parameters) {
        commands.emplace_back(command);
        if (command == refused) return fail(ErrorKind::FailedPrecondition, "no " + refused);
        if (command == nonsense) return std::string("[1]");
        if (command == "clip.plan") {
            return json{
                {"clip", kClip},
                {"bytes", footage.size()},
                {"manifest", {{"clip", kClip}, {"files", {{{"bytes", 600'000}}, {{"bytes", 100'000}}}}}}}
                .dump();
        }
        if (command == "clip.finish") {
            sha256 = parameters["sha256"];
            return json{{"signed", has_key ? "{\"manifest\":\"...\"}" : ""}}.dump();
        }
        if (command == "clip.read") {
            const auto from = footage.begin() + parameters["offset"].get<std::ptrdiff_t>();
            return json{{"bytes", toBase64(Bytes(from, from + parameters["length"].get<std::ptrdiff_t>()))}}
                .dump();
        }
        return std::string("{}");
    }
    std::string sha256;
};

struct Rig {
    test::MemoryFileSystem disk{2'000'000};
    ClipDaemon daemon;
    ExportOrder order{"gate", "2026-03-02T05:15:00+07:00", "2026-03-02T05:16:00+07:00", "full", "/usb"};
    std::uint64_t progressed = 0;

    Result<Exported> run(FileSystem& files) {
        return exportClip(
            [this](std::string_view command, const json& parameters) { return daemon(command, parameters); },
            files, order, [this](std::uint64_t done, std::uint64_t) { progressed = done; });
    }
    std::vector<std::string> listing() { return disk.list("/usb").value(); }
};

}  // namespace

TEST_CASE("clip export: all files and the signed manifest are there, under names that say what they are",
          "[console]") {
    Rig rig;
    const auto exported = rig.run(rig.disk);
    REQUIRE(exported);
    CHECK(exported->files == std::vector<std::string>{kStem + ".mp4", kStem + "-2.mp4"});
    CHECK(exported->manifest_file == kStem + ".manifest.json");
    CHECK(exported->is_signed);
    CHECK(rig.listing().size() == 3);
    CHECK(rig.disk.contentOf(kStem + ".mp4").size() == 600'000);
    CHECK(rig.disk.contentOf(kStem + "-2.mp4").size() == 100'000);
    CHECK(asText(rig.disk.contentOf(kStem + ".manifest.json")) == "{\"manifest\":\"...\"}");
    CHECK(rig.daemon.sha256 == toHex(crypto::sha256(rig.daemon.footage)));
    CHECK(json::parse(exported->manifest)["sha256"] == rig.daemon.sha256);
    CHECK(rig.progressed == 700'000);
}

TEST_CASE("clip export: without an evidence key the bare manifest lies there and is said to be unsigned",
          "[console]") {
    Rig rig;
    rig.daemon.has_key = false;
    const auto exported = rig.run(rig.disk);
    REQUIRE(exported);
    CHECK_FALSE(exported->is_signed);
    const Bytes bytes = rig.disk.contentOf(kStem + ".manifest.json");
    CHECK(json::parse(asText(bytes))["sha256"] == rig.daemon.sha256);
}

TEST_CASE("clip export: too little space is said before a byte is read", "[console]") {
    Rig rig;
    test::MemoryFileSystem small(500'000);
    const auto exported = rig.run(small);
    REQUIRE_FALSE(exported);
    CHECK(exported.error().kind == ErrorKind::NoSpace);
    CHECK(exported.error().context == "the clip needs 1 MiB, 1 MiB are free in /usb");
    CHECK(rig.daemon.commands == std::vector<std::string>{"clip.plan", "clip.release"});
}

TEST_CASE("clip export: whatever fails on the way, nothing is left and the clip is released", "[console]") {
    Rig rig;
    test::FaultyFileSystem faulty(rig.disk);
    SECTION("the stick breaks") {
        faulty.faults.fail_after_bytes = 300'000;
    }
    SECTION("the stick does not sync") {
        faulty.faults.error_on_sync = 1;
    }
    SECTION("the gateway stops reading") {
        rig.daemon.refused = "clip.read";
    }
    SECTION("the gateway does not sign") {
        rig.daemon.refused = "clip.finish";
    }
    SECTION("the gateway sends nonsense") {
        rig.daemon.nonsense = "clip.read";
    }
    CHECK_FALSE(rig.run(faulty));
    CHECK(rig.listing().empty());
    CHECK(rig.daemon.commands.back() == "clip.release");
}

TEST_CASE("clip export: a file that is there is never written over, a left-over part is", "[console]") {
    Rig rig;
    REQUIRE(rig.disk.open(kStem + ".mp4.part", OpenMode::CreateNew));
    REQUIRE(rig.run(rig.disk));
    CHECK(rig.listing().size() == 3);
    const auto again = rig.run(rig.disk);
    REQUIRE_FALSE(again);
    CHECK(again.error().context == kStem + ".mp4 is there already");
    CHECK(rig.listing().size() == 3);
}

TEST_CASE("clip export: after a power cut what lies under a final name is whole", "[console]") {
    Rig rig;
    REQUIRE(rig.run(rig.disk));
    for (std::size_t step = 0; step <= rig.disk.steps(); ++step) {
        for (std::uint64_t seed = 0; seed < 8; ++seed) {
            const auto after = rig.disk.powerCut(step, seed);
            if (after->exists(kStem + ".mp4")) CHECK(after->contentOf(kStem + ".mp4") == Bytes(600'000, 7));
            if (after->exists(kStem + ".manifest.json"))
                CHECK(after->contentOf(kStem + ".manifest.json").size() == 18);
        }
    }
}
