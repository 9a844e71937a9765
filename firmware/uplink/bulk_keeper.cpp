#include "uplink/bulk_keeper.hpp"

#include <algorithm>

namespace camgate::uplink {
namespace {

constexpr Duration kIdle = std::chrono::seconds(10);
constexpr Duration kStep = std::chrono::seconds(2);

}  // namespace

BulkKeeper::BulkKeeper(EventLoop& loop, Channel& bulk) : loop_(loop), bulk_(bulk) {
    bulk_.setListener(this);
}

BulkKeeper::~BulkKeeper() {
    bulk_.setListener(nullptr);
}

void BulkKeeper::need() {
    if (open_ || !moving()) return;
    open_ = true;
    moved_ = loop_.clock().bootNow();
    watch_ = loop_.runEvery(kStep, [this] { closeIfIdle(); });
    bulk_.open();
}

void BulkKeeper::offer() {
    moved_ = loop_.clock().bootNow();
    for (BulkUser* user : users_) user->onBulkRoom();
}

void BulkKeeper::closeIfIdle() {
    const bool busy = moving();
    if (busy) moved_ = loop_.clock().bootNow();
    if (busy || loop_.clock().bootNow() - moved_ < kIdle) return;
    watch_.cancel();
    open_ = false;
    bulk_.close();
}

bool BulkKeeper::moving() const {
    return std::ranges::any_of(users_, [](const BulkUser* user) { return user->moving(); });
}

}  // namespace camgate::uplink
