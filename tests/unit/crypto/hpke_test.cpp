#include <catch2/catch.hpp>

#include "crypto/hpke.hpp"
#include "crypto/random.hpp"
#include "support/base/hex.hpp"
#include "support/crypto/golden_pki.hpp"

using namespace camgate;
using namespace camgate::crypto;

namespace {

PublicPoint point(std::string_view text) {
    const Bytes bytes = test::hex(text);
    PublicPoint made{};
    std::ranges::copy(bytes, made.begin());
    return made;
}

// RFC 9180, A.5.1.
constexpr std::string_view kSeedOfSender = "f1f1a3bc95416871539ecb51c3a8f0cf608afb40fbbe305c0a72819d35c33f1f";
constexpr std::string_view kSeedOfReceiver =
    "61092f3f56994dd424405899154a9918353e3e008171517ad576b900ddb275e7";
constexpr std::string_view kSender =
    "04c07836a0206e04e31d8ae99bfd549380b072a1b1b82e563c935c095827824fc1559eac6fb9e3c70cd3193968994e7fe9781aa1"
    "0"
    "3f5b50e934b5b2f387e381291";
constexpr std::string_view kReceiver =
    "04a697bffde9405c992883c5c439d6cc358170b51af72812333b015621dc0f40bad9bb726f68a5c013806a790ec716ab8669f84f"
    "6"
    "b694596c2987cf35baba2a006";
constexpr std::string_view kInfo = "Ode on a Grecian Urn";
constexpr std::string_view kPlain = "Beauty is truth, truth beauty";

struct Sealed {
    std::uint64_t number;
    std::string_view clear;
    std::string_view sealed;
};
constexpr std::array kSealed{
    Sealed{0, "Count-0",
           "6469c41c5c81d3aa85432531ecf6460ec945bde1eb428cb2fedf7a29f5a685b4ccb0d057f03ea2952a27bb458b"},
    Sealed{1, "Count-1",
           "f1564199f7e0e110ec9c1bcdde332177fc35c1adf6e57f8d1df24022227ffa8716862dbda2b1dc546c9d114374"},
    Sealed{2, "Count-2",
           "39de89728bcb774269f882af8dc5369e4f3d6322d986e872b3a8d074c7c18e8549ff3f85b6d6592ff87c3f310c"},
    Sealed{4, "Count-4",
           "bc104a14fbede0cc79eeb826ea0476ce87b9c928c36e5e34dc9b6905d91473ec369a08b1a25d305dd45c6c5f80"},
    Sealed{255, "Count-255",
           "8f2814a2c548b3be50259713c6724009e092d37789f6856553d61df23ebc079235f710e6af3c3ca6eaba7c7c6c"},
    Sealed{256, "Count-256",
           "b45b69d419a9be7219d8c94365b89ad6951caf4576ea4774ea40e9b7047a09d6537d1aa2f7c12d6ae4b729b4d0"},
};

}  // namespace

TEST_CASE("hpke: keys are derived from seeds as RFC 9180, A.5.1 has them", "[crypto]") {
    CHECK(toHex(AgreementKey::fromSeed(test::hex(kSeedOfSender)).value().publicPoint()) == kSender);
    CHECK(toHex(AgreementKey::fromSeed(test::hex(kSeedOfReceiver)).value().publicPoint()) == kReceiver);
    const auto short_seed = AgreementKey::fromSeed(Bytes(31, 1));
    REQUIRE_FALSE(short_seed);
    CHECK(short_seed.error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("hpke: seals and opens what RFC 9180, A.5.1 has sealed", "[crypto]") {
    const auto ephemeral = AgreementKey::fromSeed(test::hex(kSeedOfSender)).value();
    const auto receiver = AgreementKey::fromSeed(test::hex(kSeedOfReceiver)).value();
    const auto sender = HpkeContext::toReceiver(point(kReceiver), asBytes(kInfo), ephemeral);
    const auto opener = HpkeContext::ofReceiver(receiver, asBytes(kInfo), point(kSender));
    REQUIRE(sender);
    REQUIRE(opener);
    for (const Sealed& message : kSealed) {
        CAPTURE(message.number);
        CHECK(toHex(sender->seal(message.number, asBytes(message.clear), asBytes(kPlain)).value()) ==
              message.sealed);
        CHECK(
            asText(opener->open(message.number, asBytes(message.clear), test::hex(message.sealed)).value()) ==
            kPlain);
    }
}

TEST_CASE("hpke: a message under another number, clear part, info or key does not open", "[crypto]") {
    const auto receiver = AgreementKey::fromSeed(test::hex(kSeedOfReceiver)).value();
    const auto opener = HpkeContext::ofReceiver(receiver, asBytes(kInfo), point(kSender)).value();
    Bytes sealed = test::hex(kSealed[1].sealed);
    const auto refused = [&](const HpkeContext& by, std::uint64_t number, std::string_view clear) {
        const auto opened = by.open(number, asBytes(clear), sealed);
        return !opened && opened.error().kind == ErrorKind::Corruption;
    };
    CHECK(opener.open(1, asBytes("Count-1"), sealed).has_value());
    CHECK(refused(opener, 2, "Count-1"));
    CHECK(refused(opener, 1, "Count-2"));
    CHECK(refused(HpkeContext::ofReceiver(receiver, asBytes("other"), point(kSender)).value(), 1, "Count-1"));
    const auto stranger = AgreementKey::generate().value();
    CHECK(refused(HpkeContext::ofReceiver(stranger, asBytes(kInfo), point(kSender)).value(), 1, "Count-1"));
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        sealed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        CHECK(refused(opener, 1, "Count-1"));
        sealed[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    }
    sealed.resize(15);
    CHECK(refused(opener, 1, "Count-1"));
}

TEST_CASE("hpke: what is no point of the curve is refused", "[crypto]") {
    const auto key = AgreementKey::generate().value();
    PublicPoint off_curve = point(kReceiver);
    off_curve.back() ^= 1U;
    PublicPoint beyond_field = point(kReceiver);
    std::fill(beyond_field.begin() + 1, beyond_field.begin() + 33, std::uint8_t{0xFF});
    const PublicPoint zeros{};
    PublicPoint compressed = point(kReceiver);
    compressed[0] = 2;
    for (const auto& bad : {off_curve, beyond_field, zeros, compressed}) {
        const auto sender = HpkeContext::toReceiver(bad, {}, key);
        REQUIRE_FALSE(sender);
        CHECK(sender.error().kind == ErrorKind::InvalidArgument);
        CHECK_FALSE(HpkeContext::ofReceiver(key, {}, bad).has_value());
    }
}

TEST_CASE("agreement key: both sides agree, and a key comes back from its PEM", "[crypto]") {
    const auto a = AgreementKey::generate().value();
    const auto b = AgreementKey::generate().value();
    const auto secret = a.agree(b.publicPoint()).value();
    CHECK(b.agree(a.publicPoint()).value() == secret);
    CHECK(a.agree(a.publicPoint()).value() != secret);
    const auto again = AgreementKey::fromPem(a.toPem().value()).value();
    CHECK(again.publicPoint() == a.publicPoint());
    CHECK(again.agree(b.publicPoint()).value() == secret);
}

TEST_CASE("agreement key: another curve or no key at all is refused", "[crypto]") {
    for (const std::string& pem : {test::goldenText("crypto/p384.key.pem"), std::string("-----BEGIN"),
                                   test::goldenText("crypto/hub-command.pem"), std::string()}) {
        const auto key = AgreementKey::fromPem(pem);
        REQUIRE_FALSE(key);
        CHECK(key.error().kind == ErrorKind::InvalidArgument);
    }
}

TEST_CASE("release certificate: its key opens what was sealed to it, and it may do nothing else",
          "[crypto]") {
    const Certificate release = test::goldenCertificate("release");
    CHECK(release.hasPurpose(Purpose::Release));
    CHECK_FALSE(release.hasPurpose(Purpose::Command));
    CHECK_FALSE(test::goldenCertificate("hub-command").hasPurpose(Purpose::Release));
    CHECK_FALSE(test::goldenCertificate("p384").publicPoint().has_value());
    const auto ephemeral = AgreementKey::generate().value();
    const auto sealed = HpkeContext::toReceiver(release.publicPoint().value(), {}, ephemeral)
                            .value()
                            .seal(0, {}, asBytes("to the hub"))
                            .value();
    const auto key = AgreementKey::fromPem(test::goldenText("crypto/release.key.pem")).value();
    const auto opened =
        HpkeContext::ofReceiver(key, {}, ephemeral.publicPoint()).value().open(0, {}, sealed).value();
    CHECK(asText(opened) == "to the hub");
}

TEST_CASE("aead: in place it is the same, and what does not open is refused", "[crypto]") {
    AeadKey key{};
    AeadNonce nonce{};
    REQUIRE(fillRandom(key));
    REQUIRE(fillRandom(nonce));
    for (const std::size_t size : {0U, 1U, 64U, 1000U}) {
        Bytes text(size, 0x5A);
        const Bytes plain = text;
        Bytes expected = aeadSeal(key, nonce, asBytes("clear"), plain).value();
        const AeadTag tag = aeadSealInPlace(key, nonce, asBytes("clear"), text).value();
        Bytes whole = text;
        whole.insert(whole.end(), tag.begin(), tag.end());
        CHECK(whole == expected);
        Bytes other = text;
        CHECK_FALSE(aeadOpenInPlace(key, nonce, asBytes("Clear"), other, tag).has_value());
        REQUIRE(aeadOpenInPlace(key, nonce, asBytes("clear"), text, tag));
        CHECK(text == plain);
    }
}
