#include "console/clip_export.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/wall_text.hpp"
#include "crypto/hash.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

constexpr std::uint64_t kStep_bytes = 256U << 10U;
constexpr std::size_t kIdInName = 8;

std::unexpected<Error> senseless(const char* what) {
    return fail(ErrorKind::Corruption, std::string("camgated's answer makes no sense: ") + what);
}

std::string mib(std::uint64_t bytes) {
    return std::to_string((bytes + (1U << 20U) - 1) >> 20U) + " MiB";
}

struct Plan {
    std::string clip;
    json manifest;
    std::vector<std::uint64_t> file_bytes;
    std::uint64_t bytes = 0;
};

Result<Plan> planOf(const std::string& answer) {
    Plan plan;
    const json value = json::parse(answer, nullptr, false);
    if (!value.is_object()) return senseless("no plan");
    plan.clip = value.value("clip", "");
    plan.manifest = value.value("manifest", json::object());
    if (plan.clip.size() < kIdInName || !fromHex(plan.clip)) return senseless("no clip");
    if (!plan.manifest.is_object()) return senseless("no manifest");
    for (const json& file : plan.manifest.value("files", json::array())) {
        if (!file.is_object() || !file.value("bytes", json()).is_number_unsigned())
            return senseless("a file without a size");
        plan.file_bytes.push_back(file["bytes"].get<std::uint64_t>());
        plan.bytes += plan.file_bytes.back();
    }
    if (plan.file_bytes.empty()) return senseless("no file");
    return plan;
}

/// "gate-20260301T221500Z-0123abcd": begin in UTC, and the clip's id so that two clips never meet.
std::string stemOf(const ExportOrder& order, const std::string& clip) {
    const auto from = parseWallTime(order.from);
    std::string time = from ? formatWallTime(*from).substr(0, 19) + "Z" : "clip";
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    return order.camera + "-" + time + "-" + clip.substr(0, kIdInName);
}

/// Files that are being written; those that were not put in place are removed again.
class Draft {
  public:
    explicit Draft(FileSystem& files) : files_(files) {}
    ~Draft() {
        for (const std::string& path : paths_) (void)files_.remove(path + kPart);
    }

    Result<std::unique_ptr<File>> create(const std::string& path) {
        if (files_.exists(path)) return fail(ErrorKind::FailedPrecondition, path + " is there already");
        // One that a cut-off export left behind.
        if (files_.exists(path + kPart)) (void)files_.remove(path + kPart);
        auto file = files_.open(path + kPart, OpenMode::CreateNew);
        if (file) paths_.push_back(path);
        return file;
    }
    /// In the order in which they were made.
    Status putInPlace(const std::string& directory) {
        while (!paths_.empty()) {
            if (auto done = files_.rename(paths_.front() + kPart, paths_.front()); !done) return done;
            paths_.erase(paths_.begin());
        }
        return files_.syncDirectory(directory);
    }

  private:
    static constexpr const char* kPart = ".part";
    FileSystem& files_;
    std::vector<std::string> paths_;
};

class Export {
  public:
    Export(const ControlCall& call, FileSystem& files, const ExportOrder& order, const Progress& progress)
        : call_(call), files_(files), order_(order), progress_(progress), draft_(files) {}

    Result<Exported> run() {
        const auto planned = call_("clip.plan", {{"camera", order_.camera},
                                                 {"from", order_.from},
                                                 {"to", order_.to},
                                                 {"quality", order_.quality}});
        if (!planned) return std::unexpected(planned.error());
        auto plan = planOf(*planned);
        if (!plan) return std::unexpected(plan.error());
        plan_ = std::move(*plan);
        auto exported = write();
        if (!exported) (void)call_("clip.release", {{"clip", plan_.clip}});
        return exported;
    }

  private:
    Result<Exported> write() {
        if (auto room = checkSpace(); !room) return std::unexpected(room.error());
        Exported out;
        const std::string stem = order_.to_dir + "/" + stemOf(order_, plan_.clip);
        for (std::size_t i = 0; i < plan_.file_bytes.size(); ++i) {
            const std::string number = i == 0 ? "" : "-" + std::to_string(i + 1);
            out.files.push_back(stem + number + ".mp4");
            if (auto done = writeFile(out.files.back(), plan_.file_bytes[i]); !done)
                return std::unexpected(done.error());
        }
        const std::string sha256 = toHex(hash_.finish());
        const auto finished = call_("clip.finish", {{"clip", plan_.clip}, {"sha256", sha256}});
        if (!finished) return std::unexpected(finished.error());
        plan_.manifest["sha256"] = sha256;
        out.manifest = plan_.manifest.dump();
        out.manifest_file = stem + ".manifest.json";
        const json signature = json::parse(*finished, nullptr, false);
        const std::string signed_text = signature.is_object() ? signature.value("signed", "") : "";
        out.is_signed = !signed_text.empty();
        const std::string text = out.is_signed ? signed_text : plan_.manifest.dump(2) + "\n";
        if (auto done = writeManifest(out.manifest_file, text); !done) return std::unexpected(done.error());
        if (auto done = draft_.putInPlace(order_.to_dir); !done) return std::unexpected(done.error());
        return out;
    }

    Status checkSpace() const {
        const auto free = files_.freeBytes(order_.to_dir);
        if (!free) return std::unexpected(free.error());
        const std::uint64_t needed = plan_.bytes + 2 * plan_.manifest.dump().size();
        if (*free >= needed) return {};
        return fail(ErrorKind::NoSpace,
                    "the clip needs " + mib(needed) + ", " + mib(*free) + " are free in " + order_.to_dir);
    }

    Status writeFile(const std::string& path, std::uint64_t bytes) {
        auto file = draft_.create(path);
        if (!file) return std::unexpected(file.error());
        for (std::uint64_t done = 0; done < bytes;) {
            const auto step = readStep(std::min(kStep_bytes, bytes - done));
            if (!step) return std::unexpected(step.error());
            if (auto put = (*file)->writeAt(done, *step); !put) return put;
            hash_.update(*step);
            done += step->size();
            offset_ += step->size();
            progress_(offset_, plan_.bytes);
        }
        return (*file)->sync();
    }

    Result<Bytes> readStep(std::uint64_t length) {
        const auto answer =
            call_("clip.read", {{"clip", plan_.clip}, {"offset", offset_}, {"length", length}});
        if (!answer) return std::unexpected(answer.error());
        const json value = json::parse(*answer, nullptr, false);
        auto bytes = fromBase64(value.is_object() ? value.value("bytes", "") : "");
        if (!bytes || bytes->empty() || bytes->size() > length) return senseless("another length than asked");
        return bytes;
    }

    Status writeManifest(const std::string& path, const std::string& text) {
        auto file = draft_.create(path);
        if (!file) return std::unexpected(file.error());
        if (auto put = (*file)->writeAt(0, asBytes(text)); !put) return put;
        return (*file)->sync();
    }

    const ControlCall& call_;
    FileSystem& files_;
    const ExportOrder& order_;
    const Progress& progress_;
    Draft draft_;
    Plan plan_;
    crypto::Sha256 hash_;
    std::uint64_t offset_ = 0;
};

}  // namespace

Result<Exported> exportClip(const ControlCall& call, FileSystem& files, const ExportOrder& order,
                            const Progress& progress) {
    return Export(call, files, order, progress).run();
}

}  // namespace camgate::console
