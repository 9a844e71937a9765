// A box of two slots with the daemon's part of updates on it, from one start to the next. What a version does
// once it runs is told by its number. One thread.
#pragma once

#include <memory>

#include "support/base/fake_loop.hpp"
#include "support/update/fake_rauc.hpp"
#include "update/updater.hpp"

namespace camgate::test {

constexpr const char* kBoxData = "/disk/data";

enum Behaviour : std::uint8_t { kProven = 1, kFine = 2, kDead = 3, kSick = 4, kFineToo = 5 };

inline update::Health healthOf(std::uint8_t version) {
    update::Health health{true, true, {"gate", "yard"}, {}};
    if (version == kSick) {
        health.live_cameras = {"gate"};
        health.other_cameras = {"yard"};
    }
    return health;
}

inline update::Order orderOf(const FakeBundle& bundle) {
    update::Order order;
    order.id = "0011";
    order.sha256 = bundle.sha256();
    order.bytes = bundle.bytes().size();
    order.who = "console";
    return order;
}

/// `running` holds kProven, the other slot nothing.
inline std::unique_ptr<MemoryFileSystem> newBox(update::Slot running) {
    auto disk = std::make_unique<MemoryFileSystem>();
    (void)disk->makeDirectory("/disk");
    (void)disk->makeDirectory(kBoxData);
    (void)(*disk->open(kBootDevice, OpenMode::CreateNew))->resize(1U << 20U);
    auto store = update::BootStore::open(*disk, kBootDevice);
    (void)installInto(*disk, *store, running, kProven);
    (void)disk->open(slotFile(update::other(running)), OpenMode::CreateNew);
    (void)disk->syncDirectory("/disk");
    disk->settle();
    return disk;
}

/// One start of the daemon.
class BoxRun {
  public:
    BoxRun(MemoryFileSystem& disk, update::Slot running)
        : rauc(disk, running),
          version(versionIn(disk, running).value_or(0)),
          health(healthOf(version)),
          updater({loop, rauc,
                   [this](const std::function<void()>& job) {
                       if (stuck) return false;
                       job();
                       return true;
                   },
                   [this] { return health; },
                   [this](const update::Order&, std::uint64_t have) { fetched_from = have; },
                   [this](const update::UpdateRecord& record) { audited.push_back(record); }, [] {}},
                  update::UpdateFiles::open(disk, kBoxData)) {}

    void start() {
        updater.start();
        loop.runPosted();
    }
    Result<std::uint64_t> order(const update::Order& asked) {
        Result<std::uint64_t> said = fail(ErrorKind::Timeout, "no answer");
        updater.order(asked, [&said](Result<std::uint64_t> have) { said = std::move(have); });
        loop.runPosted();
        return said;
    }
    /// All that is missing, in steps.
    Status bring(const FakeBundle& bundle, std::uint64_t from) {
        const Bytes all = bundle.bytes();
        Status said;
        for (std::size_t at = static_cast<std::size_t>(from); at < all.size() && said;) {
            const std::size_t step = std::min<std::size_t>(kSector_bytes, all.size() - at);
            const auto begin = all.begin() + static_cast<std::ptrdiff_t>(at);
            updater.deliver(at, Bytes(begin, begin + static_cast<std::ptrdiff_t>(step)),
                            [&said](Status done) { said = std::move(done); });
            loop.runPosted();
            at += step;
        }
        return said;
    }
    Status give(const FakeBundle& bundle) {
        const auto have = order(orderOf(bundle));
        return have ? bring(bundle, *have) : std::unexpected(have.error());
    }
    /// Until it restarts, or for as long.
    void live(Duration longest) {
        for (Duration lived{0}; lived < longest && !rauc.restarted; lived += std::chrono::seconds(5)) {
            loop.advance(std::chrono::seconds(5));
            loop.runPosted();
        }
    }
    const update::UpdateRecord& record() const { return updater.record(); }

    FakeClock clock;
    FakeLoop loop{clock};
    FakeRauc rauc;
    std::uint8_t version;
    update::Health health;
    bool stuck = false;  ///< the thread of the files takes nothing
    std::optional<std::uint64_t> fetched_from;
    std::vector<update::UpdateRecord> audited;
    update::Updater updater;
};

}  // namespace camgate::test
