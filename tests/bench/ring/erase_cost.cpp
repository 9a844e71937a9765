// scripts/bench erase-cost [FOLDER]: how long erasing takes on the disk that FOLDER (default: the one for
// temporary files) lies on, from a sealed ring of 16 cameras and 400 days, whose keys lie all over the table:
// a day of a camera, all days of one, and everything.
#include <cstdio>
#include <filesystem>

#include "base/log.hpp"
#include "support/base/fake_clock.hpp"
#include "support/crypto/fake_key_sources.hpp"
#include "support/ring/draft_maker.hpp"

using namespace camgate;

namespace {

constexpr std::uint64_t kCameras = 16;
constexpr int kDays = 400;

/// A short record of each camera and day: what it costs to erase depends on keys, not on footage.
bool fill(ring::Ring& ring, test::FakeClock& clock) {
    for (int day = 0; day < kDays; ++day) {
        std::vector<ring::RecordDraft> round;
        for (std::uint64_t camera = 1; camera <= kCameras; ++camera) {
            test::DraftWish wish;
            wish.camera_tag = camera;
            wish.sequence = static_cast<std::uint64_t>(day) + 1;
            wish.sample_bytes = 100;
            wish.first_decode = clock.bootNow();
            wish.time_map = clock.timeMap();
            round.push_back(test::makeDraft(wish));
        }
        if (!ring.append(round)) return false;
        clock.advance(std::chrono::hours(24));
    }
    return true;
}

template <class Erase>
void measure(const char* what, Erase erase) {
    const SystemClock clock;
    const BootTime before = clock.bootNow();
    const auto erased = erase();
    const double took_ms = std::chrono::duration<double, std::milli>(clock.bootNow() - before).count();
    std::printf("{\"bench\":\"erase-cost\",\"what\":\"%s\",\"done\":%s,\"ms\":%.1f}\n", what,
                erased ? "true" : "false", took_ms);
}

}  // namespace

int main(int argc, char** argv) {
    openLog("bench-erase-cost", LogLevel::Error);
    const std::filesystem::path folder = argc > 1 ? argv[1] : std::filesystem::temp_directory_path().c_str();
    const std::filesystem::path file = folder / "camgate-bench-erase.ring";
    std::filesystem::remove(file);
    RealFileSystem files;
    test::FakeClock clock;
    test::FakeOtp source;
    {
        auto ring = ring::Ring::open(files, file.string(),
                                     {.size_bytes = 64U << 20U,
                                      .extent_bytes = 4U << 20U,
                                      .gateway = "bench",
                                      .sealing = {.seal = true, .source = &source}},
                                     clock);
        if (!ring || !fill(**ring, clock)) {
            std::fprintf(stderr, "no ring in %s\n", folder.c_str());
            return 1;
        }
        const std::int32_t yesterday = ring::dayOf(clock.wallNow().time) - 1;
        measure("a day of a camera", [&] { return (*ring)->eraseDays(1, {yesterday, yesterday}); });
        measure("all days of a camera", [&] { return (*ring)->eraseDays(2, {}); });
        measure("everything", [&] { return (*ring)->eraseAll(); });
    }
    std::filesystem::remove(file);
    return 0;
}
