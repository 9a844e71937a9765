#include "control/login.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/base/fake_clock.hpp"

using namespace camgate;
using namespace camgate::control;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct LoginFixture {
    test::FakeClock clock;
    std::string book;
    std::vector<std::string> audited;
    std::vector<std::string> actors;
    int random = 0;
    Tickets tickets;
    Login login{ports(), "", tickets};
    Visitor visitor{1000, std::nullopt};

    LoginPorts ports() {
        LoginPorts out{clock, 900, {}, {}, {}, {}};
        out.hash = [](const std::string& pin, const std::string& salt) { return "h(" + salt + pin + ")"; };
        out.random = [this]() -> Result<std::string> { return "r" + std::to_string(++random); };
        out.save = [this](std::string text) { book = std::move(text); };
        out.audit = [this](std::string_view action, std::string_view outcome, std::optional<Role> who,
                           const std::string& detail) {
            audited.push_back(std::string(action) + " " + std::string(outcome));
            actors.push_back(actorOf(who) + " " + detail);
        };
        return out;
    }
    Result<std::string> call(std::string_view command, const std::string& role, const std::string& pin) {
        return login.call(visitor, command, json{{"role", role}, {"pin", pin}}.dump());
    }
    Status may(std::string_view command, const std::string& parameters = "{}") {
        return login.mayCall(visitor, *findCommand(command), parameters);
    }
};

}  // namespace

TEST_CASE("login: before the first PIN only root and the daemon's own user do more than diagnosis",
          "[control][login]") {
    LoginFixture f;
    CHECK(f.may("status"));
    CHECK_FALSE(f.may("config.show"));
    f.visitor.uid = 900;
    CHECK(f.may("clip.plan"));
    f.visitor.uid = 0;
    CHECK(f.may("factory.reset"));
}

TEST_CASE("login: the first PIN is the technician's, the owner's he hands over, others' stay",
          "[control][login]") {
    LoginFixture f;
    CHECK_FALSE(f.call("login.set", "owner", "314159"));
    REQUIRE(f.call("login.set", "technician", "271828"));
    CHECK(f.visitor.role == Role::Technician);
    REQUIRE(f.call("login.set", "owner", "314159"));
    CHECK(f.visitor.role == Role::Technician);
    CHECK_FALSE(f.call("login.set", "owner", "161803"));
    f.visitor = {0, std::nullopt};
    CHECK_FALSE(f.may("config.show"));
    CHECK_FALSE(f.call("login.set", "technician", "161803"));
    REQUIRE(f.call("login", "owner", "314159"));
    CHECK(f.may("clip.plan"));
    CHECK_FALSE(f.may("config.set"));
    CHECK(f.call("login.set", "owner", "161803"));
    CHECK(f.audited.back() == "login.set done");
}

TEST_CASE("login: an entry names who is proven to have done it, and whose PIN it was about",
          "[control][login]") {
    LoginFixture f;
    REQUIRE(f.call("login.set", "technician", "271828"));  // nobody can be logged in yet
    REQUIRE(f.call("login.set", "owner", "314159"));
    f.visitor.role.reset();
    CHECK_FALSE(f.call("login", "owner", "000001"));
    REQUIRE(f.call("login", "owner", "314159"));
    CHECK(f.actors == std::vector<std::string>{
                          R"(console {"role":"technician"})", R"(console technician {"role":"owner"})",
                          R"(console {"role":"owner"})", R"(console owner {"role":"owner"})"});
}

TEST_CASE("login: PINs that are guessed first are refused", "[control][login]") {
    LoginFixture f;
    for (const char* pin : {"12345", "123456", "000000", "987654", ""}) {
        INFO(pin);
        CHECK(f.call("login.set", "technician", pin).error().kind == ErrorKind::InvalidArgument);
    }
    CHECK_FALSE(f.login.anyPin());
}

TEST_CASE("login: wrong PINs wait longer and longer, also after a restart", "[control][login]") {
    LoginFixture f;
    REQUIRE(f.call("login.set", "technician", "271828"));
    f.visitor.role.reset();
    for (int i = 0; i < 4; ++i) CHECK(f.call("login", "technician", "000001").error().context == "wrong PIN");
    // The fourth failure costs 2 s; the right PIN waits as well.
    CHECK(f.call("login", "technician", "271828").error().context == "too many wrong PINs: wait 2 s");
    f.clock.advance(2s);
    CHECK(f.call("login", "technician", "000001").error().context == "wrong PIN");
    Login again(f.ports(), f.book, f.tickets);
    const std::string right = json{{"role", "technician"}, {"pin", "271828"}}.dump();
    CHECK(again.call(f.visitor, "login", right).error().context == "too many wrong PINs: wait 4 s");
    f.clock.advance(4s);
    CHECK(again.call(f.visitor, "login", right));
    CHECK(json::parse(f.book)["technician"]["failures"] == 0);
    CHECK(f.audited.back() == "login done");
    CHECK(f.audited[1] == "login refused");
}

TEST_CASE("login: the longest wait is 15 min", "[control][login]") {
    LoginFixture f;
    REQUIRE(f.call("login.set", "technician", "271828"));
    for (int i = 0; i < 40; ++i) {
        (void)f.call("login", "technician", "000001");
        f.clock.advance(Login::kLongestDelay);
    }
    (void)f.call("login", "technician", "000001");
    f.clock.advance(Login::kLongestDelay);
    CHECK(f.call("login", "technician", "271828"));
}

TEST_CASE("login: a ticket logs in elsewhere until it is not used for half an hour", "[control][login]") {
    LoginFixture f;
    const auto set = f.call("login.set", "technician", "271828");
    const json ticket = {{"ticket", json::parse(*set)["ticket"]}};
    Visitor other{1000, std::nullopt};
    f.clock.advance(29min);
    CHECK(f.login.call(other, "login.resume", ticket.dump()));
    CHECK(other.role == Role::Technician);
    f.clock.advance(29min);
    CHECK(f.login.call(other, "login.resume", ticket.dump()));
    f.clock.advance(31min);
    CHECK_FALSE(f.login.call(other, "login.resume", ticket.dump()));
    CHECK_FALSE(f.login.call(other, "login.resume", R"({"ticket":""})"));
}

TEST_CASE("login: a technician's live stills are audited and limited", "[control][login]") {
    LoginFixture f;
    REQUIRE(f.call("login.set", "technician", "271828"));
    for (int i = 0; i < Login::kStillsAMinute; ++i) CHECK(f.may("snapshot"));
    CHECK_FALSE(f.may("snapshot"));
    CHECK(std::ranges::count(f.audited, "snapshot done") == Login::kStillsAMinute);
    f.clock.advance(1min);
    CHECK(f.may("snapshot", R"({"camera":"gate"})"));
    CHECK(f.actors.back() == R"(console technician {"camera":"gate"})");
}

TEST_CASE("login: a damaged book lets nobody in and sets no first PIN", "[control][login]") {
    LoginFixture f;
    for (const char* book : {"garbage", "[]", R"({"technician": 3})", R"({"technician": {"salt": "a"}})"}) {
        INFO(book);
        Login login(f.ports(), book, f.tickets);
        Visitor root{0, std::nullopt};
        const std::string pin = json{{"role", "technician"}, {"pin", "271828"}}.dump();
        CHECK_FALSE(login.mayCall(root, *findCommand("config.show"), "{}"));
        CHECK(login.mayCall(root, *findCommand("status"), "{}"));
        CHECK_FALSE(login.call(root, "login.set", pin));
        CHECK_FALSE(login.call(root, "login", pin));
    }
}

TEST_CASE("login: a daemon whose parts start anew throws nobody out", "[control][login]") {
    LoginFixture f;
    const auto given = f.call("login.set", "technician", "271828");
    REQUIRE(given);
    const std::string ticket = json::parse(*given)["ticket"];
    Login anew(f.ports(), f.book, f.tickets);
    Visitor again{1000, std::nullopt};
    CHECK(anew.call(again, "login.resume", json{{"ticket", ticket}}.dump()));
    CHECK(again.role == Role::Technician);
    f.clock.advance(Login::kTicketLife + 1s);
    CHECK_FALSE(anew.call(again, "login.resume", json{{"ticket", ticket}}.dump()));
}
