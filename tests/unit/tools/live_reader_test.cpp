#include <catch2/catch.hpp>

#include "evidence/sealed_delivery.hpp"
#include "tools/hub/live_reader.hpp"
#include "uplink/chunk.hpp"

using namespace camgate;
using hub::LiveReader;

namespace {

Bytes partOf(std::uint32_t index, std::string_view text, std::uint8_t flags = 0,
             const evidence::ClipSealer* sealer = nullptr) {
    return uplink::chunkMessage(sealer, {index, 0, flags}, asBytes(text)).value();
}

std::string textOf(const LiveReader::Part& part) {
    return std::string(asText(part.bytes));
}

}  // namespace

TEST_CASE("live reader: parts in order are a file, the last says why", "[hub]") {
    LiveReader reader(std::nullopt);
    const auto first = reader.take(partOf(0, "init", uplink::kChunkStartsFile)).value();
    CHECK(first.starts_file);
    CHECK(textOf(first) == "init");
    CHECK(textOf(reader.take(partOf(1, "more")).value()) == "more");
    CHECK(textOf(reader.take(partOf(1, "more")).value()).empty());
    const auto last = reader.take(partOf(2, "expired", uplink::kChunkLast)).value();
    CHECK(last.end_reason == "expired");
    CHECK(last.bytes.empty());
    CHECK(reader.lost() == 0);
}

TEST_CASE("live reader: behind a missing part nothing is of use up to the next file", "[hub]") {
    LiveReader reader(std::nullopt);
    REQUIRE(reader.take(partOf(0, "init", uplink::kChunkStartsFile)));
    CHECK(reader.take(partOf(3, "torn"))->bytes.empty());
    CHECK(reader.take(partOf(4, "torn"))->bytes.empty());
    const auto anew = reader.take(partOf(5, "init", uplink::kChunkStartsFile)).value();
    CHECK(anew.starts_file);
    CHECK(textOf(anew) == "init");
    CHECK(textOf(reader.take(partOf(6, "more")).value()) == "more");
    CHECK(reader.lost() == 2);
}

TEST_CASE("live reader: a view that is joined late begins with its next file", "[hub]") {
    LiveReader reader(std::nullopt);
    CHECK(reader.take(partOf(7, "middle"))->bytes.empty());
    CHECK(textOf(reader.take(partOf(8, "init", uplink::kChunkStartsFile)).value()) == "init");
}

TEST_CASE("live reader: sealed parts open with the hub's key alone, and nothing else is taken", "[hub]") {
    const auto key = crypto::AgreementKey::generate().value();
    const auto sealer =
        evidence::ClipSealer::toHub({key.publicPoint(), "f1f2"}, "ab12", 0, Bytes(32, 7)).value();
    const auto opener = [&](std::string_view live) {
        return evidence::clipOpener(key, live, 0, sealer.ephemeral()).value();
    };
    const Bytes sealed = partOf(0, "init", uplink::kChunkStartsFile, &sealer);
    LiveReader reader(opener("ab12"));
    CHECK(textOf(reader.take(sealed).value()) == "init");
    CHECK(reader.take(partOf(1, "expired", uplink::kChunkLast, &sealer))->end_reason == "expired");

    CHECK_FALSE(LiveReader(opener("ab13")).take(sealed));
    CHECK_FALSE(LiveReader(opener("ab12")).take(partOf(0, "init", uplink::kChunkStartsFile)));
    CHECK_FALSE(LiveReader(std::nullopt).take(sealed));
    Bytes turned = sealed;
    turned[4] = uplink::kChunkSealed | uplink::kChunkLast;
    CHECK_FALSE(LiveReader(opener("ab12")).take(turned));
    CHECK_FALSE(LiveReader(std::nullopt).take(ByteView(sealed).first(11)));
}
