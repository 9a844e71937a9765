#include "uplink/identity_store.hpp"

#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "crypto/wipe.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"

namespace camgate::uplink {
namespace {

using nlohmann::json;

constexpr std::size_t kLongestIdentityFile_bytes = 128U << 10U;
constexpr std::size_t kLongestKey_bytes = 1024;

Result<json> keysJson(const GatewayKeys& keys) {
    json all = json::object();
    for (const auto role : kGatewayRoles) {
        auto pem = keys.of(role).toPem();
        if (!pem) return std::unexpected(pem.error());
        all[std::string(crypto::rowOf(role).name)] = std::move(*pem);
    }
    return all;
}

Result<GatewayKeys> readKeys(evidence::ObjectReader& in) {
    GatewayKeys keys;
    Status each;
    in.object("keys", [&](evidence::ObjectReader& names) {
        for (const auto role : kGatewayRoles) {
            auto key = crypto::PrivateKey::fromPem(names.text(crypto::rowOf(role).name, kLongestKey_bytes));
            if (!key && each) each = std::unexpected(key.error());
            if (key) keys.keys.push_back(std::move(*key));
        }
    });
    if (auto read = in.status(); !read) return std::unexpected(read.error());
    if (!each) return std::unexpected(each.error());
    return keys;
}

struct Stored {
    GatewayKeys keys;
    std::string bundle;  ///< JSON; empty: not certified yet
};

Result<Stored> parseStored(std::string_view text) {
    const auto document = evidence::parseBoundedObject(text, kLongestIdentityFile_bytes);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    in.number("v", 1, 1);
    auto keys = readKeys(in);
    if (!keys) return std::unexpected(keys.error());
    std::string bundle = in.has("bundle") ? in.nested("bundle") : std::string();
    if (auto read = in.status(); !read) return std::unexpected(read.error());
    return Stored{std::move(*keys), std::move(bundle)};
}

Result<std::optional<Stored>> readStored(FileSystem& files, const std::string& path) {
    if (!files.exists(path)) return std::nullopt;
    auto text = readTextFile(files, path, kLongestIdentityFile_bytes);
    if (!text) return std::unexpected(text.error());
    auto stored = parseStored(*text);
    crypto::wipe({reinterpret_cast<std::uint8_t*>(text->data()), text->size()});
    if (!stored) return fail(ErrorKind::Corruption, path + ": " + stored.error().context);
    return std::optional(std::move(*stored));
}

Status write(FileSystem& files, const std::string& path, const GatewayKeys& keys, const std::string& bundle) {
    auto named = keysJson(keys);
    if (!named) return std::unexpected(named.error());
    json document{{"v", 1}, {"keys", std::move(*named)}};
    if (!bundle.empty()) document["bundle"] = json::parse(bundle, nullptr, false);
    std::string text = document.dump();
    const auto done = replaceFile(files, path, text);
    crypto::wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    return done;
}

}  // namespace

Result<std::optional<GatewayIdentity>> IdentityStore::load(const std::string& name) const {
    auto stored = readStored(files_, path(name));
    if (!stored) return std::unexpected(stored.error());
    if (!*stored) return std::nullopt;
    auto bundle = readCertificateBundle((*stored)->bundle);
    if (!bundle) return fail(ErrorKind::Corruption, path(name) + ": " + bundle.error().context);
    // The identity of a box that was called otherwise is none of this one's.
    if (bundle->gateway != gateway_) return std::nullopt;
    return std::optional(GatewayIdentity{std::move((*stored)->keys), std::move(*bundle)});
}

Result<std::string> IdentityStore::request(std::string_view code) {
    const std::string file = path("identity.request");
    auto waiting = readStored(files_, file);
    if (waiting && *waiting) return makeEnrolmentRequest((*waiting)->keys, gateway_, code);
    auto keys = GatewayKeys::generate();
    if (!keys) return std::unexpected(keys.error());
    if (auto kept = write(files_, file, *keys, {}); !kept) return std::unexpected(kept.error());
    return makeEnrolmentRequest(*keys, gateway_, code);
}

Status IdentityStore::accept(const CertificateBundle& bundle, const std::string& authority_pem,
                             const std::string& anchor_pem, WallTime at) {
    const auto waiting = readStored(files_, path("identity.request"));
    if (!waiting) return std::unexpected(waiting.error());
    if (!*waiting) return fail(ErrorKind::FailedPrecondition, "no request waits for certificates");
    if (bundle.gateway != gateway_)
        return fail(ErrorKind::FailedPrecondition,
                    "a bundle of \"" + bundle.gateway + "\", this gateway is \"" + gateway_ + "\"");
    CertificateBundle checked = bundle;
    checked.authority_pem = authority_pem;
    if (auto good = checkBundle(checked, (*waiting)->keys, at); !good) return good;
    checked.authority_pem = anchor_pem;
    if (auto kept = write(files_, path("identity.next"), (*waiting)->keys, toJson(checked)); !kept)
        return kept;
    return removeIfThere("identity.request");
}

Status IdentityStore::promote() {
    if (!files_.exists(path("identity.next"))) return {};
    if (auto renamed = files_.rename(path("identity.next"), path("identity")); !renamed) return renamed;
    if (auto synced = files_.syncDirectory(folder_); !synced) return synced;
    return removeIfThere("identity.request");
}

Status IdentityStore::revert(WallTime at) {
    if (auto noted = replaceFile(files_, path("identity.reverted"), formatWallTime(at)); !noted) return noted;
    return removeIfThere("identity.next");
}

std::optional<WallTime> IdentityStore::reverted() const {
    if (!files_.exists(path("identity.reverted"))) return std::nullopt;
    const auto text = readTextFile(files_, path("identity.reverted"));
    const auto at = text ? parseWallTime(*text) : fail(ErrorKind::NotFound, "");
    return at ? std::optional(*at) : std::nullopt;
}

Status IdentityStore::removeIfThere(const std::string& name) {
    if (!files_.exists(path(name))) return {};
    if (auto removed = files_.remove(path(name)); !removed) return removed;
    return files_.syncDirectory(folder_);
}

}  // namespace camgate::uplink
