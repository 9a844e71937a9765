// Bytes of a card in pages, over those of another one or over zeros: a cut copies nothing but what it
// changes. Header only. One thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace camgate::test {

class SimDisk {
  public:
    /// `below` outlives this and does not change meanwhile.
    explicit SimDisk(std::uint64_t size_bytes, const SimDisk* below = nullptr)
        : size_(size_bytes), below_(below), pages_(static_cast<std::size_t>(size_bytes / kPage)) {}

    std::uint64_t size() const { return size_; }
    void read(std::uint64_t offset, std::span<std::uint8_t> into) const {
        forEachPart(
            offset, into.size(), [&](std::size_t page, std::size_t at, std::size_t done, std::size_t length) {
                const Page* stored = find(page);
                const auto part = into.subspan(done, length);
                if (stored == nullptr) {
                    std::ranges::fill(part, std::uint8_t{0});
                } else {
                    std::copy_n(stored->begin() + static_cast<std::ptrdiff_t>(at), length, part.begin());
                }
            });
    }
    void write(std::uint64_t offset, std::span<const std::uint8_t> bytes) {
        forEachPart(offset, bytes.size(),
                    [&](std::size_t page, std::size_t at, std::size_t done, std::size_t length) {
                        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(done), length,
                                    own(page).begin() + static_cast<std::ptrdiff_t>(at));
                    });
    }
    /// What this changed is now so below, too.
    void changeBelow(SimDisk& below) const {
        for (std::size_t page = 0; page < pages_.size(); ++page) {
            if (pages_[page]) below.own(page) = *pages_[page];
        }
    }

  private:
    static constexpr std::size_t kPage = 4096;
    using Page = std::array<std::uint8_t, kPage>;

    template <class Fn>
    static void forEachPart(std::uint64_t offset, std::size_t size, Fn fn) {
        std::size_t done = 0;
        while (done < size) {
            const auto at = static_cast<std::size_t>((offset + done) % kPage);
            const std::size_t length = std::min(size - done, kPage - at);
            fn(static_cast<std::size_t>((offset + done) / kPage), at, done, length);
            done += length;
        }
    }
    const Page* find(std::size_t page) const {
        if (pages_[page]) return pages_[page].get();
        return below_ != nullptr ? below_->find(page) : nullptr;
    }
    Page& own(std::size_t page) {
        if (pages_[page]) return *pages_[page];
        const Page* stored = below_ != nullptr ? below_->find(page) : nullptr;
        pages_[page] = stored != nullptr ? std::make_unique<Page>(*stored) : std::make_unique<Page>();
        return *pages_[page];
    }

    std::uint64_t size_;
    const SimDisk* below_;
    std::vector<std::unique_ptr<Page>> pages_;
};

}  // namespace camgate::test
