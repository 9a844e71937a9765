#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "console/storage_job.hpp"
#include "console/storage_view.hpp"

using namespace camgate;
using namespace camgate::console;
using nlohmann::json;

namespace {

const std::string kStatus =
    R"text({"state":"ok","detail":"","path":"/data/ring","sealed":"yes (key file)","ring_bytes":268435456,
  "writes":{"bytes_ever":1073741824,"bytes_per_s":500000.4,"measured_s":3600,"failed":0},
  "media_pool":{"stall_cover_s":83.3,"cameras":[]},
  "life":{"days":2314.8,"rated_tbw_tb":117,"emmc_used_percent":20},
  "retention":[{"camera":"gate","stream":"main","from":"A","to":"B","hours":72},
               {"camera":"gate","stream":"sub","from":"C","to":"B","hours":1.5}],
  "write_times":{"longest_ms":41,"histogram":[{"up_to_ms":10,"rounds":7},{"rounds":1}]}})text";

}  // namespace

TEST_CASE("console: the card's status says what is kept, written, worn and how it stalls", "[console]") {
    const std::string text = renderStorage(kStatus);
    for (const auto* part :
         {"/data/ring, 256.0 MiB", "yes (key file)", "1.0 GiB ever, 500000 B/s over 3600 s, 0 failed",
          "83 s without a write before footage is lost",
          "2315 days at this rate, rated for 117 TB, used by its own account, at most 20 %",
          "gate    main    3.0 days", "gate    sub     1.5 h", "10 ms         7", "longer        1",
          "longest 41 ms"}) {
        CHECK_THAT(text, Catch::Contains(part));
    }
}

TEST_CASE("console: a card of which nothing is known shows dashes", "[console]") {
    CHECK_THAT(renderStorage("{}"), Catch::Contains("- ever, - over -, - failed"));
    CHECK_THAT(renderStorage("{}"), Catch::Contains("not measured yet"));
    CHECK_FALSE(renderFormat("[]").empty());
    CHECK(whatIsLost(R"({"path":"/data/ring"})") == "This erases whatever lies at /data/ring.");
    CHECK(whatIsLost(kStatus) ==
          "This erases all footage in /data/ring: gate main since A; gate sub since C.");
}

TEST_CASE("console: what is about to be erased is said in days", "[console]") {
    CHECK(whatIsErased("gate", "", "") ==
          "This erases footage for good, also what a clip still needs: gate, all days.");
    CHECK_THAT(whatIsErased("gate", "A", ""), Catch::Contains("whole days in UTC from A to today"));
    CHECK_THAT(whatIsErased("gate", "", "B"), Catch::Contains("from the oldest to B"));
    CHECK_THAT(renderErased(R"({"keys":3})"), Catch::Contains("3 keys"));
    CHECK_FALSE(renderErased("[]").empty());
}

TEST_CASE("console: a job is followed to its end", "[console]") {
    std::vector<std::string> answers{R"({"state":"running","done_bytes":4,"total_bytes":8})",
                                     R"({"state":"done","result":{"stalls":1}})"};
    int pauses = 0;
    std::uint64_t done = 0;
    const auto follow = [&](const Result<std::string>& begun) {
        std::size_t next = 0;
        return followJob(
            [&](std::string_view command, const json&) -> Result<std::string> {
                return command == "storage.job" ? answers.at(next++) : begun;
            },
            "storage.format", json::object(), [&](std::uint64_t now, std::uint64_t) { done = now; },
            [&] { return ++pauses < 100; });
    };
    CHECK(follow(std::string("{}")) == answers[1]);
    CHECK(pauses == 1);
    CHECK(done == 4);
    CHECK(follow(fail(ErrorKind::Unavailable, "busy")).error().context == "busy");
    answers = {R"({"state":"failed","error":"the card is out"})"};
    CHECK(follow(std::string("{}")).error().context == "the card is out");
    answers = {"[]"};
    CHECK(follow(std::string("{}")).error().kind == ErrorKind::Corruption);
}
