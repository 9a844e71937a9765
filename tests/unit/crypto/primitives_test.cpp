#include <catch2/catch.hpp>
#include <set>

#include "crypto/aead.hpp"
#include "crypto/file_hash.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"
#include "support/base/hex.hpp"
#include "support/base/memory_file_system.hpp"

using namespace camgate;
using namespace camgate::crypto;

TEST_CASE("sha256: the examples of FIPS 180-2", "[crypto]") {
    CHECK(toHex(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(toHex(sha256(asBytes("abc"))) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(toHex(sha256(asBytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))) ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST_CASE("sha256: in steps of any size it gives the same", "[crypto]") {
    const Bytes message(1000, 0x5A);
    for (const std::size_t step : {1U, 63U, 64U, 65U, 999U}) {
        Sha256 hash;
        for (std::size_t at = 0; at < message.size(); at += step) {
            hash.update(ByteView(message).subspan(at, std::min(step, message.size() - at)));
        }
        CHECK(hash.finish() == sha256(message));
    }
}

TEST_CASE("sha256: a digest comes back from its hex, anything else is refused", "[crypto]") {
    const Digest digest = sha256(asBytes("abc"));
    CHECK(digestFromHex(toHex(digest)).value() == digest);
    CHECK_FALSE(digestFromHex("").has_value());
    CHECK_FALSE(digestFromHex(toHex(digest) + "00").has_value());
    CHECK_FALSE(digestFromHex(std::string(64, 'g')).has_value());
}

TEST_CASE("random: fills everything and does not repeat itself", "[crypto]") {
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const auto text = randomHex(16);
        REQUIRE(text.has_value());
        CHECK(text->size() == 32);
        seen.insert(*text);
    }
    CHECK(seen.size() == 100);
    CHECK(fillRandom({}).has_value());
}

TEST_CASE("hkdf: the SHA-256 test cases of RFC 5869, appendix A", "[crypto]") {
    CHECK(toHex(hkdfSha256(test::hex("000102030405060708090a0b0c"), Bytes(22, 0x0B),
                           test::hex("f0f1f2f3f4f5f6f7f8f9"), 42)
                    .value()) ==
          "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    Bytes key(80);
    Bytes salt(80);
    Bytes info(80);
    for (std::size_t i = 0; i < 80; ++i) {
        key[i] = static_cast<std::uint8_t>(i);
        salt[i] = static_cast<std::uint8_t>(0x60 + i);
        info[i] = static_cast<std::uint8_t>(0xB0 + i);
    }
    CHECK(toHex(hkdfSha256(salt, key, info, 82).value()) ==
          "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
          "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
    CHECK(toHex(hkdfSha256({}, Bytes(22, 0x0B), {}, 42).value()) ==
          "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_CASE("hkdf: more than 255 blocks are refused", "[crypto]") {
    CHECK(hkdfSha256({}, Bytes(22, 1), {}, 255 * 32).has_value());
    CHECK(hkdfSha256({}, Bytes(22, 1), {}, 255 * 32 + 1).error().kind == ErrorKind::InvalidArgument);
}

TEST_CASE("aead: the example of RFC 8439, section 2.8.2", "[crypto]") {
    AeadKey key{};
    for (std::size_t i = 0; i < key.size(); ++i) key[i] = static_cast<std::uint8_t>(0x80 + i);
    const AeadNonce nonce{0x07, 0, 0, 0, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47};
    const Bytes clear = test::hex("50515253c0c1c2c3c4c5c6c7");
    const std::string_view plain =
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
        "sunscreen would be it.";
    const auto sealed = aeadSeal(key, nonce, clear, asBytes(plain));
    REQUIRE(sealed.has_value());
    CHECK(toHex(*sealed) ==
          "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b"
          "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
          "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691");
    CHECK(asText(aeadOpen(key, nonce, clear, *sealed).value()) == plain);
}

TEST_CASE("aead: whatever byte is changed, it does not open", "[crypto]") {
    const AeadKey key{1};
    const AeadNonce nonce{2};
    const auto sealed = aeadSeal(key, nonce, asBytes("head"), asBytes("body")).value();
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        Bytes changed = sealed;
        changed[i] ^= 1U;
        CHECK(aeadOpen(key, nonce, asBytes("head"), changed).error().kind == ErrorKind::Corruption);
        CHECK_FALSE(aeadOpen(key, nonce, asBytes("head"), ByteView(sealed).first(i)).has_value());
    }
    CHECK_FALSE(aeadOpen(key, nonce, asBytes("heaD"), sealed).has_value());
    CHECK_FALSE(aeadOpen(key, AeadNonce{3}, asBytes("head"), sealed).has_value());
    CHECK_FALSE(aeadOpen(AeadKey{2}, nonce, asBytes("head"), sealed).has_value());
}

TEST_CASE("aead: nothing to seal still gives a tag that is checked", "[crypto]") {
    const auto sealed = aeadSeal({}, {}, {}, {}).value();
    CHECK(sealed.size() == kAeadTag_bytes);
    CHECK(aeadOpen({}, {}, {}, sealed).value().empty());
}

TEST_CASE("sha256: a file's front has the hash of its bytes, over steps and without what follows",
          "[crypto]") {
    test::MemoryFileSystem files;
    REQUIRE(files.makeDirectory("/disk"));
    const Bytes content((1U << 20U) + 5, 'c');
    const auto file = files.open("/disk/file", OpenMode::CreateNew);
    REQUIRE((*file)->writeAt(0, content));
    CHECK(sha256Of(**file, content.size()).value() == sha256(content));
    CHECK(sha256Of(**file, 3).value() == sha256(ByteView(content).first(3)));
    CHECK_FALSE(sha256Of(**file, content.size() + 1).has_value());
}
