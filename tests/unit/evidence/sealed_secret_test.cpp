#include "evidence/sealed_secret.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::evidence;

namespace {

const std::string kName = "cameras/gate/password";

}  // namespace

TEST_CASE("sealed secret: opens for its gateway and setting alone", "[evidence][secret]") {
    const auto key = crypto::AgreementKey::generate().value();
    const DeliveryKey to{key.publicPoint(), "f1f2"};
    for (const std::string& value :
         {std::string(), std::string("look-4-me"), std::string("ngõ 12"), std::string(100, 'x')}) {
        const auto sealed = sealSecret(to, "cg-1", kName, value).value();
        CHECK(sealed.to == "f1f2");
        CHECK(openSecret(key, "cg-1", kName, sealed).value() == value);
        CHECK(openSecret(key, "cg-2", kName, sealed).error().kind == ErrorKind::Corruption);
        CHECK(openSecret(key, "cg-1", "cameras/yard/password", sealed).error().kind == ErrorKind::Corruption);
        const auto other = crypto::AgreementKey::generate().value();
        CHECK(openSecret(other, "cg-1", kName, sealed).error().kind == ErrorKind::Corruption);
    }
}

TEST_CASE("sealed secret: its length tells little, and what was changed does not open",
          "[evidence][secret][hostile]") {
    const auto key = crypto::AgreementKey::generate().value();
    const DeliveryKey to{key.publicPoint(), "f1f2"};
    auto sealed = sealSecret(to, "cg-1", kName, "short").value();
    CHECK(sealed.bytes.size() == sealSecret(to, "cg-1", kName, std::string(63, 'y'))->bytes.size());
    sealed.bytes[3] ^= 1;
    CHECK(openSecret(key, "cg-1", kName, sealed).error().kind == ErrorKind::Corruption);
    sealed.bytes.clear();
    CHECK(openSecret(key, "cg-1", kName, sealed).error().kind == ErrorKind::Corruption);
    sealed.ephemeral = {};
    CHECK(openSecret(key, "cg-1", kName, sealed).error().kind == ErrorKind::Corruption);
    CHECK(sealSecret(to, "cg-1", kName, std::string("a\0b", 3)).error().kind == ErrorKind::InvalidArgument);
}
