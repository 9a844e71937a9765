#include "console/support_bundle.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

using namespace camgate;
using namespace camgate::console;
using nlohmann::json;

TEST_CASE("support bundle: asks for nothing that shows a picture or a secret", "[console][bundle]") {
    std::set<std::string> asked;
    const json bundle = json::parse(supportBundle(
        [&asked](std::string_view command, const json&) -> Result<std::string> {
            asked.emplace(command);
            return R"({"said":")" + std::string(command) + "\"}";
        },
        "2026-03-01T22:15:00.000Z", "up for 3 d"));
    CHECK(asked == std::set<std::string>{"config.report", "config.revisions", "events", "metrics", "status",
                                         "storage.job", "storage.status"});
    CHECK(bundle["status"]["said"] == "status");
    CHECK(bundle["events"]["said"] == "events");
    CHECK(bundle["machine"] == "up for 3 d");
}

TEST_CASE("support bundle: without a daemon it says why, and what the machine says", "[console][bundle]") {
    const json bundle = json::parse(supportBundle(
        [](std::string_view command, const json&) -> Result<std::string> {
            if (command == "metrics") return "no json";
            return fail(ErrorKind::Unavailable, "no camgated answers");
        },
        "2026-03-01T22:15:00.000Z", "up for 3 d"));
    CHECK(bundle["status"]["error"] == "no camgated answers");
    CHECK(bundle["metrics"]["error"] == "an answer that makes no sense");
    CHECK(bundle["machine"] == "up for 3 d");
}
