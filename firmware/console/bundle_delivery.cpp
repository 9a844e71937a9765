#include "console/bundle_delivery.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "console/language.hpp"
#include "crypto/hash.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

/// In base64 it fits a line of the control socket.
constexpr std::uint64_t kPiece_bytes = 45'000;
constexpr std::uint64_t kHashStep_bytes = 1U << 20U;

Result<Bytes> readPiece(File& file, std::uint64_t offset, std::uint64_t most, std::uint64_t size) {
    Bytes piece(static_cast<std::size_t>(std::min(most, size - offset)));
    if (auto read = file.readAt(offset, piece); !read) return std::unexpected(read.error());
    return piece;
}

Result<std::string> hashOf(File& file, std::uint64_t size) {
    crypto::Sha256 hash;
    for (std::uint64_t at = 0; at < size;) {
        const auto piece = readPiece(file, at, kHashStep_bytes, size);
        if (!piece) return std::unexpected(piece.error());
        hash.update(*piece);
        at += piece->size();
    }
    return toHex(hash.finish());
}

}  // namespace

Status deliverBundle(const ControlCall& call, FileSystem& files, const std::string& path,
                     const Progress& progress) {
    const auto file = files.open(path, OpenMode::ReadOnly);
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    const auto sha256 = hashOf(**file, *size);
    if (!sha256) return std::unexpected(sha256.error());
    const auto begun = call("update.begin", {{"bytes", *size}, {"sha256", *sha256}});
    if (!begun) return std::unexpected(begun.error());
    const json answer = json::parse(*begun, nullptr, false);
    if (!answer.is_object() || !answer.value("have_bytes", json()).is_number_unsigned())
        return fail(ErrorKind::Corruption, "camgated's answer makes no sense: no have_bytes");
    for (std::uint64_t at = answer["have_bytes"]; at < *size;) {
        const auto piece = readPiece(**file, at, kPiece_bytes, *size);
        if (!piece) return std::unexpected(piece.error());
        const auto taken = call("update.write", {{"offset", at}, {"bytes", toBase64(*piece)}});
        if (!taken) return std::unexpected(taken.error());
        at += piece->size();
        progress(at, *size);
    }
    return {};
}

Result<std::string> bundleOnStick(FileSystem& files, const std::string& folder) {
    std::vector<std::string> found;
    const auto look = [&](const std::string& where) {
        const auto names = files.list(where);
        if (!names) return;
        for (const std::string& name : *names)
            if (name.ends_with(".raucb")) found.push_back(where + "/" + name);
    };
    const auto sticks = files.list(folder);
    if (sticks)
        for (const std::string& stick : *sticks) look(folder + "/" + stick);
    if (found.size() == 1) return found.front();
    if (found.empty())
        return fail(ErrorKind::NotFound,
                    tr("there is no stick with a bundle (NAME.raucb) in its top folder"));
    std::ranges::sort(found);
    std::string all;
    for (const std::string& each : found) all += " " + each;
    return fail(ErrorKind::FailedPrecondition, tr("there are several bundles; name one of them:") + all);
}

}  // namespace camgate::console
