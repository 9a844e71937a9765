#include "bench/motion/motion_films/run.hpp"

namespace camgate::bench {

std::string describe(const test::film::FilmSettings& film) {
    std::string text = std::to_string(film.seed);
    text += ' ';
    text += test::film::kPlaceNames[static_cast<std::size_t>(film.place)];
    text += film.night ? " night " : " day ";
    text += test::film::kNuisanceNames[static_cast<std::size_t>(film.nuisance)];
    text += ' ' + std::to_string(film.width_px) + 'x' + std::to_string(film.height_px) + " at " +
            std::to_string(static_cast<int>(film.fps)) + " fps";
    return text;
}

}  // namespace camgate::bench
