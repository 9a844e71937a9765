#include <catch2/catch.hpp>

#include "console/local_view.hpp"
#include "console/pager.hpp"
#include "console/seven_bit.hpp"

using namespace camgate::console;

TEST_CASE("seven bits: Vietnamese letters lose their marks, the rest a question mark", "[console]") {
    CHECK(sevenBit("Cổng sau, ngõ 12: Đường Nguyễn Ưng, ý Ỹ") == "Cong sau, ngo 12: Duong Nguyen Ung, y Y");
    CHECK(sevenBit("ẤấỰựỢợỆệỈỉ") == "AaUuOoEeIi");
    CHECK(sevenBit("a€\xF0\x9F\x8E\xA5z") == "a??z");
    CHECK(sevenBit("cut \xE1\xBB") == "cut ??");
}

TEST_CASE("pager: pages hold whole lines and leave a row for the question", "[console]") {
    std::string text;
    for (int i = 0; i < 50; ++i) text += "line " + std::to_string(i) + "\n";
    const auto pages = pagesOf(text, {24, 80});
    REQUIRE(pages.size() == 3);  // 23 + 23 + 4
    CHECK(pages[2] == "line 46\nline 47\nline 48\nline 49\n");
    CHECK(pages[0] + pages[1] + pages[2] == text);
    CHECK(pagesOf("", {24, 80}).empty());
    CHECK(pagesOf("no end", {24, 80}) == std::vector<std::string>{"no end"});
}

TEST_CASE("pager: a long line takes the rows that it fills on a narrow screen", "[console]") {
    const std::string text = std::string(40, 'x') + "\n" + std::string(40, 'y') + "\n";
    CHECK(pagesOf(text, {5, 40}).size() == 1);
    CHECK(pagesOf(text, {5, 20}).size() == 1);  // 3 rows each with their ends: 6 do not fit into 4
    CHECK(pagesOf(text, {5, 13}).size() == 2);
}

TEST_CASE("pager: who has seen enough sees no more", "[console]") {
    std::string shown;
    showPages(
        "a\nb\nc\nd\n", {3, 80}, [&shown](std::string_view page) { shown += page; },
        [](std::size_t page, std::size_t pages) {
            CHECK(pages == 2);
            CHECK(page == 1);
            return false;
        });
    CHECK(shown == "a\nb\n");
}

TEST_CASE("local view: the way out is read from the kernel's table", "[console]") {
    const std::string table =
        "Iface\tDestination\tGateway\tFlags\nwlan0\t0002A8C0\t00000000\t1\neth0\t00000000\t0101A8C0\t3\n";
    CHECK(defaultRoute(table) == "192.168.1.1 (eth0)");
    CHECK(defaultRoute("Iface\n").empty());
    CHECK(defaultRoute("").empty());
}
