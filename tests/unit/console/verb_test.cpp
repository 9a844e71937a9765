#include "console/verb.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "base/file_system.hpp"
#include "console/advice.hpp"
#include "console/completer.hpp"
#include "console/config_mode.hpp"
#include "console/help_text.hpp"
#include "console/shell.hpp"
#include "console/words.hpp"
#include "control/command_table.hpp"

#include "support/places/places.hpp"

using namespace camgate;
using namespace camgate::console;

namespace {

using Words = std::vector<std::string>;

Words words(const std::string& line) {
    return splitLine(line).value();
}
Result<Arguments> parsed(const std::string& line) {
    const Words typed = words(line);
    return parseArguments(**findVerb(typed), typed);
}
Words offered(const Words& typed) {
    const Known known{[] {
                          return Words{"gate", "garden", "yard"};
                      },
                      [](const std::string&) {
                          return Words{"hub/host", "hub/port"};
                      },
                      [](const std::string& setting) {
                          return setting == "time_zone" ? Words{"Asia/Ho_Chi_Minh", "Asia/Tokyo"} : Words{};
                      }};
    return completeWords(typed, known);
}

}  // namespace

TEST_CASE("config edit: the words of config stand alone, all others as before", "[console]") {
    CHECK(withinConfig({"set", "hub/port", "1"}) == Words{"config", "set", "hub/port", "1"});
    CHECK(withinConfig({"commit", "confirm", "5"}) == Words{"config", "commit", "confirm", "5"});
    CHECK(withinConfig({"config", "set"}) == Words{"config", "set"});
    CHECK(withinConfig({"status"}) == Words{"status"});
    CHECK(withinConfig({"exit"}) == Words{"exit"});
    CHECK(withinConfig({}).empty());
    const Known known{[] { return Words{}; }, [](const std::string&) { return Words{"hub/host"}; },
                      [](const std::string&) { return Words{}; }};
    CHECK(completeWithinConfig({"di"}, known) == Words{"diff", "discard"});
    CHECK(completeWithinConfig({"se"}, known) == Words{"secret", "set", "setup"});
    CHECK(completeWithinConfig({"set", "hub"}, known) == Words{"hub/host"});
    CHECK(completeWithinConfig({"stat"}, known) == Words{"status"});
}

TEST_CASE("verbs: every row's example is a line that its row takes", "[console][verbs]") {
    std::set<std::string_view> names;
    for (const Verb& verb : verbTable()) {
        CAPTURE(verb.words);
        CHECK(names.insert(verb.words).second);
        const Words typed = words(verb.example);
        const auto found = findVerb(typed);
        REQUIRE(found.has_value());
        CHECK(*found == &verb);
        CHECK(parseArguments(verb, typed).has_value());
        CHECK_FALSE(std::string(verb.help).empty());
    }
}

TEST_CASE("verbs: options and words in place go to their parameters", "[console][verbs]") {
    const auto events = parsed("events --limit 5 --camera=gate");
    REQUIRE(events.has_value());
    CHECK(events->number("limit", 20) == 5);
    CHECK(events->text("camera") == "gate");
    CHECK(parsed("config show --defaults hub")->text("SETTING") == "hub");
    CHECK(parsed("config commit confirm 10")->number("MINUTES", 0) == 10);
}

TEST_CASE("verbs: all that is wrong with a line is said at once, with how it is used", "[console][verbs]") {
    CHECK(parsed("clip export --camera gate --from yesterday --colour red").error().context ==
          "--from: expected a time like 2026-03-01T22:15:00Z, found \"yesterday\"; there is no --colour; "
          "\"red\" is one word too many; --to is missing; --to-dir is missing; usage: clip export --camera "
          "CAMERA "
          "--from FROM --to TO --to-dir TO-DIR [--quality QUALITY]");
    CHECK(parsed("events --limit").error().context.starts_with("--limit needs a value"));
    CHECK(parsed("events --limit 5 --limit 6").error().context.starts_with("--limit comes twice"));
    CHECK(parsed("config rollback -1").error().context.starts_with("REVISION: expected a whole number"));
}

TEST_CASE("verbs: an unknown command is answered with the nearest", "[console][verbs]") {
    CHECK(findVerb(words("stauts")).error().context ==
          "there is no command \"stauts\" (did you mean \"status\"?)");
    CHECK(findVerb(words("config comit")).error().context ==
          "there is no command \"config comit\" (did you mean \"config commit\"?)");
    CHECK(findVerb(words("x")).error().kind == ErrorKind::NotFound);
    CHECK(findVerb(words("'config report'")).error().kind == ErrorKind::NotFound);
}

TEST_CASE("completion: words of commands, then options, cameras and settings", "[console][verbs]") {
    CHECK(offered({"st"}) == Words{"status", "storage"});
    CHECK(offered({"storage", ""}) == Words{"check", "format", "status"});
    CHECK(offered({"events", "--"}) == Words{"--camera", "--limit"});
    CHECK(offered({"events", "--camera", "ga"}) == Words{"gate", "garden"});
    CHECK(offered({"snapshot", "y"}) == Words{"yard"});
    CHECK(offered({"snapshot", "yard", ""}).empty());
    CHECK(offered({"config", "set", "hub/p"}) == Words{"hub/port"});
    CHECK(offered({"config", "set", "time_zone", "Asia/T"}) == Words{"Asia/Tokyo"});
    CHECK(offered({"config", "set", "hub/port", ""}).empty());
    CHECK(offered({"lang", ""}) == Words{"en", "vi"});
    CHECK(offered({"nothing", ""}).empty());
}

TEST_CASE("completion: adds what all have in common, and a blank behind the only one", "[console][verbs]") {
    CHECK(completionOf("ga", {"gate", "garden"}).empty());
    CHECK(completionOf("g", {"gate", "garden"}) == "a");
    CHECK(completionOf("y", {"yard"}) == "ard ");
    CHECK(completionOf("yard", {"yard"}) == " ");
    CHECK(completionOf("x", {}).empty());
}

TEST_CASE("help: usage, parameters and an example out of the row", "[console][verbs]") {
    const std::string help = helpFor(words("config set"));
    CHECK_THAT(help, Catch::Matchers::Contains("config set SETTING VALUE"));
    CHECK_THAT(help, Catch::Matchers::Contains("For example: config set cameras/gate/name"));
    CHECK_THAT(helpFor(words("storage")), Catch::Matchers::Contains("storage check"));
    CHECK_THAT(helpFor({}), Catch::Matchers::Contains("clip export"));
    CHECK_THAT(helpFor(words("sotrage")), Catch::Matchers::Contains("there is no command"));
}

TEST_CASE("reference: the page of commands is what the table says", "[console][docs]") {
    RealFileSystem files;
    const auto page = readTextFile(files, places::goldenFolder() + "/../../firmware/docs/ref/cli.md");
    REQUIRE(page.has_value());
    CHECK(page->ends_with(control::markdownMethods() + "\n" + markdownAdvice() + "\n" + markdownVerbs()));
}
