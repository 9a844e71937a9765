#include "ipc/finder_messages.hpp"

#include <catch2/catch.hpp>

namespace camgate::ipc {
namespace {

CameraDescription description() {
    return {"Maker", "M1", "1.0",    -42, {{"main", "rtsp://h/1", "h264", 1920, 1080, 25, 4096}, {}},
            0,       1,    "largest"};
}

TEST_CASE("finder messages: questions and answers come back as they went", "[ipc]") {
    const auto search = decodeFinderSearch(encode(FinderSearch{"eth0", 3000, true}));
    REQUIRE(search);
    CHECK(search->interface == "eth0");
    CHECK(search->scan_ports);
    const std::vector<FoundCamera> found{{"10.0.0.5", "http://10.0.0.5/", "Gate", "X"}};
    CHECK(decodeFound(encode(found)) == found);
    CHECK(decodeDescription(encode(description())) == description());
    const Error why = decodeFinderFailure(encodeFinderFailure({ErrorKind::PermissionDenied, 0, "no"}));
    CHECK(why.kind == ErrorKind::PermissionDenied);
    CHECK(why.context == "no");
}

TEST_CASE("finder messages: a worker that lies is noticed", "[ipc]") {
    CameraDescription wrong = description();
    wrong.main = 2;
    CHECK_FALSE(decodeDescription(encode(wrong)));
    wrong = description();
    wrong.streams[0].width_px = 2'000'000;
    CHECK_FALSE(decodeDescription(encode(wrong)));
    Bytes cut = encode(description());
    cut.pop_back();
    CHECK_FALSE(decodeDescription(cut));
    CHECK_FALSE(decodeFound(Bytes{200}));
    CHECK(decodeFinderFailure(Bytes{1}).kind == ErrorKind::Corruption);
    CHECK_FALSE(decodeFinderSearch(encode(FinderSearch{"", 20'000, false})));
}

}  // namespace
}  // namespace camgate::ipc
