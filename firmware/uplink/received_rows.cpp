#include "uplink/received_rows.hpp"

#include <algorithm>
#include <utility>

namespace camgate::uplink {
namespace {

constexpr Duration kFlushAfter = std::chrono::seconds(1);
constexpr Duration kFlushRetryAfter = std::chrono::seconds(5);
constexpr std::size_t kFlushAt = 32;
constexpr std::size_t kMost = 4096;

}  // namespace

void ReceivedRows::add(const std::vector<std::string>& ids) {
    for (const auto& id : ids) {
        if (ids_.size() < kMost) ids_.push_back(id);
    }
    if (ids_.size() >= kFlushAt) {
        flush();
    } else if (!ids_.empty() && !flush_.active()) {
        flush_ = loop_.runAfter(kFlushAfter, [this] { flush(); });
    }
}

bool ReceivedRows::has(const std::string& id) const {
    return std::ranges::find(ids_, id) != ids_.end();
}

void ReceivedRows::flush() {
    flush_.cancel();
    if (ids_.empty()) return;
    outbox::Changes changes;
    changes.remove_rows = std::exchange(ids_, {});
    auto ids = changes.remove_rows;
    store_.apply(std::move(changes),
                 lifeline_.guard([this, ids = std::move(ids)](Result<outbox::Applied> applied) {
                     if (applied || store_.error()) return;
                     ids_.insert(ids_.end(), ids.begin(), ids.end());
                     if (ids_.size() > kMost) ids_.resize(kMost);
                     if (!flush_.active()) flush_ = loop_.runAfter(kFlushRetryAfter, [this] { flush(); });
                 }));
}

}  // namespace camgate::uplink
