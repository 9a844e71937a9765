#include <cstdio>
#include <cstdlib>

#include "bench/ring/ring_writes/store.hpp"
#include "crypto/file_key_source.hpp"
#include "ring/ring.hpp"

namespace camgate::bench {
namespace {

/// As set-up chooses for a card of 64 GB.
constexpr std::uint64_t kExtent_bytes = 32U << 20U;

class RingStore final : public Store {
  public:
    RingStore(const std::string& folder, std::uint64_t size_bytes, const Clock& clock)
        : source_(files_, folder + "/ring.key") {
        ring::RingOptions options;
        options.size_bytes = size_bytes;
        options.extent_bytes = kExtent_bytes;
        options.gateway = "bench";
        options.sealing = {.seal = true, .source = &source_};
        auto opened = ring::Ring::open(files_, folder + "/ring", options, clock);
        if (!opened) give(opened.error());
        ring_ = std::move(*opened);
    }

    void add(std::span<const ring::RecordDraft> round) override {
        if (auto done = ring_->append(round); !done) give(done.error());
        const ring::RingStats stats = ring_->stats();
        if (!written_when_full_ && stats.extents_used == stats.extents)
            written_when_full_ = stats.written_bytes;
    }
    bool settled() const override {
        return written_when_full_ &&
               ring_->stats().written_bytes > *written_when_full_ + 2 * ring_->header().extent_bytes;
    }
    std::uint64_t syncs() const override { return ring_->stats().syncs; }

  private:
    [[noreturn]] static void give(const Error& error) {
        std::fprintf(stderr, "%s\n", error.describe().c_str());
        std::exit(1);
    }

    RealFileSystem files_;
    crypto::FileKeySource source_;
    std::unique_ptr<ring::Ring> ring_;
    std::optional<std::uint64_t> written_when_full_;  ///< the last extents' zeros are written behind it
};

class NoStore final : public Store {
  public:
    void add(std::span<const ring::RecordDraft>) override {}
    std::uint64_t syncs() const override { return 0; }
};

}  // namespace

std::unique_ptr<Store> makeRingStore(const std::string& folder, std::uint64_t size_bytes,
                                     const Clock& clock) {
    return std::make_unique<RingStore>(folder, size_bytes, clock);
}

std::unique_ptr<Store> makeNoStore() {
    return std::make_unique<NoStore>();
}

}  // namespace camgate::bench
