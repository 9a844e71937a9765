// A list that holds its few elements itself, so that a result for each frame allocates nothing. What is
// pushed beyond its capacity is dropped. Plain value.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>

namespace camgate::motion {

template <class T, std::size_t kCapacity>
class BoundedList {
  public:
    BoundedList() = default;
    BoundedList(std::initializer_list<T> items) {
        for (const T& item : items) push_back(item);
    }

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    bool full() const { return size_ == kCapacity; }
    void clear() { size_ = 0; }
    void push_back(const T& value) {
        if (!full()) items_[size_++] = value;
    }
    T* begin() { return items_.data(); }
    T* end() { return items_.data() + size_; }
    const T* begin() const { return items_.data(); }
    const T* end() const { return items_.data() + size_; }
    const T& operator[](std::size_t i) const { return items_[i]; }
    T& operator[](std::size_t i) { return items_[i]; }

  private:
    std::array<T, kCapacity> items_{};
    std::size_t size_ = 0;
};

}  // namespace camgate::motion
