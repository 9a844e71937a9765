#include "tools/replay/settings.hpp"

#include <catch2/catch.hpp>
#include <fstream>

#include "support/base/temp_directory.hpp"

using namespace camgate;
using namespace camgate::replay;

namespace {

std::string write(const test::TempDirectory& folder, const std::string& text) {
    const std::string path = folder.file("file.json");
    std::ofstream(path) << text;
    return path;
}

constexpr const char* kTwoCameras = R"({"gateway": "gw",
  "hub": {"host": "h", "ca_file": "a", "certificate_file": "b", "key_file": "c"},
  "cameras": [{"id": "gate", "main": "test:", "motion": {"sensitivity_percent": 70}},
              {"id": "yard", "main": "test:"}]})";

}  // namespace

TEST_CASE("replay settings: a camera's motion out of a gateway's configuration", "[replay]") {
    const test::TempDirectory folder;
    const std::string path = write(folder, kTwoCameras);
    CHECK(loadMotion(path, "gate", "").value().sensitivity_percent == 70);
    CHECK(loadMotion("", "", "").value().sensitivity_percent == 50);
    CHECK(loadMotion(path, "shed", "").error().context ==
          path + " has no camera \"shed\" (there are: gate, yard)");
    CHECK(loadMotion(path, "", "").error().context == path + ": say which --camera (there are: gate, yard)");
}

TEST_CASE("replay settings: zones alone, as they stand in a configuration", "[replay]") {
    const test::TempDirectory folder;
    const auto motion =
        loadMotion("", "", write(folder, R"([{"name": "path", "polygon": [[0, 0], [0.5, 0], [0.5, 1]]}])"));
    REQUIRE(motion);
    REQUIRE(motion->zones.size() == 1);
    CHECK(motion->zones[0].name == "path");
}

TEST_CASE("replay settings: what is wrong with zones is said with its place", "[replay]") {
    const test::TempDirectory folder;
    const auto errorOf = [&](const std::string& text) {
        return loadMotion("", "", write(folder, text)).error().context;
    };
    CHECK_THAT(errorOf("[{\"name\": \"x\", \"polygon\": [[0, 0], [2, 0], [0, 1]]}]"),
               Catch::Contains("/zones/0/polygon: expected"));
    CHECK_THAT(errorOf("{}"), Catch::Contains("/zones: expected"));
    CHECK_THAT(errorOf("[], \"alarm\": false"), Catch::Contains("expected JSON"));
    CHECK(loadMotion("", "", folder.file("none.json")).error().kind == ErrorKind::NotFound);
}
