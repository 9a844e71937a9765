#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "console/audit_view.hpp"
#include "console/json_text.hpp"
#include "console/render.hpp"
#include "console/table_text.hpp"
#include "support/base/time_zone.hpp"

using namespace camgate::console;

TEST_CASE("console: columns line up, also with letters of more than one byte", "[console]") {
    CHECK(tableText({{"A", "B"}, {"cổng", "1"}, {"x", "22"}}) ==
          "A     B\n"
          "cổng  1\n"
          "x     22\n");
}

TEST_CASE("console: on a narrow screen a list is a block for each row, without what is not there",
          "[console]") {
    const std::vector<Row> rows{{"CAMERA", "STATE", "DETAIL"}, {"cổng", "ok", "-"}, {"x", "-", "a cable"}};
    CHECK(listText(rows) == tableText(rows));
    fitLists(22);
    CHECK(listText(rows) == tableText(rows));  // its widest line has 22
    fitLists(21);
    CHECK(listText(rows) ==
          "CAMERA  cổng\n"
          "STATE   ok\n"
          "\n"
          "CAMERA  x\n"
          "DETAIL  a cable\n");
    CHECK(listText({rows[0]}) == tableText({rows[0]}));
    fitLists(std::nullopt);
}

TEST_CASE("console: what was not measured shows as a dash", "[console]") {
    const std::string text =
        renderStatus(R"({"gateway":"cg-1","cameras":[{"id":"gate","state":"ok"}],"processes":[]})");
    CHECK(text.find("gateway  cg-1, firmware -") != std::string::npos);
    CHECK(text.find("gate    ok     -") != std::string::npos);
}

TEST_CASE("console: events show one row each", "[console]") {
    const std::string text = renderEvents(
        R"({"events":[{"event":"e1","camera":"gate","phase":"end","start":"S","last_motion":"L","confidence":0.5,"zones":["a","b"]}]})");
    CHECK(text.find("S      gate    end    L            0.50        a,b    e1") != std::string::npos);
}

TEST_CASE("console: the audit says who took what and why in plain words", "[console]") {
    const std::string text = renderAudit(
        R"({"broken":[],"entries":[{"number":7,"at":"T","actor":"ab","action":"clip.request","outcome":"done","detail":{"signer":"hub-1","officer":"An","camera":"gate","from":"F","to":"U","case":"17","purpose":"theft"}}]})");
    CHECK(text.find("7   T     An (hub-1)  asked for footage  gate    F to U         17, theft  done") !=
          std::string::npos);
    CHECK(text.find("The entries hold together.") != std::string::npos);
    CHECK(renderAudit(R"({"broken":[3],"entries":[]})").find("NOT AS THEY WERE WRITTEN: 3") !=
          std::string::npos);
}

TEST_CASE("console: the audit tells the owner from the technician, and older entries stay readable",
          "[console]") {
    const auto who = [](const std::string& actor) {
        return renderAudit(R"({"entries":[{"number":1,"actor":")" + actor +
                           R"(","action":"login.set","outcome":"done"}]})");
    };
    CHECK(who("console owner").find("the owner, at the gateway") != std::string::npos);
    CHECK(who("console technician").find("the technician, at the gateway  set a PIN") != std::string::npos);
    CHECK(who("console").find("  at the gateway") != std::string::npos);
    CHECK(who("console console").find("  at the gateway") != std::string::npos);
}

TEST_CASE("console: times are shown as the household's clock has them", "[console][zone]") {
    const camgate::test::InTimeZone vietnam("Asia/Ho_Chi_Minh");
    CHECK(timeOf("2026-03-01T22:15:00.123Z") == "2026-03-02T05:15:00+07:00");
    CHECK(timeOf(nullptr) == "-");
    CHECK(timeOf("not yet") == "not yet");
    CHECK(
        renderEvents(R"({"events":[{"start":"2026-03-01T22:15:00Z"}]})").find("2026-03-02T05:15:00+07:00") !=
        std::string::npos);
    CHECK(renderAudit(R"({"entries":[{"at":"2026-03-01T22:15:00Z"}]})").find("2026-03-02T05:15:00+07:00") !=
          std::string::npos);
}

TEST_CASE("console: the audit says when somebody looked on live, and why that ended", "[console]") {
    const std::string text = renderAudit(
        R"({"broken":[],"entries":[{"number":8,"at":"T","actor":"ab","action":"live.end","outcome":"paused","detail":{"signer":"hub-1","camera":"gate","bytes":7}},{"number":7,"at":"T","actor":"ab","action":"clip.request","outcome":"done","detail":{"signer":"hub-1","camera":"gate","to":"follow","case":"17"}}]})");
    CHECK(text.find("8   T     hub-1  stopped looking on  gate    -              -    camera paused") !=
          std::string::npos);
    CHECK(text.find("7   T     hub-1  asked for footage   gate    live           17   done") !=
          std::string::npos);
}

TEST_CASE("console: an answer that makes no sense renders as nothing measured", "[console][hostile]") {
    for (const auto* text : {"", "[]", "{\"cameras\":5}", "{\"cameras\":[1,null]}", "{\"storage\":[]}"}) {
        CHECK_FALSE(renderStatus(text).empty());
        CHECK_FALSE(renderEvents(text).empty());
        CHECK_FALSE(renderAudit(text).empty());
    }
}
