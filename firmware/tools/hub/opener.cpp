#include "tools/hub/opener.hpp"

#include <nlohmann/json.hpp>

#include "tools/hub/fields.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

std::unexpected<Error> noKey() {
    return fail(ErrorKind::FailedPrecondition, "sealed, and this hub has no --receive-key");
}

}  // namespace

Result<Opener> Opener::fromFile(FileSystem& files, const std::string& path) {
    if (path.empty()) return Opener();
    const auto pem = readTextFile(files, path);
    if (!pem) return std::unexpected(pem.error());
    auto key = crypto::AgreementKey::fromPem(*pem);
    if (!key) return passOn(key.error(), "reading " + path);
    return Opener(std::move(*key));
}

Result<std::optional<crypto::HpkeContext>> Opener::clip(const std::string& clip, const json& plan) const {
    const json& sealed = objectField(plan, "sealed");
    if (sealed.empty()) return std::nullopt;
    if (!key_) return noKey();
    const auto ephemeral = evidence::pointFromBase64(textField(sealed, "ephemeral"));
    const auto chunk_bytes = numberField(plan, "chunk_bytes");
    if (!ephemeral || !chunk_bytes)
        return fail(ErrorKind::InvalidArgument, "clip plan: sealed, but not said how");
    auto context = evidence::clipOpener(*key_, clip, *chunk_bytes, *ephemeral);
    if (!context) return std::unexpected(context.error());
    return std::optional(std::move(*context));
}

Result<Bytes> Opener::picture(const std::string& gateway, const std::string& of, const json& picture) const {
    const json& sealed = objectField(picture, "sealed");
    if (sealed.empty()) return fromBase64(textField(picture, "jpeg"));
    if (!key_) return noKey();
    const auto ephemeral = evidence::pointFromBase64(textField(sealed, "ephemeral"));
    auto bytes = fromBase64(textField(sealed, "bytes"));
    if (!ephemeral || !bytes) return fail(ErrorKind::InvalidArgument, "a picture sealed, but not said how");
    return evidence::openPicture(*key_, gateway, of, {*ephemeral, std::move(*bytes)});
}

}  // namespace camgate::hub
