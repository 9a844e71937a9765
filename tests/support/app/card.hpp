// A card in its slot: a FaultyFileSystem over a MemoryFileSystem that the loop and the storage thread may use
// at once. It can be taken out, exchanged for another one, and it can hold every sync back. Files of a card
// that is not in the slot stay open and refuse everything. Header only. Any thread.
#pragma once

#include <cerrno>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>

#include "support/base/faulty_file_system.hpp"
#include "support/base/memory_file_system.hpp"

namespace camgate::test {

class Card final : public FileSystem {
  public:
    template <class Change>
    void faults(Change change) {
        const std::lock_guard lock(mutex_);
        change(card_->faulty.faults);
    }
    /// Another card, with nothing on it, lies in the slot now; the first one is `swap()` away.
    void swap() {
        const std::lock_guard lock(mutex_);
        std::swap(card_, other_);
        if (!card_) card_ = std::make_shared<Medium>();
    }
    void takeOut() { set(in_slot_, false); }
    void putIn() { set(in_slot_, true); }
    void stall() { set(stalled_, true); }
    void goOn() { set(stalled_, false); }
    /// Forgets how it came to what is on it, which takes memory.
    void forgetHistory() {
        const std::lock_guard lock(mutex_);
        card_->memory.settle();
    }

    Result<std::unique_ptr<File>> open(const std::string& path, OpenMode mode) override {
        const std::lock_guard lock(mutex_);
        if (!in_slot_) return failErrno(ENOENT, "opening " + path);
        auto file = card_->faulty.open(path, mode);
        if (!file) return std::unexpected(file.error());
        return std::make_unique<OnCard>(*this, card_, std::move(*file));
    }
    bool exists(const std::string& path) override {
        const std::lock_guard lock(mutex_);
        return in_slot_ && card_->faulty.exists(path);
    }
    Status makeDirectory(const std::string& path) override {
        return in([&] { return card_->faulty.makeDirectory(path); });
    }
    Status rename(const std::string& from, const std::string& to) override {
        return in([&] { return card_->faulty.rename(from, to); });
    }
    Status remove(const std::string& path) override {
        return in([&] { return card_->faulty.remove(path); });
    }
    Status syncDirectory(const std::string& path) override {
        return in([&] { return card_->faulty.syncDirectory(path); });
    }
    Result<std::vector<std::string>> list(const std::string& path) override {
        return in([&] { return card_->faulty.list(path); });
    }
    Result<std::uint64_t> freeBytes(const std::string& path) override {
        return in([&] { return card_->faulty.freeBytes(path); });
    }
    Result<std::string> mediumOf(const std::string& path) override {
        return in([&] { return card_->faulty.mediumOf(path); });
    }

  private:
    struct Medium {
        MemoryFileSystem memory;
        FaultyFileSystem faulty{memory};
    };

    class OnCard final : public File {
      public:
        OnCard(Card& card, std::shared_ptr<Medium> medium, std::unique_ptr<File> below)
            : card_(card), medium_(std::move(medium)), below_(std::move(below)) {}
        ~OnCard() override {
            const std::lock_guard lock(card_.mutex_);
            below_.reset();
        }
        Status readAt(std::uint64_t offset, std::span<std::uint8_t> into) override {
            return withCard([&] { return below_->readAt(offset, into); });
        }
        Status writeAt(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
            return withCard([&] { return below_->writeAt(offset, bytes); });
        }
        Status sync() override {
            {
                std::unique_lock lock(card_.mutex_);
                card_.changed_.wait(lock, [this] { return !card_.stalled_; });
            }
            return withCard([&] { return below_->sync(); });
        }
        Result<std::uint64_t> size() override {
            const std::lock_guard lock(card_.mutex_);
            return below_->size();
        }
        Status resize(std::uint64_t size_bytes) override {
            return withCard([&] { return below_->resize(size_bytes); });
        }
        Status lock() override {
            return withCard([&] { return below_->lock(); });
        }

      private:
        template <class Call>
        Status withCard(Call call) {
            const std::lock_guard lock(card_.mutex_);
            if (!card_.in_slot_ || card_.card_ != medium_) return failErrno(EIO, "the card is out");
            return call();
        }

        Card& card_;
        std::shared_ptr<Medium> medium_;
        std::unique_ptr<File> below_;
    };

    template <class Call>
    auto in(Call call) -> decltype(call()) {
        const std::lock_guard lock(mutex_);
        if (!in_slot_) return failErrno(ENOENT, "the card is out");
        return call();
    }
    void set(bool& what, bool to) {
        const std::lock_guard lock(mutex_);
        what = to;
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::shared_ptr<Medium> card_ = std::make_shared<Medium>();  // guarded by mutex_
    std::shared_ptr<Medium> other_;                              // guarded by mutex_
    std::condition_variable changed_;
    bool in_slot_ = true;   // guarded by mutex_
    bool stalled_ = false;  // guarded by mutex_
};

}  // namespace camgate::test
