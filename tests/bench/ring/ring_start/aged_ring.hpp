// A sealed ring as it lies on a card after a long life: every extent written, four cameras with sub-streams,
// a key per camera and day, each class' open extent nearly full, its last record torn. What a start does not
// read, the inside of closed extents, is not there.
#pragma once

#include "bench/ring/ring_start/counting_files.hpp"
#include "crypto/file_key_source.hpp"
#include "ring/ring.hpp"
#include "support/base/fake_clock.hpp"
#include "support/ring/draft_maker.hpp"

namespace camgate::bench {

class AgedRing {
  public:
    AgedRing(std::string folder, std::uint64_t size_bytes, std::uint8_t classes);

    std::unique_ptr<ring::Ring> open();
    std::string path() const { return folder_ + "/ring"; }
    const CountingFiles& files() const { return files_; }

  private:
    void makeKeys();
    void closeAllExtents();
    void fillOpenExtents();
    void tear(const ring::RecordLocation& at);
    std::vector<ring::RecordDraft> round(std::size_t main_bytes, std::size_t sub_bytes);

    CountingFiles files_;
    std::string folder_;
    crypto::FileKeySource source_;
    std::uint8_t classes_;
    test::FakeClock clock_;
    ring::RingOptions options_;
    std::uint64_t sequence_ = 0;
};

}  // namespace camgate::bench
