// usage: motion_frames shoot FILE WIDTH HEIGHT FRAMES | motion_frames detect FILE WIDTH HEIGHT FRAMES
// Puts a film's luma into a file, or shows that many of a file's frames (there and back again) to the
// detector and does nothing else, so that its instructions can be counted. For
// tests/bench/motion_instructions.py.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string_view>
#include <vector>

#ifdef CAMGATE_FRAMES_SHOOT
#include "support/motion/film.hpp"
#endif
#include "motion/detector.hpp"

namespace {

using namespace camgate;

struct Task {
    std::string_view verb;
    const char* file;
    int width_px, height_px, frames;
};

#ifdef CAMGATE_FRAMES_SHOOT
int shoot(const Task& task) {
    test::film::FilmSettings settings;
    settings.seed = 3;
    settings.width_px = task.width_px;
    settings.height_px = task.height_px;
    settings.cast = test::film::Cast::OneByOne;
    settings.least_height = 0.2F;
    test::film::Film film(settings);
    std::ofstream out(task.file, std::ios::binary);
    const float from_s = film.appearances().front().from_s + 1;
    for (int left = task.frames; left > 0 && film.next();) {
        if (film.time_s() < from_s) continue;
        const auto luma = film.luma();
        out.write(reinterpret_cast<const char*>(luma.data()), static_cast<std::streamsize>(luma.size()));
        --left;
    }
    return out ? 0 : 1;
}
#endif

int detect(const Task& task) {
    const std::size_t pixels =
        static_cast<std::size_t>(task.width_px) * static_cast<std::size_t>(task.height_px);
    std::ifstream in(task.file, std::ios::binary);
    const std::vector<char> bytes((std::istreambuf_iterator<char>(in)), {});
    const std::size_t count = bytes.size() / pixels;
    auto detector = motion::Detector::create({});
    if (count == 0 || !detector) return 1;
    for (std::size_t i = 0; i < static_cast<std::size_t>(task.frames); ++i) {
        const std::size_t turn = i % (2 * count);
        const std::size_t frame = turn < count ? turn : 2 * count - 1 - turn;
        const auto* luma = reinterpret_cast<const std::uint8_t*>(bytes.data()) + frame * pixels;
        const auto plane = motion::LumaPlane::of({luma, pixels}, task.width_px, task.height_px,
                                                 static_cast<std::size_t>(task.width_px));
        if (!plane) return 1;
        (void)detector->process(*plane,
                                BootTime(std::chrono::milliseconds(50'000 + 66 * static_cast<int>(i))));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 6) return 2;
    const Task task{argv[1], argv[2], std::atoi(argv[3]), std::atoi(argv[4]), std::atoi(argv[5])};
#ifdef CAMGATE_FRAMES_SHOOT
    if (task.verb == "shoot") return shoot(task);
#endif
    return detect(task);
}
