#include "app/factory_desk.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/app/card.hpp"
#include "support/base/fake_loop.hpp"

using namespace camgate;
using namespace camgate::app;
using nlohmann::json;

namespace {

constexpr std::array kKept{"identity", "secrets.key", "secrets", "outbox.db", "logins", "config.a"};

struct FactoryDeskRig {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::Card card;
    Status keeps;  ///< what the audit answers
    bool ring_open = false;
    Recorder recorder;
    EraseDesk erasing{
        clock, recorder,
        [this](const uplink::AuditRecord&, const std::function<void(Status)>& kept) { kept(keeps); }};
    config::Configuration configuration;
    int starts_over = 0;
    FactoryDesk desk{card, "/data", configuration, erasing, [this] { ++starts_over; }};

    explicit FactoryDeskRig(bool sealed = true)
        : recorder(
              loop, card,
              RecorderOptions{"/card/ring",
                              {.size_bytes = 24U << 20U, .extent_bytes = 4U << 20U, .gateway = "cg-1"},
                              8U << 20U,
                              {{"gate"}},
                              {sealed, "/stick/ring.key", {}}},
              [] {}, [this](ring::Ring&) { ring_open = true; }, [] {}) {
        configuration.gateway = "cg-1";
        REQUIRE(card.makeDirectory("/data"));
        for (const char* name : kKept) REQUIRE(replaceFile(card, std::string("/data/") + name, "x"));
        recorder.start();
        settle();
        REQUIRE(ring_open);
    }
    void settle() {
        bool reached = false;
        REQUIRE(recorder.thread().tryPost([&] { loop.post([&] { reached = true; }); }));
        while (!reached) {
            REQUIRE(loop.waitForPost());
            loop.runPosted();
        }
    }
    Result<std::string> reset(const std::string& id = "cg-1") {
        Result<std::string> answered = fail(ErrorKind::Timeout, "not answered");
        desk.reset("console technician", json{{"gateway", id}}.dump(),
                   [&answered](Result<std::string> result) { answered = std::move(result); });
        settle();
        return answered;
    }
    std::size_t kept() {
        return static_cast<std::size_t>(std::ranges::count_if(
            kKept, [this](const char* name) { return card.exists(std::string("/data/") + name); }));
    }
};

}  // namespace

TEST_CASE("factory reset: footage first, then all that was set here, then it starts over", "[app][reset]") {
    FactoryDeskRig rig;
    REQUIRE(rig.reset());
    CHECK(rig.kept() == 0);
    CHECK(rig.starts_over == 1);
}

TEST_CASE("factory reset: erasing fails, so nothing is forgotten", "[app][reset][fault]") {
    SECTION("the ring is not sealed, its footage cannot be destroyed") {
        FactoryDeskRig rig(false);
        CHECK(rig.reset().error().kind == ErrorKind::FailedPrecondition);
        CHECK(rig.kept() == kKept.size());
        CHECK(rig.starts_over == 0);
    }
    SECTION("no audit entry can be kept") {
        FactoryDeskRig rig;
        rig.keeps = fail(ErrorKind::NoSpace, "the outbox is full");
        CHECK(rig.reset().error().kind == ErrorKind::NoSpace);
        CHECK(rig.kept() == kKept.size());
        CHECK(rig.starts_over == 0);
    }
    SECTION("another gateway was meant") {
        FactoryDeskRig rig;
        CHECK(rig.reset("cg-2").error().kind == ErrorKind::InvalidArgument);
        CHECK(rig.kept() == kKept.size());
        CHECK(rig.starts_over == 0);
    }
}
