// A card with one ring on it that loses its power. Each 512-byte sector that was not synced is written,
// dropped or garbled. The honest card keeps what it acknowledged; the other one also loses or garbles sectors
// near those that it wrote last, synced or not. Some extents may be bad: writes to them fail, at once or with
// the next sync. Header only. One thread.
#pragma once

#include <cerrno>
#include <cstring>
#include <deque>
#include <functional>
#include <random>
#include <string>
#include <utility>

#include "base/bytes.hpp"
#include "base/file_system.hpp"
#include "support/ring/sim_disk.hpp"

namespace camgate::test {

enum class CardModel { Honest, Collateral };

struct BadPlace {
    std::uint64_t from = UINT64_MAX;
    std::uint64_t to = 0;
    bool fails_at_sync = false;
    bool touches(std::uint64_t offset, std::size_t size) const { return offset < to && offset + size > from; }
};

class SimCard final : public FileSystem {
  public:
    /// `disk` is what is on the card for certain; it outlives this.
    SimCard(SimDisk& disk, std::uint64_t seed) : disk_(disk), now_(disk.size(), &disk), random_(seed) {}

    /// Called behind each write and each sync, with where it wrote; a sync wrote nowhere.
    std::function<void(std::uint64_t offset, ByteView bytes)> on_step;
    std::vector<BadPlace> bad;

    /// The disk as it may come back after a cut here, over what is there for certain.
    std::unique_ptr<SimDisk> cut(CardModel model, std::mt19937_64& random) const {
        auto after = std::make_unique<SimDisk>(disk_.size(), &disk_);
        const bool loses_much = random() % 2 == 0;
        for (const Write& write : pending_) {
            for (std::size_t at = 0; at < write.bytes.size(); at += kSector) {
                const ByteView sector = sectorOf(write, at);
                const auto fate = random() % 8;
                if (loses_much ? fate > 4 : fate > 0) {
                    after->write(write.offset + at, sector);
                } else if (fate % 2 == 1) {
                    after->write(write.offset + at, garbage(sector.size(), random));
                }
            }
        }
        if (model == CardModel::Collateral) hurt(*after, random);
        return after;
    }

    Result<std::unique_ptr<File>> open(const std::string&, OpenMode) override {
        return std::make_unique<OnCard>(*this);
    }
    bool exists(const std::string&) override { return true; }
    Status makeDirectory(const std::string&) override { return {}; }
    Status rename(const std::string&, const std::string&) override { return failErrno(EROFS, "renaming"); }
    Status remove(const std::string&) override { return failErrno(EROFS, "removing"); }
    Status syncDirectory(const std::string&) override { return {}; }
    Result<std::vector<std::string>> list(const std::string&) override { return std::vector<std::string>{}; }
    Result<std::uint64_t> freeBytes(const std::string&) override { return 0; }
    Result<std::string> mediumOf(const std::string&) override { return "sim"; }

  private:
    static constexpr std::size_t kSector = 512;
    static constexpr std::size_t kHeads = 6;
    static constexpr std::uint64_t kNear_bytes = 24U << 10U;

    struct Write {
        std::uint64_t offset = 0;
        Bytes bytes;
    };

    class OnCard final : public File {
      public:
        explicit OnCard(SimCard& card) : card_(card) {}
        Status readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
            if (offset + into.size() > card_.disk_.size())
                return fail(ErrorKind::Corruption, "the file ends");
            card_.now_.read(offset, into);
            return {};
        }
        Status writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
            return card_.write(offset, bytes);
        }
        Status sync() override { return card_.sync(); }
        Result<std::uint64_t> size() override { return card_.disk_.size(); }
        Status resize(std::uint64_t) override { return failErrno(EROFS, "resizing"); }
        Status lock() override { return {}; }

      private:
        SimCard& card_;
    };

    Status write(std::uint64_t offset, ByteView bytes) {
        const auto place = std::ranges::find_if(
            bad, [&](const BadPlace& place) { return place.touches(offset, bytes.size()); });
        if (place != bad.end() && !place->fails_at_sync) return failErrno(EIO, "writing");
        now_.write(offset, bytes);
        // A bad place that fails late keeps what it had.
        if (place != bad.end()) {
            sync_fails_ = true;
        } else {
            pending_.push_back({offset, Bytes(bytes.begin(), bytes.end())});
        }
        heads_.push_back(offset + bytes.size());
        if (heads_.size() > kHeads) heads_.pop_front();
        if (on_step) on_step(offset, bytes);
        return {};
    }
    Status sync() {
        if (std::exchange(sync_fails_, false)) {
            // What of it reached the card is not known, and the kernel does not write it again.
            for (const Write& write : pending_) {
                for (std::size_t at = 0; at < write.bytes.size(); at += kSector) {
                    if (random_() % 2 == 0) disk_.write(write.offset + at, sectorOf(write, at));
                }
            }
            pending_.clear();
            return failErrno(EIO, "syncing");
        }
        for (const Write& write : pending_) disk_.write(write.offset, write.bytes);
        pending_.clear();
        if (on_step) on_step(0, {});
        return {};
    }

    static ByteView sectorOf(const Write& write, std::size_t at) {
        return ByteView(write.bytes).subspan(at, std::min(kSector, write.bytes.size() - at));
    }
    static Bytes garbage(std::size_t size, std::mt19937_64& random) {
        Bytes bytes(size);
        for (std::size_t i = 0; i < size; i += sizeof(std::uint64_t)) {
            const std::uint64_t word = random();
            std::memcpy(bytes.data() + i, &word, std::min(sizeof(word), size - i));
        }
        return bytes;
    }
    void hurt(SimDisk& after, std::mt19937_64& random) const {
        if (heads_.empty()) return;
        for (auto places = 1 + random() % 3; places > 0; --places) {
            const std::uint64_t head = heads_[static_cast<std::size_t>(random() % heads_.size())];
            const std::uint64_t near = head + random() % (2 * kNear_bytes);
            std::uint64_t at = (near > kNear_bytes ? near - kNear_bytes : 0) / kSector * kSector;
            for (auto sectors = 1 + random() % 12; sectors > 0 && at + kSector <= after.size(); --sectors) {
                after.write(at, random() % 2 == 0 ? garbage(kSector, random) : Bytes(kSector));
                at += kSector;
            }
        }
    }

    SimDisk& disk_;
    SimDisk now_;  // as the page cache has it: what it holds of `disk_` is the same there or newer here
    std::mt19937_64 random_;
    std::vector<Write> pending_;
    std::deque<std::uint64_t> heads_;  // where the last writes ended
    bool sync_fails_ = false;
};

}  // namespace camgate::test
