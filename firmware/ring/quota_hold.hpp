// A share of a memory quota that is given back when its owner goes, on whatever thread that happens: drafts
// are counted by the loop and end on the storage thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace camgate::ring {

class QuotaHold {
  public:
    QuotaHold() = default;
    /// The quota's owner and its holds share the counter: either may go first.
    explicit QuotaHold(std::shared_ptr<std::atomic<std::size_t>> used) : used_(std::move(used)) {}
    QuotaHold(QuotaHold&& other) noexcept
        : used_(std::move(other.used_)), bytes_(std::exchange(other.bytes_, 0)) {}
    QuotaHold& operator=(QuotaHold&& other) noexcept {
        if (this != &other) {
            release();
            used_ = std::move(other.used_);
            bytes_ = std::exchange(other.bytes_, 0);
        }
        return *this;
    }
    ~QuotaHold() { release(); }

    void add(std::size_t bytes) {
        bytes_ += bytes;
        if (used_) used_->fetch_add(bytes, std::memory_order_relaxed);
    }
    std::size_t bytes() const { return bytes_; }

  private:
    void release() {
        if (used_) used_->fetch_sub(bytes_, std::memory_order_relaxed);
        bytes_ = 0;
    }
    std::shared_ptr<std::atomic<std::size_t>> used_;
    std::size_t bytes_ = 0;
};

}  // namespace camgate::ring
