#include "update/boot_store.hpp"

#include <optional>

namespace camgate::update {
namespace {

std::optional<BootState> readCopy(File& file, std::uint64_t offset) {
    Bytes block(kBootBlock_bytes);
    if (!file.readAt(offset, block)) return std::nullopt;
    const auto state = readBlock(block);
    return state ? std::optional(*state) : std::nullopt;
}

struct Newest {
    BootState state;
    std::size_t copy = 1;  // a new box writes the first copy first
};

Newest newestOf(File& file) {
    Newest out;
    for (std::size_t i = 0; i < kCopyOffsets.size(); ++i) {
        const auto copy = readCopy(file, kCopyOffsets.at(i));
        if (copy && copy->sequence >= out.state.sequence) out = {*copy, i};
    }
    return out;
}

}  // namespace

Result<BootStore> BootStore::open(FileSystem& files, const std::string& device) {
    auto file = files.open(device, OpenMode::ReadWrite);
    if (!file) return std::unexpected(file.error());
    const Newest newest = newestOf(**file);
    return BootStore(std::move(*file), newest.state, newest.copy);
}

Result<BootState> readBootState(FileSystem& files, const std::string& device) {
    const auto file = files.open(device, OpenMode::ReadOnly);
    if (!file) return std::unexpected(file.error());
    return newestOf(**file).state;
}

Status BootStore::makePrimary(Slot slot) {
    BootState changed = state_;
    changed.first = slot;
    changed.triesLeft(slot) = kTrialTries;
    return save(changed);
}

Status BootStore::markGood(Slot slot) {
    BootState changed = state_;
    changed.triesLeft(slot) = kProvenTries;
    return save(changed);
}

Status BootStore::markBad(Slot slot) {
    BootState changed = state_;
    changed.triesLeft(slot) = 0;
    return save(changed);
}

Status BootStore::save(BootState changed) {
    if (changed == state_ && state_.sequence > 0) return {};
    changed.sequence = state_.sequence + 1;
    const std::size_t older = 1 - newest_;
    if (auto done = file_->writeAt(kCopyOffsets.at(older), printBlock(changed)); !done) return done;
    if (auto done = file_->sync(); !done) return done;
    state_ = changed;
    newest_ = older;
    return {};
}

}  // namespace camgate::update
