#include "update/update_store.hpp"

#include <utility>

namespace camgate::update {
namespace {

constexpr TwoSlotsFormat kFormat{0x50554743, 1, 256U << 10U};  // "CGUP"

Status judge(const std::string& text) {
    const auto record = parseRecord(text);
    return record ? Status() : std::unexpected(record.error());
}

}  // namespace

Result<UpdateStore> UpdateStore::open(FileSystem& files, const std::string& folder) {
    if (!files.exists(folder)) {
        if (auto made = files.makeDirectory(folder); !made) return std::unexpected(made.error());
        if (auto done = files.syncDirectory(directoryOf(folder)); !done) return std::unexpected(done.error());
    }
    auto slots = TwoSlots::open(files, folder, "record", kFormat, judge);
    if (!slots) return std::unexpected(slots.error());
    UpdateRecord record;
    if (!slots->text().empty()) record = parseRecord(slots->text()).value_or(UpdateRecord());
    return UpdateStore(std::move(*slots), std::move(record));
}

Status UpdateStore::save(UpdateRecord record) {
    if (auto done = slots_.save(recordJson(record)); !done) return done;
    record_ = std::move(record);
    return {};
}

}  // namespace camgate::update
