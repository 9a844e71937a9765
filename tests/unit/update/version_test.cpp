#include "update/version.hpp"

#include <catch2/catch.hpp>

using namespace camgate::update;

TEST_CASE("version: the order is Debian's", "[update]") {
    // Checked with dpkg --compare-versions.
    CHECK(compareVersions("0.1.0", "0.1.0") == 0);
    CHECK(compareVersions("0.1.0", "0.1.00") == 0);
    CHECK(compareVersions("0.9.0", "0.10.0") < 0);
    CHECK(compareVersions("0.2.0+20260301", "0.1.9") > 0);
    CHECK(compareVersions("0.1.0", "0.1.0+20260301") < 0);
    CHECK(compareVersions("0.1.0~rc1", "0.1.0") < 0);
    CHECK(compareVersions("0.1.0~rc1", "0.1.0~rc1+b") < 0);
    CHECK(compareVersions("0.1.0a", "0.1.0+") < 0);
    CHECK(compareVersions("1.0-2", "1.0-10") < 0);
    CHECK(compareVersions("", "0") == 0);
}

TEST_CASE("version: what is none is told apart", "[update]") {
    CHECK(isVersion("0.1.0+20260301120000"));
    CHECK_FALSE(isVersion(""));
    CHECK_FALSE(isVersion("v1"));
    CHECK_FALSE(isVersion("1.0 "));
    CHECK_FALSE(isVersion("1/0"));
    CHECK_FALSE(isVersion(std::string(65, '1')));
}
