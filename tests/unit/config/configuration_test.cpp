#include <catch2/catch.hpp>

#include "base/file_system.hpp"
#include "config/reader.hpp"
#include "config/reference.hpp"

#include "support/places/places.hpp"

using namespace camgate;
using namespace camgate::config;

namespace {

const Board kBoard{.name = "test"};

std::string minimal(const std::string& cameras) {
    return R"({"version":2,"gateway":"cg-1","hub":{"host":"h","ca_file":"a","certificate_file":"b","key_file":"c"},"cameras":)" +
           cameras + "}";
}

std::vector<std::string> pointers(const Loaded& loaded) {
    std::vector<std::string> out;
    for (const auto& fault : loaded.faults) out.push_back(fault.pointer);
    return out;
}

std::string projectFile(const std::string& path) {
    RealFileSystem files;
    return readTextFile(files, places::goldenFolder() + "/../../" + path).value();
}

}  // namespace

TEST_CASE("configuration: defaults hold where nothing is said", "[config]") {
    const auto loaded = loadConfiguration(minimal(R"([{"id":"gate","main":"rtsp://10.0.0.2/1"}])"), kBoard);
    INFO(describe(loaded.faults));
    REQUIRE(loaded.faults.empty());
    const auto& camera = loaded.configuration.cameras.at(0);
    CHECK(camera.motion.pre_roll_s == 5);
    CHECK(camera.record == RecordMode::Continuous);
    CHECK(loaded.configuration.hub.clips == ClipPolicy::Alarms);
}

TEST_CASE("configuration: all faults come at once, each with its place", "[config]") {
    const auto loaded = loadConfiguration(R"({"version":2,"gateway":"cg-1","colour":1,
        "hub":{"host":"h","ca_file":"a","certificate_file":"b","key_file":"c","port":0,"clips":"some"},
        "cameras":[{"id":"gate"},{"id":"yard","main":"rtsp://x/","motion":{"zones":[
            {"name":"a","polygon":[[0,0],[1,0],[2,1]]}, 5]}}]})",
                                          kBoard);
    CHECK(pointers(loaded) == std::vector<std::string>{"/colour", "/hub/port", "/hub/clips",
                                                       "/cameras/0/main", "/cameras/1/motion/zones/0/polygon",
                                                       "/cameras/1/motion/zones/1"});
    CHECK(loaded.faults[1].text() == "expected a whole number from 1 to 65535, found 0");
    CHECK(loaded.faults[2].text() == R"(expected one of "none", "alarms", "all", found "some")");
}

TEST_CASE("configuration: a retention class that is used has a share, and normal keeps one", "[config]") {
    const auto check = [](const std::string& storage, const std::string& camera) {
        const std::string cameras = R"([{"id":"gate","main":"rtsp://10.0.0.2/1")" + camera + "}]";
        std::string text = minimal(cameras);
        text.insert(1, R"("storage":{)" + storage + "},");
        return pointers(loadConfiguration(text, kBoard));
    };
    using Pointers = std::vector<std::string>;
    CHECK(check(R"("preview_percent":20)", R"(,"sub_class":"preview")").empty());
    CHECK(check("", R"(,"sub_class":"preview")") == Pointers{"/cameras/0/sub_class"});
    CHECK(check("", R"(,"main_class":"long")") == Pointers{"/cameras/0/main_class"});
    CHECK(check(R"("preview_percent":50,"long_percent":41)", "") == Pointers{"/storage/long_percent"});
    // (160 - 4) / 16 = 9 extents: 45 % are 4, the least for long is 3, normal would have 2.
    CHECK(check(R"("ring_mib":160,"preview_percent":45,"long_percent":10)", "") ==
          Pointers{"/storage/extent_mib"});
    CHECK(check(R"("ring_mib":160,"preview_percent":33,"long_percent":10)", "").empty());
}

TEST_CASE("configuration: rules that join fields name the field to change", "[config]") {
    const auto check = [](const std::string& cameras) {
        return pointers(loadConfiguration(minimal(cameras), kBoard));
    };
    using Pointers = std::vector<std::string>;
    CHECK(check(R"([{"id":"Gate","main":"rtsp://x/"}])") == Pointers{"/cameras/0/id"});
    CHECK(check(R"([{"id":"a","main":"rtsp://x/"},{"id":"a","main":"rtsp://y/"}])") ==
          Pointers{"/cameras/1/id"});
    CHECK(check(R"([{"id":"a","main":"http://x/"}])") == Pointers{"/cameras/0/main"});
    CHECK(check(R"([{"id":"a","main":"rtsp://u:p@x/"}])") == Pointers{"/cameras/0/main"});
    // 4 cameras x 40,000 kbit/s x 10 s / 8 = 195 MiB > 96 MiB.
    std::string four;
    for (const auto* id : {"a", "b", "c", "d"}) {
        four += (four.empty() ? "[" : ",") + std::string(R"({"id":")") + id +
                R"(","main":"rtsp://x/","bitrate_kbps":40000})";
    }
    CHECK(check(four + "]") == Pointers{"/cameras"});
}

TEST_CASE("configuration: printing leaves secrets out and reads back", "[config]") {
    const auto text = minimal(R"([{"id":"a","main":"rtsp://x/","motion":{"zones":[
        {"name":"z","kind":"ignore","polygon":[[0,0],[1,0],[1,1]]}]}}])");
    auto loaded = loadConfiguration(text, kBoard);
    applySecrets({{passwordName("a"), "pw-1"}}, loaded.configuration);
    CHECK(loaded.configuration.cameras[0].password == "pw-1");
    const std::string printed = printConfiguration(loaded.configuration);
    CHECK(printed.find("pw-1") == std::string::npos);
    const auto again = loadConfiguration(printed, kBoard);
    INFO(describe(again.faults));
    REQUIRE(again.faults.empty());
    CHECK(again.configuration.cameras[0].motion.zones.at(0).polygon.at(2)[1] == 1);
    CHECK(printConfiguration(again.configuration) == printed);
}

TEST_CASE("configuration: a zone's faults name the zone", "[config][zones]") {
    const auto loaded = loadConfiguration(minimal(R"([{"id":"a","main":"rtsp://x/","motion":{"zones":[
            {"name":"gate","kind":"line","polygon":[[0,0],[1,0],[1,1]]},
            {"name":"path","polygon":[[0,0],[1,0]]},
            {"name":"lawn","polygon":[[0,0],[1,0],[1,1]],"crossing":"to-left"},
            {"name":"night","polygon":[[0,0],[1,0],[1,1]],"hours":"22:00"},
            {"name":"good","kind":"line","polygon":[[0,0],[1,1]],"crossing":"to-right","hours":"mon-fri 22:00-06:00"}
        ]}}])"),
                                          kBoard);
    const std::string at = "/cameras/0/motion/zones/";
    CHECK(pointers(loaded) ==
          std::vector<std::string>{at + "0/polygon", at + "1/polygon", at + "2/crossing", at + "3/hours"});
    for (const auto& fault : loaded.faults) CHECK_THAT(fault.text(), Catch::Matchers::Contains("zone \""));
}

TEST_CASE("boards: every board's data holds", "[config]") {
    const auto name =
        GENERATE(as<std::string>{}, "host", "qemu-arm64", "orangepi-pc", "pine64-plus", "raspberrypi-4");
    const auto board = loadBoard(projectFile("boards/" + name + "/board.json"));
    REQUIRE(board.has_value());
    CHECK(board->name == name);
    CHECK_FALSE(loadBoard("{}").has_value());
}

TEST_CASE("reference: the pages and schemas are what the tables say", "[config][docs]") {
    CHECK(projectFile("boards/schema/board.schema.json") == jsonSchema(boardTable()));
    CHECK(projectFile("firmware/docs/ref/boards.md").find(markdownTables(boardTable())) != std::string::npos);
    CHECK(projectFile("firmware/docs/ref/config.schema.json") == jsonSchema(configurationTable()));
    CHECK(projectFile("firmware/docs/ref/config.md").find(markdownTables(configurationTable())) !=
          std::string::npos);
}

TEST_CASE("configuration: kept sparsely it is the same again", "[config]") {
    const auto loaded = loadConfiguration(
        minimal(R"([{"id":"a","main":"rtsp://x/","record":"off","motion":{"enabled":false}}])"), kBoard);
    const std::string sparse = printSparse(loaded.configuration);
    CHECK(sparse.find("pre_roll_s") == std::string::npos);
    CHECK(sparse.find("storage") == std::string::npos);
    CHECK(loadConfiguration(sparse, kBoard).configuration == loaded.configuration);
}

TEST_CASE("configuration: hours of a pause are read like all hours", "[config][pause]") {
    const auto with = [](const std::string& hours) {
        return loadConfiguration(
            minimal(R"([{"id":"a","main":"rtsp://x/","pause_hours":")" + hours + R"("}])"), kBoard);
    };
    CHECK(with("").faults.empty());
    CHECK(with("mon-fri 17:00-22:00").faults.empty());
    CHECK(pointers(with("in the evening")) == std::vector<std::string>{"/cameras/0/pause_hours"});
}

TEST_CASE("configuration: a time zone is one of the machine's, and the nearest is named", "[config][zone]") {
    const auto with = [](const std::string& zone) {
        return loadConfiguration(
            R"({"version":2,"gateway":"cg-1","time_zone":")" + zone + R"(","hub":{"host":"h"}})", kBoard);
    };
    CHECK(loadConfiguration(minimal("[]"), kBoard).configuration.time_zone == "Asia/Ho_Chi_Minh");
    CHECK(with("Europe/Berlin").faults.empty());
    CHECK(with("UTC").faults.empty());
    const auto hint = [&with](const std::string& zone) {
        const auto loaded = with(zone);
        REQUIRE(pointers(loaded) == std::vector<std::string>{"/time_zone"});
        return loaded.faults[0].hint;
    };
    CHECK(hint("Asia/Ho_Chi_Min") == "did you mean \"Asia/Ho_Chi_Minh\"?");
    CHECK(hint("Ho Chi Minh") == "did you mean \"Asia/Ho_Chi_Minh\"?");
    CHECK(hint("berlin") == "did you mean \"Europe/Berlin\"?");
    CHECK(hint("../../../etc/passwd").empty());
    CHECK(hint("the moon's far side, by night").empty());
    CHECK(pointers(with("")) == std::vector<std::string>{"/time_zone"});
}
