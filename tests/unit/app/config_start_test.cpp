#include "app/config_start.hpp"

#include <catch2/catch.hpp>

#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/config/documents.hpp"

using namespace camgate;
using namespace camgate::app;

namespace {

struct ConfigStartRig {
    test::MemoryFileSystem disk;
    test::FakeClock clock;

    ConfigStartRig() {
        REQUIRE(disk.makeDirectory("/data"));
        REQUIRE(disk.makeDirectory("/etc"));
        write(test::sampleDocument());
    }
    void write(const std::string& text) { REQUIRE(replaceFile(disk, "/etc/camgate.json", text)); }
    Result<StartingConfig> start(const std::string& data = "/data") {
        return startingConfig({disk, clock, test::sampleBoard(), "/etc/camgate.json", data});
    }
    /// As after a start at which `change` was made to what is kept.
    template <class Change>
    void keep(Change change) {
        auto started = start().value();
        change(started.history);
        REQUIRE(started.store->save(started.history));
    }
};

std::string with(const std::string& from, const std::string& to) {
    std::string text = test::sampleDocument();
    return text.replace(text.find(from), from.size(), to);
}

config::Revision otherHub(std::uint64_t number) {
    return {number, 1, "hub", "operator", "", with("hub.example", "hub2.example")};
}

}  // namespace

TEST_CASE("config start: the file is the first revision, and is not taken twice", "[app][config]") {
    ConfigStartRig rig;
    CHECK(rig.start()->history.current == 1);
    const auto again = rig.start();
    CHECK(again->history.current == 1);
    CHECK(again->history.revisions.size() == 1);
    CHECK(again->history.revisions[0].source == "file");
    CHECK(again->configuration.cameras.size() == 2);
}

TEST_CASE("config start: a revision from elsewhere counts until the file is another", "[app][config]") {
    ConfigStartRig rig;
    rig.keep([](config::History& history) {
        history.add(otherHub(2));
        history.current = 2;
    });
    CHECK(rig.start()->configuration.hub.host == "hub2.example");
    rig.write(with("hub.example", "hub3.example"));
    const auto started = rig.start();
    CHECK(started->configuration.hub.host == "hub3.example");
    CHECK(started->history.current == 3);
    CHECK(started->history.find(3)->base == 2);
}

TEST_CASE("config start: a file that is broken or gone does not stop what has a revision",
          "[app][config][fault]") {
    ConfigStartRig rig;
    REQUIRE(rig.start());
    rig.write("{");
    CHECK(rig.start()->configuration.hub.host == "hub.example");
    REQUIRE(rig.disk.remove("/etc/camgate.json"));
    CHECK(rig.start()->configuration.hub.host == "hub.example");
}

TEST_CASE("config start: without a revision a broken file is refused with its faults",
          "[app][config][fault]") {
    ConfigStartRig rig;
    rig.write(with("\"version\": 2", "\"version\": 2, \"colour\": 1"));
    const auto started = rig.start();
    REQUIRE_FALSE(started.has_value());
    CHECK_THAT(started.error().context, Catch::Matchers::Contains("/colour"));
    CHECK(rig.disk.list("/data")->empty());
}

TEST_CASE("config start: a revision that this board refuses gives way to the newest that it takes",
          "[app][config][fault]") {
    ConfigStartRig rig;
    rig.keep([](config::History& history) {
        history.add({2, 1, "hub", "", "", with("\"preview_percent\": 20", "\"preview_percent\": 99")});
        history.current = 2;
    });
    CHECK(rig.start()->history.current == 1);
}

TEST_CASE("config start: a trial that a stop cut short is still open", "[app][config]") {
    ConfigStartRig rig;
    rig.keep([](config::History& history) {
        history.add(otherHub(2));
        history.trial = 2;
    });
    const auto started = rig.start();
    CHECK(started->history.trial == 2);
    CHECK(started->configuration.hub.host == "hub.example");
}

TEST_CASE("config start: passwords of an old file are kept sealed, and not in the history",
          "[app][config][secrets]") {
    ConfigStartRig rig;
    std::string old = with("\"version\": 2,", "");
    old.replace(old.find("\"user\": \"camgate\""), 17, "\"password\": \"look-4-me\"");
    rig.write(old);
    REQUIRE(rig.start());
    rig.write(test::sampleDocument());  // without the password
    const auto started = rig.start();
    CHECK(started->secrets.at("cameras/gate/password") == "look-4-me");
    CHECK(started->configuration.cameras[0].password.empty());
    const auto names = rig.disk.list("/data");
    for (const std::string& name : *names) {
        const Bytes content = rig.disk.contentOf("/data/" + name);
        CAPTURE(name);
        CHECK(asText(content).find("look-4-me") == std::string::npos);
    }
}

TEST_CASE("config start: without a data folder the file counts, and nothing is kept", "[app][config]") {
    ConfigStartRig rig;
    const auto started = rig.start("/nowhere");
    REQUIRE(started.has_value());
    CHECK_FALSE(started->store.has_value());
    CHECK(started->configuration.hub.host == "hub.example");
}
