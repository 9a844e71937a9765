#include "tools/replay/frame_book.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::replay;
using std::chrono::milliseconds;

namespace {

constexpr Duration kPeriod = milliseconds(40);

UnitTimes shownAt(int ms) {
    return {milliseconds(ms), std::nullopt};
}
UnitTimes decodedAt(int ms) {
    return {std::nullopt, milliseconds(ms)};
}
BootTime at(int ms) {
    return FrameBook::kStart + milliseconds(ms);
}

}  // namespace

TEST_CASE("frame book: frames are numbered as they are shown, whatever order they lie in", "[replay]") {
    FrameBook book;
    for (const int ms : {0, 160, 80, 40, 120}) CHECK(book.addUnit(shownAt(ms), kPeriod) == at(ms));
    for (int i = 0; i < 5; ++i) CHECK(book.onPicture(at(40 * i)) == FrameTime{i, at(40 * i)});
    CHECK(book.frames() == 5);
    CHECK(book.length() == milliseconds(160));
}

TEST_CASE("frame book: what could not be decoded keeps its number", "[replay]") {
    FrameBook book;
    for (int i = 0; i < 4; ++i) book.addUnit(shownAt(40 * i), kPeriod);
    CHECK(book.onPicture(at(0))->frame == 0);
    CHECK(book.onPicture(at(120))->frame == 3);
    CHECK_FALSE(book.onPicture(at(120)));
    CHECK_FALSE(book.onPicture(at(40)));
}

TEST_CASE("frame book: without times of showing, the decoder's order counts", "[replay]") {
    FrameBook book;
    book.addUnit({milliseconds(0), milliseconds(0)}, kPeriod);
    for (int i = 1; i < 4; ++i) book.addUnit(decodedAt(40 * i), kPeriod);
    CHECK(book.onPicture(at(0)) == FrameTime{0, at(0)});
    CHECK(book.onPicture(at(80)) == FrameTime{1, at(40)});
    CHECK(book.onPicture(at(120)) == FrameTime{2, at(80)});
    CHECK(book.onPicture(at(40)) == FrameTime{3, at(120)});
}

TEST_CASE("frame book: missing, doubled and frozen times go on by the frame's length", "[replay]") {
    FrameBook book;
    for (int i = 0; i < 3; ++i) CHECK(book.addUnit({}, kPeriod) == at(40 * i));

    FrameBook frozen;
    CHECK(frozen.addUnit(shownAt(100), kPeriod) == at(100));
    CHECK(frozen.addUnit(shownAt(100), kPeriod) == at(140));
    CHECK(frozen.addUnit(shownAt(100), kPeriod) == at(180));
    CHECK(frozen.onPicture(at(180))->frame == 2);
}

TEST_CASE("frame book: a clock that is set back goes on where it was", "[replay]") {
    FrameBook book;
    book.addUnit(shownAt(10'000), kPeriod);
    CHECK(book.addUnit(shownAt(0), kPeriod) == at(10'040));
    CHECK(book.addUnit(shownAt(100), kPeriod) == at(10'140));
}
