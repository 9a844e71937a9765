// Bytes of a large file of which little is written: blocks of 4 KiB, shared between copies until one writes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <span>

namespace camgate::test {

class SparseBytes {
  public:
    void read(std::uint64_t offset, std::span<std::uint8_t> into) const {
        forEachPart(offset, into.size(),
                    [&](std::uint64_t block, std::size_t at, std::size_t done, std::size_t length) {
                        const auto part = into.subspan(done, length);
                        const auto it = blocks_.find(block);
                        if (it == blocks_.end()) {
                            std::ranges::fill(part, std::uint8_t{0});
                        } else {
                            std::copy_n(it->second->begin() + static_cast<std::ptrdiff_t>(at), length,
                                        part.begin());
                        }
                    });
    }
    void write(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
        forEachPart(offset, bytes.size(),
                    [&](std::uint64_t block, std::size_t at, std::size_t done, std::size_t length) {
                        auto& stored = blocks_[block];
                        auto fresh = stored ? std::make_shared<Block>(*stored) : std::make_shared<Block>();
                        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(done), length,
                                    fresh->begin() + static_cast<std::ptrdiff_t>(at));
                        stored = std::move(fresh);
                    });
    }
    void cut(std::uint64_t size) {
        blocks_.erase(blocks_.lower_bound((size + kBlock - 1) / kBlock), blocks_.end());
        if (size % kBlock == 0) return;
        const std::array<std::uint8_t, kBlock> zeros{};
        if (blocks_.contains(size / kBlock)) write(size, std::span(zeros).first(kBlock - size % kBlock));
    }

  private:
    static constexpr std::size_t kBlock = 4096;
    using Block = std::array<std::uint8_t, kBlock>;

    template <class Fn>
    static void forEachPart(std::uint64_t offset, std::size_t size, Fn fn) {
        std::size_t done = 0;
        while (done < size) {
            const std::size_t at = static_cast<std::size_t>((offset + done) % kBlock);
            const std::size_t length = std::min(size - done, kBlock - at);
            fn((offset + done) / kBlock, at, done, length);
            done += length;
        }
    }
    // Copies of a file share blocks: each cut of a fault test starts from the same disk.
    std::map<std::uint64_t, std::shared_ptr<const Block>> blocks_;
};

}  // namespace camgate::test
