#include "tools/hub/bundle_shelf.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "crypto/file_hash.hpp"

namespace camgate::hub {
namespace {

constexpr std::string_view kEnding = ".raucb";

}  // namespace

Result<BundleShelf> BundleShelf::open(FileSystem& files, const Clock& clock, std::string folder) {
    BundleShelf shelf(files, clock, std::move(folder));
    if (auto looked = shelf.look(); !looked) return std::unexpected(looked.error());
    return shelf;
}

const ShelvedBundle* BundleShelf::known(const std::string& sha256) const {
    const auto found = std::ranges::find(bundles_, sha256, &ShelvedBundle::sha256);
    return found == bundles_.end() ? nullptr : &*found;
}

const ShelvedBundle* BundleShelf::find(const std::string& sha256) {
    const ShelvedBundle* found = known(sha256);
    if (found != nullptr || clock_->bootNow() - looked_ < kLookAgain) return found;
    if (auto looked = look(); !looked) {
        logEvent(LogLevel::Warning, "hub", "bundles-unreadable",
                 {{"folder", folder_}, {"why", looked.error()}});
    }
    return known(sha256);
}

Status BundleShelf::look() {
    looked_ = clock_->bootNow();
    const auto names = files_->list(folder_);
    if (!names) return std::unexpected(names.error());
    std::erase_if(bundles_, [&](const ShelvedBundle& bundle) {
        return std::ranges::find(*names, bundle.file) == names->end();
    });
    for (const std::string& name : *names) {
        if (name.ends_with(kEnding)) add(name);
    }
    return {};
}

/// A file of the same name and length is taken for the same file: none is hashed twice.
void BundleShelf::add(const std::string& name) {
    const auto refuse = [&name](const Error& why) {
        logEvent(LogLevel::Warning, "hub", "bundle-unreadable", {{"file", name}, {"why", why}});
    };
    const auto file = files_->open(folder_ + "/" + name, OpenMode::ReadOnly);
    if (!file) return refuse(file.error());
    const auto size = (*file)->size();
    if (!size) return refuse(size.error());
    const auto same_file = std::ranges::find(bundles_, name, &ShelvedBundle::file);
    if (same_file != bundles_.end()) {
        if (same_file->bytes == *size) return;
        bundles_.erase(same_file);
        open_hash_.clear();
    }
    const auto digest = crypto::sha256Of(**file, *size);
    if (!digest) return refuse(digest.error());
    const std::string hash = toHex(*digest);
    bundles_.push_back({name, hash, *size});
    logEvent(LogLevel::Info, "hub", "bundle-there", {{"file", name}, {"sha256", hash}, {"bytes", *size}});
}

Status BundleShelf::read(const std::string& sha256, std::uint64_t offset, std::span<std::uint8_t> into) {
    if (sha256 != open_hash_) {
        const ShelvedBundle* bundle = known(sha256);
        if (bundle == nullptr) return fail(ErrorKind::NotFound, "no bundle of that hash");
        auto file = files_->open(folder_ + "/" + bundle->file, OpenMode::ReadOnly);
        if (!file) return std::unexpected(file.error());
        open_ = std::move(*file);
        open_hash_ = sha256;
    }
    return open_->readAt(offset, into);
}

}  // namespace camgate::hub
