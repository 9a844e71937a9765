// The films that detectors are judged by must themselves be right.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <numeric>

#include "support/motion/film.hpp"

namespace camgate::test::film {
namespace {

FilmSettings small(std::uint64_t seed) {
    FilmSettings settings;
    settings.seed = seed;
    settings.width_px = 320;
    settings.height_px = 180;
    settings.fps = 5;
    return settings;
}

using Picture = std::vector<std::uint8_t>;

Picture pictureAt(const FilmSettings& settings, float at_s) {
    Film film(settings);
    while (film.next() && film.time_s() < at_s) {
    }
    return {film.luma().begin(), film.luma().end()};
}

double mean(const Picture& picture) {
    return std::accumulate(picture.begin(), picture.end(), 0.0) / static_cast<double>(picture.size());
}

/// Mean difference of neighbours in a row: what blur and covers take away.
double detail(const Picture& picture) {
    double sum = 0;
    for (std::size_t i = 0; i + 1 < picture.size(); ++i) sum += std::abs(picture[i] - picture[i + 1]);
    return sum / static_cast<double>(picture.size());
}

double difference(const Picture& a, const Picture& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(a[i] - b[i]);
    return sum / static_cast<double>(a.size());
}

}  // namespace

TEST_CASE("film: the same seed gives the same pictures and another seed others", "[motion][film]") {
    const Picture one = pictureAt(small(4), 3);
    CHECK(one == pictureAt(small(4), 3));
    CHECK(difference(one, pictureAt(small(5), 3)) > 5);
}

TEST_CASE("film: a figure changes the picture where the truth says, and nowhere else", "[motion][film]") {
    FilmSettings with = small(7);
    with.cast = Cast::OneByOne;
    with.least_height = 0.2F;
    FilmSettings without = with;
    without.cast = Cast::Nobody;
    Film peopled(with);
    Film empty(without);
    int strong_inside = 0;
    int strong_outside = 0;
    while (peopled.next() && empty.next()) {
        if (peopled.truth().size() != 1 || peopled.truth()[0].visible < 0.9F) continue;
        const RectF& box = peopled.truth()[0].visible_box;
        for (std::size_t i = 0; i < peopled.luma().size(); ++i) {
            if (std::abs(peopled.luma()[i] - empty.luma()[i]) < 25) continue;
            const auto x = static_cast<int>(i % 320);
            const auto y = static_cast<int>(i / 320);
            // The figure's shadow lies around its feet.
            const RectF near{box.left - 20, box.top - 3, box.right + 20, box.bottom + 8};
            (near.holds(x, y) ? strong_inside : strong_outside) += 1;
        }
    }
    CHECK(strong_inside > 1000);
    CHECK(strong_outside * 50 < strong_inside);
}

TEST_CASE("film: who appears enters and leaves unseen, and is whole in between", "[motion][film]") {
    FilmSettings settings = small(11);
    settings.cast = Cast::OneByOne;
    settings.length_s = 90;
    Film film(settings);
    std::vector<float> first(film.appearances().size(), -1), last(first), most(first);
    while (film.next()) {
        for (const Seen& seen : film.truth()) {
            if (first[seen.appearance] < 0) first[seen.appearance] = seen.visible;
            last[seen.appearance] = seen.visible;
            most[seen.appearance] = std::max(most[seen.appearance], seen.visible);
        }
    }
    REQUIRE(film.appearances().size() >= 3);
    for (std::size_t i = 0; i < first.size(); ++i) {
        CHECK(first[i] < 0.5F);
        CHECK(last[i] < 0.5F);
        CHECK(most[i] > 0.6F);
    }
}

TEST_CASE("film: nothing repeats by itself while nobody is there", "[motion][film]") {
    Film film(small(3));
    REQUIRE(film.next());
    Picture before(film.luma().begin(), film.luma().end());
    while (film.next() && film.time_s() < 3) {
        const Picture now(film.luma().begin(), film.luma().end());
        CHECK(difference(before, now) < 8);
        CHECK(film.truth().empty());
        before = now;
    }
}

TEST_CASE("film: tampering spoils the picture between onset and release, and is undone", "[motion][film]") {
    const auto what =
        GENERATE(Tamper::Covered, Tamper::Moved, Tamper::Black, Tamper::Blurred, Tamper::Overexposed);
    CAPTURE(kTamperNames[static_cast<std::size_t>(what)]);
    FilmSettings settings = small(21);
    settings.tamper = what;
    const Film film(settings);
    const Moment when = *film.tampering().moment();
    const float complete_s = when.from_s + film.tampering().takes_s() + 1;
    const Picture good = pictureAt(settings, when.from_s - 1);
    const Picture spoilt = pictureAt(settings, complete_s);
    const Picture mended = pictureAt(settings, when.to_s + film.tampering().takes_s() + 10);
    CHECK(difference(good, spoilt) > 4);
    CHECK(difference(good, mended) < 8);
    if (what == Tamper::Black) CHECK(mean(spoilt) < 25);
    if (what == Tamper::Overexposed) CHECK(mean(spoilt) > 215);
    if (what == Tamper::Covered || what == Tamper::Blurred) CHECK(detail(spoilt) < 0.9 * detail(good));
}

TEST_CASE("film: a frozen camera repeats its picture, only the clock ticks", "[motion][film]") {
    FilmSettings settings = small(22);
    settings.tamper = Tamper::Frozen;
    const Film film(settings);
    const float stuck_s = film.tampering().moment()->from_s + 1;
    const Picture one = pictureAt(settings, stuck_s);
    const Picture two = pictureAt(settings, stuck_s + 3);
    // Below the clock in the top left corner.
    CHECK(std::equal(one.begin() + 320 * 20, one.end(), two.begin() + 320 * 20));
}

}  // namespace camgate::test::film
