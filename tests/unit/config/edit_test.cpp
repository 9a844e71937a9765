#include "config/edit.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "config/path.hpp"
#include "support/config/documents.hpp"

using namespace camgate;
using namespace camgate::config;

namespace {

std::string set(const std::string& path, const std::string& value) {
    return setAt(test::sampleDocument(), path, value).value();
}
std::string refusal(const std::string& path, const std::string& value = "1") {
    return setAt(test::sampleDocument(), path, value).error().context;
}
std::vector<std::string> offered(const std::string& begun) {
    return completions(nlohmann::json::parse(test::sampleDocument()), configurationTable(), begun);
}
Configuration loaded(const std::string& document) {
    const auto result = loadConfiguration(document, test::sampleBoard());
    INFO(describe(result.faults));
    REQUIRE(result.faults.empty());
    return result.configuration;
}

}  // namespace

TEST_CASE("edit: a setting is reached by words, items by their id, their name or their number",
          "[config][edit]") {
    CHECK(loaded(set("hub/port", "1884")).hub.port == 1884);
    CHECK(loaded(set("/cameras/gate/motion/pre_roll_s", "7")).cameras[0].motion.pre_roll_s == 7);
    CHECK(loaded(set("cameras/1/name", "Cổng sau")).cameras[1].name == "Cổng sau");
    CHECK(loaded(set("cameras/gate/motion/zones/fence/crossing", "either"))
              .cameras[0]
              .motion.zones[1]
              .crossing == Crossing::Either);
    CHECK(loaded(set("cameras/gate/motion/zones/path/polygon", "[[0,0],[1,0],[1,1]]"))
              .cameras[0]
              .motion.zones[0]
              .polygon.size() == 3);
}

TEST_CASE("edit: texts need no quotes, and may have them", "[config][edit]") {
    CHECK(loaded(set("cameras/gate/name", "1234")).cameras[0].name == "1234");
    CHECK(loaded(set("cameras/gate/name", "\"a b\"")).cameras[0].name == "a b");
    CHECK(loaded(set("hub/clips", "all")).hub.clips == ClipPolicy::All);
}

TEST_CASE("edit: an item that is not there is made", "[config][edit]") {
    const auto configuration = loaded(set("cameras/shed/main", "rtsp://10.0.0.9/main"));
    REQUIRE(configuration.cameras.size() == 3);
    CHECK(configuration.cameras[2].id == "shed");
}

TEST_CASE("edit: what cannot be meant is refused in words", "[config][edit]") {
    CHECK(refusal("hub/prot") == "there is no setting \"prot\" in hub/prot (did you mean \"port\"?)");
    CHECK(refusal("hub/port/x") == "nothing lies below port in hub/port/x");
    CHECK(refusal("hub/port", "many") == "port: expected a whole number from 1 to 65535, found \"many\"");
    CHECK(refusal("cameras/gate/password", "x") == "cameras/gate/password is a secret: use secret set");
    CHECK(refusal("") == "expected a path such as hub/port");
    CHECK(refusal("cameras/gate", "5") == "expected a setting of cameras/gate or an object");
}

TEST_CASE("edit: unset goes back to the default, an item leaves its list", "[config][edit]") {
    CHECK(loaded(unsetAt(test::sampleDocument(), "cameras/gate/user").value()).cameras[0].user.empty());
    CHECK(loaded(unsetAt(test::sampleDocument(), "cameras/yard").value()).cameras.size() == 1);
    CHECK(unsetAt(test::sampleDocument(), "hub/port").error().kind == ErrorKind::NotFound);
    CHECK(unsetAt(test::sampleDocument(), "cameras/shed/name").error().kind == ErrorKind::NotFound);
}

TEST_CASE("edit: differences are said by paths, with what was and what will be", "[config][edit]") {
    const std::string changed = unsetAt(set("cameras/gate/user", "other"), "cameras/yard").value();
    const auto found = differences(test::sampleDocument(), changed);
    REQUIRE(found.size() == 3);
    CHECK(found[0].path == "cameras/gate/user");
    CHECK(found[0].from == "\"camgate\"");
    CHECK(found[0].to == "\"other\"");
    CHECK(found[1].path == "cameras/yard/id");
    CHECK_FALSE(found[1].to.has_value());
    CHECK(differences(changed, changed).empty());
}

TEST_CASE("path: completion offers keys of the table and names of items, no secret", "[config][edit]") {
    using Words = std::vector<std::string>;
    CHECK(offered("st") == Words{"storage/"});
    CHECK(offered("hub/c") ==
          Words{"hub/ca_file", "hub/certificate_file", "hub/clips", "hub/cap_kbps", "hub/cap_hours/"});
    CHECK(offered("cameras/") == Words{"cameras/gate/", "cameras/yard/"});
    CHECK(offered("cameras/gate/pas").empty());
    CHECK(offered("cameras/gate/motion/zones/f") == Words{"cameras/gate/motion/zones/fence/"});
    CHECK(offered("cameras/nobody/mo") == Words{"cameras/nobody/motion/"});
    CHECK(offered("nothing/").empty());
    CHECK(offered("hub/port/").empty());
}
