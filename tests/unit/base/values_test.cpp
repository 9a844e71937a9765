#include <catch2/catch.hpp>
#include <cerrno>

#include "base/bounded_queue.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/wall_text.hpp"

using namespace camgate;

TEST_CASE("error: context grows outwards and errno keeps its text", "[base]") {
    const Status status = failErrno(ENOENT, "opening /x");
    const Error error = Error(status.error()).withContext("starting the ring");
    CHECK(error.kind == ErrorKind::NotFound);
    CHECK(error.describe() == "starting the ring: opening /x: No such file or directory (not-found)");
}

TEST_CASE("bytes: a reader that runs out stays failed", "[base]") {
    ByteWriter out;
    out.put(std::uint32_t{0x01020304});
    out.putSized(std::string_view("abc"));
    CHECK(toHex(out.bytes()) == "0403020103000000616263");
    ByteReader in(out.bytes());
    CHECK(in.get<std::uint32_t>() == 0x01020304);
    CHECK(in.getText(10) == "abc");
    CHECK(in.done());
    CHECK(in.get<std::uint64_t>() == 0);
    CHECK_FALSE(in.ok());
}

TEST_CASE("bytes: a sized field longer than its limit is refused", "[base]") {
    ByteWriter out;
    out.putSized(std::string_view("abcdef"));
    ByteReader in(out.bytes());
    CHECK(in.getText(5).empty());
    CHECK_FALSE(in.ok());
}

TEST_CASE("bytes: base64 and hex go both ways and refuse what is neither", "[base]") {
    for (const std::string text : {"", "a", "ab", "abc", "abcd"}) {
        CHECK(asText(fromBase64(toBase64(asBytes(text))).value()) == text);
        CHECK(asText(fromHex(toHex(asBytes(text))).value()) == text);
    }
    CHECK(toBase64(asBytes("foob")) == "Zm9vYg==");  // RFC 4648, section 10
    CHECK_FALSE(fromBase64("Zm9").has_value());
    CHECK_FALSE(fromBase64("Z=9v").has_value());
    CHECK_FALSE(fromHex("0g").has_value());
}

TEST_CASE("bytes: crc32c matches the published check value", "[base]") {
    CHECK(crc32c(asBytes("123456789")) == 0xE3069283);  // RFC 3720, appendix B.4 polynomial
    CHECK(crc32c(asBytes("6789"), crc32c(asBytes("12345"))) == 0xE3069283);
}

TEST_CASE("wall time: text and value go both ways", "[base]") {
    const auto time = parseWallTime("2026-03-01T22:15:00.250Z").value();
    CHECK(formatWallTime(time) == "2026-03-01T22:15:00.250Z");
    CHECK(parseWallTime("2026-03-02T05:15:00.25+07:00").value() == time);
    for (const auto* bad : {"", "2026-03-01", "2026-13-01T00:00:00Z", "2026-03-01T24:00:00Z",
                            "2026-03-01T00:00:00", "2026-03-01T00:00:00.Z", "2026-02-30T00:00:00Z"}) {
        CHECK_FALSE(parseWallTime(bad).has_value());
    }
}

TEST_CASE("bounded queue: drops by its rule and counts", "[base]") {
    BoundedQueue<int> rejecting(1, WhenFull::RejectNew);
    CHECK(rejecting.push(1));
    CHECK_FALSE(rejecting.push(2));
    CHECK(rejecting.pop() == 1);
    BoundedQueue<int> dropping(1, WhenFull::DropOldest);
    std::optional<int> lost;
    CHECK(dropping.push(1));
    CHECK(dropping.push(2, &lost));
    CHECK(lost == 1);
    CHECK(dropping.drops() == 1);
}

TEST_CASE("wall time: years whose differences nanoseconds cannot hold are refused", "[base]") {
    for (const auto* bad :
         {"9999-12-31T23:59:59Z", "2101-01-01T00:00:00Z", "1899-12-31T00:00:00Z", "0000-01-01T00:00:00Z"}) {
        CHECK(parseWallTime(bad).error().kind == ErrorKind::InvalidArgument);
    }
    for (const std::string ends : {"2100-12-31T23:59:59.999Z", "1900-01-01T00:00:00.001Z"}) {
        CHECK(formatWallTime(parseWallTime(ends).value()) == ends);
        CHECK(computable(parseWallTime(ends)->time_since_epoch()));
    }
}

TEST_CASE("times: computable is what sums and differences of two still fit", "[base]") {
    const Duration largest(INT64_MAX / 2);  // 2^62 - 1
    CHECK(computable(largest));
    CHECK(computable(-largest));
    CHECK_FALSE(computable(largest + Duration(1)));
    CHECK_FALSE(computable(Duration::min()));
    CHECK(computable(std::chrono::milliseconds(4'611'686'018'426)));
    CHECK_FALSE(computable(std::chrono::milliseconds::max()));
}
