// What is no configuration: every way of being none is a fault in words, with its place.
#include <catch2/catch.hpp>
#include <map>

#include "config/reader.hpp"
#include "mutations.hpp"
#include "support/config/documents.hpp"

using namespace camgate;
using namespace camgate::config;

namespace {

std::vector<Fault> faultsOf(const std::string& text) {
    return loadConfiguration(text, test::sampleBoard()).faults;
}

/// The one fault there is.
std::string only(const std::string& text) {
    const auto faults = faultsOf(text);
    INFO(describe(faults));
    REQUIRE(faults.size() == 1);
    return faults[0].pointer + ": " + faults[0].text();
}

}  // namespace

TEST_CASE("document: 500 seeded mutations are each refused at the setting that was changed",
          "[config][hostile]") {
    const auto sound = loadConfiguration(test::sampleDocument(), test::sampleBoard());
    REQUIRE(describe(sound.faults).empty());
    const std::string printed = printConfiguration(sound.configuration);
    std::map<std::string, int> kinds;
    for (std::uint32_t seed = 1; seed <= 500; ++seed) {
        const auto mutation = test::mutate(printed, configurationTable(), seed);
        const auto faults = faultsOf(mutation.text);
        CAPTURE(seed, mutation.what, mutation.pointer, describe(faults));
        const bool named = std::any_of(faults.begin(), faults.end(),
                                       [&](const Fault& fault) { return fault.pointer == mutation.pointer; });
        CHECK(named);
        CHECK(describe(faults).find("look-4-me") == std::string::npos);
        for (const Fault& fault : faults) CHECK((!fault.expected.empty() && !fault.found.empty()));
        ++kinds[mutation.what];
    }
    CHECK(kinds.size() == 9);
}

TEST_CASE("document: what is not JSON is refused with its place", "[config][hostile]") {
    CHECK(only("{\n\"gateway\": ,\n}") == "/gateway: expected JSON, found \",\" at line 2, column 12");
    CHECK(only("") == "/: expected JSON, found the end of the text at line 1, column 1");
    CHECK(only(R"({"gateway": "cg)") == "/gateway: expected JSON, found a broken text at line 1, column 16");
    CHECK(only("[]") == "/: expected an object, found []");
    CHECK_THAT(only(test::sampleDocument() + "x"),
               Catch::Matchers::StartsWith("/: expected JSON, found \"x\" at"));
    CHECK(only(R"({"cameras":[{"password":"look\q4-me"}]})") ==
          "/cameras/0/password: expected JSON, found a broken text at line 1, column 31");
}

TEST_CASE("document: NaN and numbers that do not fit are refused where they stand", "[config][hostile]") {
    CHECK_THAT(
        only(test::sampleWith(R"("preview_percent": 20)", R"("preview_percent": NaN)")),
        Catch::Matchers::StartsWith("/storage/preview_percent: expected JSON, found \"NaN\" at line 4"));
    CHECK(only(test::sampleWith(R"("preview_percent": 20)", R"("preview_percent": 1e999)")) ==
          "/storage/preview_percent: expected a number that fits, found 1e999");
    CHECK(only(test::sampleWith("[[0, 0.5], [1, 0.5]", "[[0, 0.5], [1, 9e999]")) ==
          "/cameras/0/motion/zones/0/polygon/1/1: expected a number that fits, found 9e999");
    CHECK(only(test::sampleWith(R"("preview_percent": 20)", R"("preview_percent": 20.5)")) ==
          "/storage/preview_percent: expected a whole number from 0 to 90 (%), found 20.5");
}

TEST_CASE("document: other encodings are named as such", "[config][hostile]") {
    const std::string& text = test::sampleDocument();
    std::string wide = "\xFF\xFE";
    for (const char c : text) wide += {c, '\0'};
    CHECK(only(wide) == "/: expected UTF-8, found UTF-16 or UTF-32");
    CHECK(only(wide.substr(2)) == "/: expected UTF-8, found UTF-16 or UTF-32");
    // "Cong" in windows-1258.
    CHECK(only(test::sampleWith("\"gate\",", "\"gate\", \"name\": \"C\xF4ng\",")) ==
          "/: expected UTF-8, found other bytes at line 6, column 34");
    CHECK(faultsOf(test::sampleWith("\"gate\",", "\"gate\", \"name\": \"Cổng\",")).empty());
    CHECK(faultsOf("\xEF\xBB\xBF" + text).empty());  // as Windows' editor marks it
}

TEST_CASE("document: 10 MB and deep nesting are refused before they are read", "[config][hostile]") {
    CHECK(only(std::string(10'000'000, ' ')) == "/: expected at most 1048576 bytes, found 10000000");
    CHECK(only(std::string(100'000, '[')) == "/: expected at most 32 levels, found more of them");
}

TEST_CASE("document: a key that comes twice is a fault, whichever of the two would hold",
          "[config][hostile]") {
    CHECK(only(test::sampleWith(R"("gateway": "cg-1")", R"("gateway": "cg-1", "gateway": "cg-1")")) ==
          "/gateway: expected each setting once, found it a second time");
    CHECK(only(test::sampleWith(R"("id": "yard")", R"("id": "yards", "id": "yard")")) ==
          "/cameras/1/id: expected each setting once, found it a second time");
}

TEST_CASE("document: a mistyped word is answered with what was probably meant", "[config]") {
    CHECK(only(test::sampleWith(R"("preview_percent": 20)", R"("preview_percent": 20, "long_precent": 5)")) ==
          "/storage/long_precent: expected a setting of this place, found an unknown one (did you mean "
          "\"long_percent\"?)");
    CHECK(
        only(test::sampleWith(R"("kind": "line")", R"("kind": "Lines")")) ==
        "/cameras/0/motion/zones/1/kind: expected one of \"include\", \"ignore\", \"line\", found \"Lines\" "
        "(did you mean \"line\"?)");
    CHECK(only(test::sampleWith(R"("user": "camgate")", R"("a/b~": 1)")) ==
          "/cameras/0/a~1b~0: expected a setting of this place, found an unknown one");
}

TEST_CASE("document: rules that join settings are judged beside other faults, but not by them", "[config]") {
    // The ring's size cannot be read: whether its extents fit it is not known. The rest is.
    auto text = test::sampleWith(R"("preview_percent": 20)",
                                 R"("preview_percent": 20, "ring_mib": "big", "extent_mib": 6)");
    text.replace(text.find("\"yard\""), 6, "\"gate\"");
    std::vector<std::string> pointers;
    for (const auto& fault : faultsOf(text)) pointers.push_back(fault.pointer);
    CHECK(pointers == std::vector<std::string>{"/storage/ring_mib", "/storage/extent_mib", "/cameras/1/id"});
}

TEST_CASE("document: pointers count list items that are none", "[config]") {
    const auto faults = faultsOf(test::sampleWith(R"("cameras": [)", R"("cameras": [5, )") + "");
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].pointer == "/cameras/0");
    auto text = test::sampleWith(R"("cameras": [)", R"("cameras": [5, )");
    text.replace(text.find("rtsp://10.0.0.3"), 4, "http");
    CHECK(faultsOf(text).at(1).pointer == "/cameras/2/main");
}

TEST_CASE("document: version 1 is read, its passwords leave it", "[config][migration]") {
    auto text = test::sampleWith(R"("version": 2,)", "");
    text.replace(text.find(R"("user": "camgate")"), 17, R"("user": "camgate", "password": "look-4-me")");
    const auto loaded = loadConfiguration(text, test::sampleBoard());
    INFO(describe(loaded.faults));
    REQUIRE(loaded.faults.empty());
    CHECK(loaded.version == 1);
    CHECK(loaded.secrets == Secrets{{"cameras/gate/password", "look-4-me"}});
    CHECK(loaded.configuration.cameras[0].password == "look-4-me");
    CHECK(printConfiguration(loaded.configuration).find("look-4-me") == std::string::npos);
}

TEST_CASE("document: a secret in today's version, or a bad one in an old, is a fault that does not repeat it",
          "[config][migration]") {
    const std::string refusal =
        "/cameras/0/password: expected no secret in the document: they are set apart from it, found one";
    CHECK(only(test::sampleWith(R"("user": "camgate")", R"("password": "look-4-me")")) == refusal);
    auto old = test::sampleWith(R"("version": 2,)", "");
    old.replace(old.find(R"("user": "camgate")"), 17, R"("password": 123456)");
    CHECK(only(old) == refusal);
}

TEST_CASE("document: one of a newer firmware is refused", "[config][migration]") {
    CHECK(only(test::sampleWith(R"("version": 2)", R"("version": 3)")) ==
          "/version: expected a whole number from 1 to 2, found 3 (a newer firmware reads newer documents)");
    CHECK(only(test::sampleWith(R"("version": 2)", R"("version": "two")")) ==
          "/version: expected a whole number from 1 to 2, found something else");
    CHECK(only(test::sampleWith(R"("version": 2)", R"("version": 18446744073709551615)")) ==
          "/version: expected a whole number from 1 to 2, found 18446744073709551615 (a newer firmware reads "
          "newer documents)");
}
