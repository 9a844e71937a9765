#include "app/config_console.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/app/card.hpp"
#include "support/base/fake_loop.hpp"
#include "support/config/documents.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using Json = nlohmann::json;

namespace {

struct Household final : Configured {
    std::vector<config::Configuration> followed;
    config::Health works{true, {"gate", "yard"}};
    void follow(const config::Configuration& configuration) override { followed.push_back(configuration); }
    config::Health health() const override { return works; }
    void configurationChanged() override {}
    void audit(const uplink::AuditRecord& entry) override { audited.push_back(entry); }
    std::vector<uplink::AuditRecord> audited;
};

struct ConfigConsoleRig {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::Card card;
    Household household;
    std::optional<ConfigDesk> desk;
    std::optional<ConfigConsole> console;

    ConfigConsoleRig() {
        REQUIRE(card.makeDirectory("/data"));
        REQUIRE(card.makeDirectory("/etc"));
        REQUIRE(replaceFile(card, "/etc/camgate.json", test::sampleDocument()));
        start();
    }
    void start() {
        console.reset();
        desk.emplace(
            loop, card, "/data", test::sampleBoard(),
            startingConfig({card, clock, test::sampleBoard(), "/etc/camgate.json", "/data"}).value());
        desk->lead(&household);
        console.emplace(*desk, test::sampleBoard());
    }
    Result<std::string> ask(const std::string& command, const Json& parameters = Json::object()) {
        std::optional<Result<std::string>> answer;
        console->call("console technician", command, parameters.dump(),
                      [&answer](Result<std::string> given) { answer = std::move(given); });
        while (!answer && loop.waitForPost()) loop.runPosted();
        return answer.value();
    }
    Json said(const std::string& command, const Json& parameters = Json::object()) {
        return Json::parse(ask(command, parameters).value());
    }
    void settle() {
        loop.advance(1s);
        while (desk->keeper().outcome().fate == config::Fate::Trial && loop.waitForPost()) loop.runPosted();
    }
};

}  // namespace

TEST_CASE("config console: edited, looked at, committed, and in force after the trial", "[app][config]") {
    ConfigConsoleRig rig;
    const Json checked = rig.said("config.set", {{"path", "hub/cap_kbps"}, {"value", "256"}});
    CHECK(checked["errors"].empty());
    CHECK(rig.said("config.diff")["differences"] == Json::parse(R"([{"path":"hub/cap_kbps","to":256}])"));
    CHECK(rig.said("config.commit") == Json::parse(R"({"state":"trial","revision":2})"));
    REQUIRE(rig.household.followed.size() == 1);
    CHECK(rig.household.followed[0].hub.cap_kbps == 256);
    rig.settle();
    const Json report = rig.said("config.report");
    CHECK(report["revision"] == 2);
    CHECK(report["source"] == "console");
    CHECK(rig.said("config.diff")["differences"].empty());
    CHECK(rig.said("config.revisions")["revisions"].size() == 2);
    REQUIRE_FALSE(rig.household.audited.empty());
    CHECK(rig.household.audited.back().action == "config.change");
    CHECK(rig.household.audited.back().outcome == "applied");
    CHECK(rig.household.audited.back().actor == "console technician");
    CHECK(rig.said("config.revisions")["revisions"][0]["who"] == "console technician");
}

TEST_CASE("config console: faults of the candidate are told at once, and it is not taken", "[app][config]") {
    ConfigConsoleRig rig;
    const Json checked = rig.said("config.set", {{"path", "hub/port"}, {"value", "0"}});
    CHECK(checked["errors"][0]["pointer"] == "/hub/port");
    CHECK(rig.said("config.commit")["state"] == "rejected");
    CHECK(rig.household.audited.back().outcome == "rejected");
    CHECK(rig.household.audited.back().actor == "console technician");
    CHECK(rig.said("config.check")["edited"] == true);  // still there to be mended
    rig.said("config.discard");
    CHECK(rig.said("config.check")["edited"] == false);
    CHECK(rig.ask("config.commit").error().context == "nothing was edited");
}

TEST_CASE("config console: who edits an old revision while the hub writes a new one is told so",
          "[app][config]") {
    ConfigConsoleRig rig;
    rig.said("config.set", {{"path", "hub/cap_kbps"}, {"value", "256"}});
    std::string other = test::sampleDocument();
    other.replace(other.find("hub.example"), 11, "hub2.example");
    rig.desk->onDesired({2, 1, other, "operator"});
    while (rig.household.followed.empty() && rig.loop.waitForPost()) rig.loop.runPosted();
    rig.settle();
    const Json outcome = rig.said("config.commit");
    CHECK(outcome["state"] == "rejected");
    CHECK(outcome["reason"] == "conflict: it was made from revision 1, revision 2 is in force");
}

TEST_CASE("config console: an older revision comes back as a candidate", "[app][config]") {
    ConfigConsoleRig rig;
    rig.said("config.set", {{"path", "hub/cap_kbps"}, {"value", "256"}});
    rig.said("config.commit");
    rig.settle();
    rig.said("config.rollback", {{"revision", 1}});
    CHECK(rig.said("config.diff")["differences"][0]["path"] == "hub/cap_kbps");
    rig.said("config.commit");
    rig.settle();
    CHECK(rig.said("config.report")["revision"] == 3);
    CHECK(rig.ask("config.rollback", {{"revision", 77}}).error().kind == ErrorKind::NotFound);
}

TEST_CASE("config console: a commit that is to be confirmed waits for the word", "[app][config]") {
    ConfigConsoleRig rig;
    CHECK_FALSE(rig.ask("config.confirm"));
    rig.said("config.set", {{"path", "hub/cap_kbps"}, {"value", "256"}});
    CHECK_FALSE(rig.ask("config.commit", {{"confirm_minutes", 0}}));
    rig.said("config.commit", {{"confirm_minutes", 10}});
    rig.loop.advance(5min);
    CHECK(rig.said("config.report")["trial"]["wants_confirmation"] == true);
    rig.said("config.confirm");
    rig.settle();
    CHECK(rig.said("config.report")["revision"] == 2);
}

TEST_CASE("config console: a secret goes to its camera, and never comes back", "[app][config][secrets]") {
    ConfigConsoleRig rig;
    rig.said("secret.set", {{"name", "cameras/gate/password"}, {"value", "look-4-me"}});
    CHECK(rig.household.followed.back().cameras[0].password == "look-4-me");
    for (const char* command : {"config.show", "config.report", "config.revisions", "config.check"})
        CHECK(rig.ask(command).value().find("look-4-me") == std::string::npos);
    CHECK(rig.said("config.report")["secrets"]["cameras/gate/password"] == "set");
    CHECK(rig.ask("secret.set", {{"name", "cameras/none/password"}, {"value", "x"}}).error().kind ==
          ErrorKind::NotFound);
    rig.start();
    CHECK(rig.desk->configuration().cameras[0].password == "look-4-me");
    rig.said("secret.set", {{"name", "cameras/gate/password"}, {"value", ""}});
    CHECK(rig.said("config.report")["secrets"]["cameras/gate/password"] == "unset");
}

TEST_CASE("config console: without a data folder nothing is changed", "[app][config][fault]") {
    ConfigConsoleRig rig;
    rig.console.reset();
    rig.desk.emplace(
        rig.loop, rig.card, "/nowhere", test::sampleBoard(),
        startingConfig({rig.card, rig.clock, test::sampleBoard(), "/etc/camgate.json", "/nowhere"}).value());
    rig.desk->lead(&rig.household);
    rig.console.emplace(*rig.desk, test::sampleBoard());
    rig.said("config.set", {{"path", "hub/cap_kbps"}, {"value", "256"}});
    const Json outcome = rig.said("config.commit");
    CHECK(outcome["state"] == "rejected");
    CHECK_THAT(outcome["reason"].get<std::string>(), Catch::Matchers::Contains("data folder"));
    CHECK(rig.household.followed.empty());
}
