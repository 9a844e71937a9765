#include "console/clip_download.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/bytes.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

constexpr std::uint64_t kStep_bytes = 256U << 10U;

struct Part {
    std::string path;
    std::uint64_t bytes = 0;
};

/// Where the clip's MP4 files go: their sizes stand in the manifest.
Result<std::vector<Part>> partsOf(const json& manifest, const std::string& out_file) {
    std::vector<Part> parts;
    const auto dot = out_file.rfind('.');
    const std::string stem = out_file.substr(0, dot);
    const std::string ending = dot == std::string::npos ? "" : out_file.substr(dot);
    const json list = manifest.is_object() ? manifest.value("files", json::array()) : json::array();
    for (const json& file : list) {
        if (!file.is_object() || !file.contains("bytes") || !file["bytes"].is_number_unsigned()) {
            return fail(ErrorKind::Corruption, "camgated's manifest lists a file without a size");
        }
        const std::string number = parts.empty() ? "" : "-" + std::to_string(parts.size() + 1);
        parts.push_back({stem + number + ending, file["bytes"].get<std::uint64_t>()});
    }
    if (parts.empty()) return fail(ErrorKind::Corruption, "camgated's manifest lists no file");
    return parts;
}

Result<Bytes> readStep(ControlClient& client, const std::string& clip, std::uint64_t offset,
                       std::uint64_t length) {
    const auto answer = client.call("clip.read", {{"clip", clip}, {"offset", offset}, {"length", length}});
    if (!answer) return std::unexpected(answer.error());
    const json value = json::parse(*answer, nullptr, false);
    auto bytes = fromBase64(value.is_object() ? value.value("bytes", "") : "");
    if (!bytes) return bytes;
    if (bytes->empty() || bytes->size() > length)
        return fail(ErrorKind::Corruption, "camgated sent another length than asked");
    return bytes;
}

}  // namespace

Result<std::string> downloadClip(ControlClient& client, FileSystem& files, const ClipOrder& order,
                                 const std::function<void(std::uint64_t, std::uint64_t)>& progress) {
    const auto planned = client.call(
        "clip.plan",
        {{"camera", order.camera}, {"from", order.from}, {"to", order.to}, {"quality", order.quality}});
    if (!planned) return planned;
    const json plan = json::parse(*planned, nullptr, false);
    const std::string clip = plan.value("clip", "");
    const std::uint64_t total = plan.value("bytes", std::uint64_t{0});
    const auto parts = partsOf(plan.value("manifest", json::object()), order.out_file);
    if (!parts) return std::unexpected(parts.error());

    std::uint64_t offset = 0;
    for (const Part& part : *parts) {
        auto file = files.open(part.path, OpenMode::CreateNew);
        if (!file) return std::unexpected(file.error());
        for (std::uint64_t done = 0; done < part.bytes;) {
            const auto bytes = readStep(client, clip, offset, std::min(kStep_bytes, part.bytes - done));
            if (!bytes) return std::unexpected(bytes.error());
            if (auto put = (*file)->writeAt(done, *bytes); !put) return std::unexpected(put.error());
            done += bytes->size();
            offset += bytes->size();
            progress(offset, total);
        }
        if (auto synced = (*file)->sync(); !synced) return std::unexpected(synced.error());
    }
    const std::string manifest_path = order.out_file.substr(0, order.out_file.rfind('.')) + ".json";
    if (auto put = replaceFile(files, manifest_path, plan["manifest"].dump(2) + "\n"); !put)
        return std::unexpected(put.error());
    (void)client.call("clip.release", {{"clip", clip}});
    return planned;
}

}  // namespace camgate::console
