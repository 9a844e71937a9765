#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/uplink/made_authority.hpp"

namespace camgate::uplink {
namespace {

using crypto::CertificateRole;
using nlohmann::json;

const WallTime kNow = parseWallTime("2030-06-01T00:00:00Z").value();

using Authority = test::MadeAuthority;

TEST_CASE("enrolment: a request is read as it was made, with the proof of its code", "[uplink]") {
    const auto keys = GatewayKeys::generate().value();
    const auto request = readEnrolmentRequest(makeEnrolmentRequest(keys, "cg-1", "ABCD").value());
    REQUIRE(request);
    CHECK(request->gateway == "cg-1");
    CHECK(knowsCode(*request, "ABCD"));
    CHECK_FALSE(knowsCode(*request, "ABCE"));
    CHECK_FALSE(knowsCode(*request, ""));
    const auto bare = readEnrolmentRequest(makeEnrolmentRequest(keys, "cg-1", "").value());
    REQUIRE(bare);
    CHECK_FALSE(knowsCode(*bare, ""));
    CHECK_FALSE(makeEnrolmentRequest(keys, "Cg.1", ""));
}

TEST_CASE("enrolment: keys of two gateways do not pass as one request", "[uplink]") {
    const auto mine = GatewayKeys::generate().value(), others = GatewayKeys::generate().value();
    const auto document = json::parse(makeEnrolmentRequest(mine, "cg-1", "").value());
    const auto foreign = json::parse(makeEnrolmentRequest(others, "cg-1", "").value());
    json mixed = document;
    mixed["request"] = foreign["request"];
    const auto read = readEnrolmentRequest(mixed.dump());
    REQUIRE_FALSE(read);
    CHECK(read.error().kind == ErrorKind::PermissionDenied);

    const Bytes inner = fromBase64(document["request"].get<std::string>()).value();
    json renamed = json::parse(asText(inner));
    renamed["gateway"] = "cg-2";
    mixed = document;
    mixed["request"] = toBase64(asBytes(renamed.dump()));
    CHECK_FALSE(readEnrolmentRequest(mixed.dump()));
    for (const char* text : {"", "{}", "[]", R"({"request":"","sig":""})", R"({"request":1,"sig":2})"})
        CHECK_FALSE(readEnrolmentRequest(text));
}

TEST_CASE("enrolment: a bundle is good whole or not at all", "[uplink]") {
    const Authority authority(kNow, std::chrono::hours(1));
    const auto keys = GatewayKeys::generate().value();
    const auto request = readEnrolmentRequest(makeEnrolmentRequest(keys, "cg-1", "").value()).value();
    const auto bundle = readCertificateBundle(toJson(authority.certify(request)));
    REQUIRE(bundle);
    CHECK(checkBundle(*bundle, keys, kNow));

    CHECK_FALSE(checkBundle(*bundle, GatewayKeys::generate().value(), kNow));
    CHECK_FALSE(checkBundle(*bundle, keys, kNow + std::chrono::hours(2)));
    CertificateBundle swapped = *bundle;
    swapped.of(CertificateRole::Unwrap) = bundle->of(CertificateRole::Evidence);
    CHECK_FALSE(checkBundle(swapped, keys, kNow));
    CertificateBundle renamed = *bundle;
    renamed.gateway = "cg-2";
    CHECK_FALSE(checkBundle(renamed, keys, kNow));
    CertificateBundle foreign = *bundle;
    foreign.authority_pem = Authority().pem();
    CHECK_FALSE(checkBundle(foreign, keys, kNow));
    CHECK_FALSE(readCertificateBundle("{}"));
}

}  // namespace
}  // namespace camgate::uplink
