#include "base/utf8.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace camgate;

TEST_CASE("utf-8: what is well formed has no fault", "[base][utf8]") {
    CHECK_FALSE(findIllFormedUtf8(""));
    CHECK_FALSE(findIllFormedUtf8("Cổng sau, ngõ 12 \xF0\x9F\x8E\xA5"));
    CHECK_FALSE(findIllFormedUtf8("\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF"));  // around what is left out
}

TEST_CASE("utf-8: overlong forms, surrogates, cut and foreign bytes are found where they begin",
          "[base][utf8]") {
    for (const std::string bad :
         {"\x80", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xC3", "\xE1\xBB", "\xE1\xBB ", "\xFF"}) {
        CAPTURE(bad);
        CHECK(findIllFormedUtf8("ab" + bad) == 2);
    }
}

TEST_CASE("utf-8: a prefix cuts no character in two", "[base][utf8]") {
    const std::string text = "Cổng";  // ổ has 3 bytes
    CHECK(utf8Prefix(text, 10) == text);
    CHECK(utf8Prefix(text, 4) == "Cổ");
    CHECK(utf8Prefix(text, 3) == "C");
    CHECK(utf8Prefix(text, 1) == "C");
    CHECK(utf8Prefix(text, 0).empty());
}
