#include "file_clips.hpp"

#include <nlohmann/json.hpp>

#include "base/file_system.hpp"
#include "base/wall_text.hpp"
#include "crypto/hash.hpp"

namespace camgate::bench {

Result<ClipFile> readClipFile(const std::string& path, const std::string& manifest_path) {
    RealFileSystem files;
    const auto media = readTextFile(files, path, 256U << 20U);
    if (!media) return std::unexpected(media.error());
    const auto wrapper = readTextFile(files, manifest_path, 8U << 20U);
    if (!wrapper) return std::unexpected(wrapper.error());
    const auto document = nlohmann::json::parse(*wrapper, nullptr, false);
    if (!document.is_object()) return fail(ErrorKind::InvalidArgument, manifest_path + " is no manifest");
    const auto text = fromBase64(document.value("manifest", ""));
    if (!text) return std::unexpected(text.error());
    auto manifest = evidence::parseManifest(asText(*text));
    if (!manifest) return std::unexpected(manifest.error());
    const ByteView bytes = asBytes(*media);
    return ClipFile{Bytes(bytes.begin(), bytes.end()), std::move(*manifest)};
}

void FileClips::plan(const clip::ClipRequest& request, Answer<clip::PlannedClip> answer) {
    later<clip::PlannedClip>(planned(gateway_ + " " + request.reason + " " + formatWallTime(request.from)),
                             std::move(answer));
}

void FileClips::reopen(const Bytes& plan, Answer<clip::PlannedClip> answer) {
    later<clip::PlannedClip>(planned(std::string(asText(plan))), std::move(answer));
}

clip::PlannedClip FileClips::planned(const std::string& text) const {
    evidence::Manifest manifest = file_.manifest;
    manifest.gateway = gateway_;
    manifest.clip = toHex(crypto::sha256(asBytes(text)));
    return {manifest.clip, file_.bytes.size(), evidence::toJsonText(manifest),
            Bytes(text.begin(), text.end())};
}

void FileClips::read(const std::string&, std::uint64_t offset, std::size_t length_bytes,
                     Answer<Bytes> answer) {
    const auto from = file_.bytes.begin() + static_cast<std::ptrdiff_t>(offset);
    later<Bytes>(Bytes(from, from + static_cast<std::ptrdiff_t>(length_bytes)), std::move(answer));
}

void FileClips::sign(const std::string&, const std::string&, Answer<std::string> answer) {
    later<std::string>(std::string(), std::move(answer));
}

void FileClips::prove(const std::string&, Answer<std::string> answer) {
    later<std::string>(fail(ErrorKind::NotFound, "no ledger"), std::move(answer));
}

}  // namespace camgate::bench
