#include "console/words.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::console;

namespace {

using Words = std::vector<std::string>;

std::string refusal(const std::string& line) {
    return splitLine(line).error().context;
}

}  // namespace

TEST_CASE("words: blanks divide, quotes hold together, a backslash takes what follows", "[console][words]") {
    CHECK(splitLine("").value().empty());
    CHECK(splitLine("  config\tset  a ").value() == Words{"config", "set", "a"});
    CHECK(splitLine(R"(set name "Cổng sau" 'a "b"')").value() == Words{"set", "name", "Cổng sau", "a \"b\""});
    CHECK(splitLine(R"(a\ b "c\"d" '\')").value() == Words{"a b", "c\"d", "\\"});
    CHECK(splitLine(R"(x"" "")").value() == Words{"x", ""});
    CHECK(splitLine("status\r\n").value() == Words{"status"});
}

TEST_CASE("words: what a noisy cable brings is refused in words", "[console][words][hostile]") {
    CHECK(refusal(std::string("sta\0tus", 7)) == "the line holds control characters: noise on the cable?");
    CHECK(refusal("status\x1B[A") == "the line holds control characters: noise on the cable?");
    CHECK(refusal("\xFF\xFE\x80") == "the line is not UTF-8");
    CHECK(refusal(std::string(10'000, 'x')) == "the line has 10000 bytes, at most 4096 are read");
    CHECK(refusal("set \"a b") == "the quote \" has no end");
}

TEST_CASE("words: a quoted word comes back as it was", "[console][words]") {
    for (const std::string word : {"", "gate", "Cổng sau", "a\"b", "\\", "'", "a\tb"}) {
        CAPTURE(word);
        CHECK(splitLine(console::quoted(word)).value() == Words{word});
    }
}
