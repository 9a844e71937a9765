#include "uplink/trust_keeper.hpp"

#include <nlohmann/json.hpp>

#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"

namespace camgate::uplink {
namespace {

/// The document as text within JSON grows by a few bytes.
constexpr std::size_t kLongestTrustFile_bytes = kLongestTrust_bytes * 2;

}  // namespace

Result<TrustKeeper> TrustKeeper::open(FileSystem& files, const std::string& path,
                                      const std::string& anchor_pem) {
    TrustKeeper keeper = anew(files, path, anchor_pem);
    if (auto loaded = keeper.load(); !loaded) return passOn(loaded.error(), "reading " + path);
    return keeper;
}

TrustKeeper TrustKeeper::anew(FileSystem& files, const std::string& path, const std::string& anchor_pem) {
    return {files, path, crypto::splitPem(anchor_pem)};
}

std::string TrustKeeper::anchorName() const {
    const auto first =
        anchors_.empty() ? fail(ErrorKind::NotFound, "") : crypto::Certificate::fromPem(anchors_.front());
    return first ? first->fingerprint() : std::string();
}

Status TrustKeeper::load() {
    if (!files_->exists(path_)) return {};
    const auto text = readTextFile(*files_, path_);
    if (!text) return std::unexpected(text.error());
    const auto file = evidence::parseBoundedObject(*text, kLongestTrustFile_bytes);
    if (!file) return fail(ErrorKind::Corruption, file.error().context);
    evidence::ObjectReader in(*file);
    const std::string anchor = in.text("anchor", 64);
    const std::string document = in.text("document", kLongestTrust_bytes);
    if (auto read = in.status(); !read) return fail(ErrorKind::Corruption, read.error().context);
    if (anchor != anchorName()) return {};
    auto trust = readVerifiedTrust(document);
    if (!trust) return fail(ErrorKind::Corruption, trust.error().context);
    current_ = std::move(*trust);
    return {};
}

Result<std::optional<Trust>> TrustKeeper::offer(std::string_view text) {
    auto trust = verifyTrust(text, current_ ? current_->authorities : anchors_);
    if (!trust) return std::unexpected(trust.error());
    if (current_ && *trust == *current_) return std::optional<Trust>();
    if (current_ && trust->version <= current_->version)
        return fail(ErrorKind::FailedPrecondition, "trust: version " + std::to_string(trust->version) +
                                                       ", in force is " + std::to_string(current_->version));
    const nlohmann::json file{{"anchor", anchorName()}, {"document", std::string(text)}};
    if (auto kept = replaceFile(*files_, path_, file.dump()); !kept) return std::unexpected(kept.error());
    current_ = *trust;
    return std::optional(std::move(*trust));
}

}  // namespace camgate::uplink
