#include "config/revision_store.hpp"

#include <utility>

namespace camgate::config {
namespace {

/// "CGRV"; 20 documents of the longest kind, and their JSON escapes.
constexpr TwoSlotsFormat kFormat{0x56524743, 1, 64U << 20U};

Status judge(const std::string& text) {
    const auto history = parseHistory(text);
    return history ? Status() : std::unexpected(history.error());
}

}  // namespace

Result<RevisionStore> RevisionStore::open(FileSystem& files, std::string folder) {
    auto slots = TwoSlots::open(files, std::move(folder), "config", kFormat, judge);
    if (!slots) return std::unexpected(slots.error());
    History history;
    if (!slots->text().empty()) history = parseHistory(slots->text()).value_or(History());
    return RevisionStore(std::move(*slots), std::move(history));
}

Status RevisionStore::save(History history) {
    if (auto done = slots_.save(historyJson(history)); !done) return done;
    history_ = std::move(history);
    return {};
}

}  // namespace camgate::config
