#include "update/update_files.hpp"

#include <algorithm>

#include "crypto/file_hash.hpp"

namespace camgate::update {
namespace {

std::string mib(std::uint64_t bytes) {
    return std::to_string((bytes + (1U << 20U) - 1) >> 20U) + " MiB";
}

}  // namespace

Result<UpdateFiles> UpdateFiles::open(FileSystem& files, const std::string& data_folder) {
    const std::string folder = data_folder + "/update";
    auto store = UpdateStore::open(files, folder);
    if (!store) return std::unexpected(store.error());
    return UpdateFiles(files, folder, std::move(*store));
}

Result<std::uint64_t> UpdateFiles::beginBundle(std::uint64_t size_bytes) {
    if (files_->exists(bundlePath())) return size_bytes;
    const bool is_new = !files_->exists(partPath());
    auto part = files_->open(partPath(), OpenMode::CreateOrOpen);
    if (!part) return std::unexpected(part.error());
    const auto size = (*part)->size();
    if (!size) return std::unexpected(size.error());
    const auto free = files_->freeBytes(folder_);
    if (!free) return std::unexpected(free.error());
    if (const std::uint64_t needed = size_bytes - std::min(*size, size_bytes) + kReserve_bytes;
        *free < needed) {
        return fail(ErrorKind::NoSpace,
                    "the bundle needs " + mib(needed) + ", " + mib(*free) + " are free in " + folder_);
    }
    if (is_new) {
        if (auto done = files_->syncDirectory(folder_); !done) return std::unexpected(done.error());
    }
    part_ = std::move(*part);
    size_bytes_ = size_bytes;
    // What lies behind the last sync may be anything after a power cut, the last step included.
    const std::uint64_t sure = *size == 0 ? 0 : (*size - 1) / kSyncEvery_bytes * kSyncEvery_bytes;
    return std::min(sure, size_bytes);
}

Status UpdateFiles::writeBundle(std::uint64_t offset, ByteView bytes) {
    if (!part_) return fail(ErrorKind::FailedPrecondition, "no bundle is being written");
    if (auto done = part_->writeAt(offset, bytes); !done) return done;
    const std::uint64_t end = offset + bytes.size();
    const bool due = offset / kSyncEvery_bytes != end / kSyncEvery_bytes || end == size_bytes_;
    return due ? part_->sync() : Status();
}

Status UpdateFiles::finishBundle(std::uint64_t size_bytes, const std::string& sha256) {
    part_ = nullptr;
    const bool in_place = files_->exists(bundlePath());
    const std::string path = in_place ? bundlePath() : partPath();
    if (auto fine = check(path, size_bytes, sha256); !fine) {
        if (fine.error().kind == ErrorKind::Corruption) (void)removeBundle();
        return fine;
    }
    if (in_place) return {};
    if (auto done = files_->rename(path, bundlePath()); !done) return done;
    return files_->syncDirectory(folder_);
}

Status UpdateFiles::check(const std::string& path, std::uint64_t size_bytes, const std::string& sha256) {
    auto file = files_->open(path, OpenMode::ReadWrite);
    if (!file) return std::unexpected(file.error());
    const auto size = (*file)->size();
    if (!size) return std::unexpected(size.error());
    if (*size != size_bytes) {
        return fail(ErrorKind::Corruption, "the bundle has " + std::to_string(*size) + " bytes instead of " +
                                               std::to_string(size_bytes) + "; have it sent again");
    }
    if (auto done = (*file)->sync(); !done) return done;
    const auto digest = crypto::sha256Of(**file, size_bytes);
    if (!digest) return std::unexpected(digest.error());
    const std::string hash = toHex(*digest);
    if (hash == sha256) return {};
    return fail(ErrorKind::Corruption, "the bundle's SHA-256 is " + hash + " instead of " + sha256 +
                                           "; have it sent again, or correct the order");
}

Status UpdateFiles::removeBundle() {
    part_ = nullptr;
    bool removed = false;
    for (const std::string& path : {partPath(), bundlePath()}) {
        if (!files_->exists(path)) continue;
        if (auto done = files_->remove(path); !done) return done;
        removed = true;
    }
    return removed ? files_->syncDirectory(folder_) : Status();
}

}  // namespace camgate::update
