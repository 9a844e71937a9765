#include "console/hub_flow.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::console;

TEST_CASE("hub flow: an address is a name or a number, with or without a port", "[console]") {
    CHECK(parseHubAddress("hub.commune.vn")->host == "hub.commune.vn");
    CHECK(parseHubAddress("hub.commune.vn")->port == 8883);
    CHECK(parseHubAddress("192.168.1.7:18883")->host == "192.168.1.7");
    CHECK(parseHubAddress("192.168.1.7:18883")->port == 18'883);
    for (const char* wrong : {"", ":8883", "hub:", "hub:0", "hub:65536", "hub:88x", "mqtt://hub", "a b"})
        CHECK(parseHubAddress(wrong).error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("hub flow: a fingerprint is shown in groups that can be read out", "[console]") {
    std::string hex;
    for (int i = 0; i < 16; ++i) hex += "0123";
    CHECK(readableFingerprint(hex) ==
          "0123 0123 0123 0123 0123 0123 0123 0123\n0123 0123 0123 0123 0123 0123 0123 0123\n");
}
