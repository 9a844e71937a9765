// A first-in first-out queue that never grows past its capacity. What happens when it is full is chosen
// where it is declared, and every item lost is counted. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

namespace camgate {

enum class WhenFull { RejectNew, DropOldest };

template <class T>
class BoundedQueue {
  public:
    BoundedQueue(std::size_t capacity, WhenFull rule) : capacity_(capacity), rule_(rule) {}

    /// False if the item was rejected. An oldest item that had to go is handed to `dropped` if given.
    bool push(T item, std::optional<T>* dropped = nullptr) {
        if (items_.size() >= capacity_) {
            ++drops_;
            if (rule_ == WhenFull::RejectNew || capacity_ == 0) return false;
            if (dropped) *dropped = std::move(items_.front());
            items_.pop_front();
        }
        items_.push_back(std::move(item));
        return true;
    }
    std::optional<T> pop() {
        if (items_.empty()) return std::nullopt;
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        return item;
    }
    const T& front() const { return items_.front(); }
    bool empty() const { return items_.empty(); }
    bool full() const { return items_.size() >= capacity_; }
    std::size_t size() const { return items_.size(); }
    std::size_t capacity() const { return capacity_; }
    std::uint64_t drops() const { return drops_; }

  private:
    std::size_t capacity_;
    WhenFull rule_;
    std::uint64_t drops_ = 0;
    std::deque<T> items_;
};

}  // namespace camgate
