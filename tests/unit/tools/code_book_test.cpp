#include "tools/hub/ca/code_book.hpp"

#include <catch2/catch.hpp>

#include "base/wall_text.hpp"
#include "support/base/temp_directory.hpp"

using namespace camgate;
using namespace camgate::hub;

namespace {

const WallTime kNow = parseWallTime("2030-01-01T12:00:00Z").value();

struct Box {
    uplink::GatewayKeys keys = uplink::GatewayKeys::generate().value();
    uplink::EnrolmentRequest request(const std::string& code, const std::string& gateway = "cg-1") const {
        return uplink::readEnrolmentRequest(uplink::makeEnrolmentRequest(keys, gateway, code).value())
            .value();
    }
};

std::string refusal(const Status& spent) {
    return spent ? "taken" : spent.error().context;
}

struct Codes {
    test::TempDirectory folder;
    CodeBook book = CodeBook::open(folder.path()).value();
    std::string code = book.make("cg-1", kNow + std::chrono::hours(24)).value();
};

}  // namespace

TEST_CASE("codes: one is good for its gateway, once, and for the same request again", "[hub][ca]") {
    Codes codes;
    const Box box, other;
    CHECK(codes.code.size() == 16);
    CHECK(refusal(codes.book.spend(box.request(codes.code, "cg-2"), kNow)) == "no-code");
    const auto request = box.request(codes.code);
    CHECK(refusal(codes.book.spend(request, kNow)) == "taken");
    CHECK(refusal(codes.book.spend(request, kNow)) == "taken");
    CHECK(refusal(codes.book.spend(other.request(codes.code), kNow)) == "used");
    // Over a restart too.
    codes.book = CodeBook::open(codes.folder.path()).value();
    CHECK(refusal(codes.book.spend(other.request(codes.code), kNow)) == "used");
}

TEST_CASE("codes: they end, by time and by wrong proofs", "[hub][ca]") {
    Codes codes;
    const Box box;
    CHECK(refusal(codes.book.spend(box.request(codes.code), kNow + std::chrono::hours(24))) == "expired");
    for (int i = 0; i < CodeBook::kMostAttempts; ++i)
        CHECK(refusal(codes.book.spend(box.request("WRONG"), kNow)) == "wrong-code");
    CHECK(refusal(codes.book.spend(box.request(codes.code), kNow)) == "too-many-attempts");
    const auto anew = codes.book.make("cg-1", kNow + std::chrono::hours(24)).value();
    CHECK(anew != codes.code);
    CHECK(refusal(codes.book.spend(box.request(codes.code), kNow)) == "wrong-code");
    CHECK(refusal(codes.book.spend(box.request(anew), kNow)) == "taken");
    CHECK_FALSE(codes.book.make("No Gateway", kNow));
    CHECK(readable("ABCDEFGHJKMNPQRS") == "ABCD-EFGH-JKMN-PQRS");
}
