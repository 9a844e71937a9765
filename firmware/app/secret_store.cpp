#include "app/secret_store.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/random.hpp"
#include "crypto/wipe.hpp"

namespace camgate::app {
namespace {

constexpr std::string_view kMagic = "CGS1";
constexpr std::size_t kKeySalt_bytes = 16;
constexpr std::size_t kHead_bytes = 4 + kKeySalt_bytes;
constexpr std::string_view kInfo = "camgate secrets v1";
/// Each writing has a key of its own, by its salt.
constexpr crypto::AeadNonce kNonce{};

Result<crypto::AeadKey> keyOf(crypto::KeySource& source, ByteView salt) {
    auto secret = source.secret();
    if (!secret) return std::unexpected(secret.error());
    auto derived = crypto::hkdfSha256(salt, *secret, asBytes(kInfo), sizeof(crypto::AeadKey));
    crypto::wipe(*secret);
    if (!derived) return std::unexpected(derived.error());
    crypto::AeadKey key{};
    std::ranges::copy(*derived, key.begin());
    crypto::wipe(*derived);
    return key;
}

}  // namespace

SecretStore::SecretStore(FileSystem& files, const std::string& folder)
    : files_(files), path_(folder + "/secrets"), key_(files, folder + "/secrets.key") {}

Result<config::Secrets> SecretStore::load() {
    if (!files_.exists(path_)) return config::Secrets();
    const auto text = readTextFile(files_, path_);
    if (!text) return std::unexpected(text.error());
    const ByteView bytes = asBytes(*text);
    if (bytes.size() < kHead_bytes || !text->starts_with(kMagic))
        return fail(ErrorKind::Corruption, path_ + " is no file of secrets");
    const ByteView head = bytes.first(kHead_bytes);
    auto key = keyOf(key_, head.subspan(kMagic.size()));
    if (!key) return passOn(key.error(), "reading " + path_);
    auto plain = crypto::aeadOpen(*key, kNonce, head, bytes.subspan(kHead_bytes));
    crypto::wipe(*key);
    if (!plain) return passOn(plain.error(), "opening " + path_);
    const auto value = nlohmann::json::parse(asText(*plain), nullptr, false);
    crypto::wipe(*plain);
    if (!value.is_object()) return fail(ErrorKind::Corruption, path_ + " holds no secrets");
    config::Secrets secrets;
    for (const auto& [name, secret] : value.items()) {
        if (secret.is_string()) secrets[name] = secret.get<std::string>();
    }
    return secrets;
}

Status SecretStore::save(const config::Secrets& secrets) {
    auto made = key_.create();
    if (!made && made.error().kind != ErrorKind::FailedPrecondition) return made;
    Bytes file(kHead_bytes);
    std::ranges::copy(asBytes(kMagic), file.begin());
    const auto salt = std::span(file).subspan(kMagic.size());
    if (auto filled = crypto::fillRandom(salt); !filled) return filled;
    auto key = keyOf(key_, salt);
    if (!key) return std::unexpected(key.error());
    std::string plain =
        nlohmann::json(secrets).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    const auto sealed = crypto::aeadSeal(*key, kNonce, file, asBytes(plain));
    crypto::wipe(*key);
    crypto::wipe({reinterpret_cast<std::uint8_t*>(plain.data()), plain.size()});
    if (!sealed) return std::unexpected(sealed.error());
    file.insert(file.end(), sealed->begin(), sealed->end());
    return replaceFile(files_, path_, asText(file));
}

}  // namespace camgate::app
