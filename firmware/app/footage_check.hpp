// Reads every record that the ring's indexes know of and judges it: checksums, header and table of samples,
// and the leaf that the ledger vouches for, recomputed from the bytes. One record a step, so that writes come
// in between. Storage thread only. Implements docs/ref/cli.md (storage check).
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "ring/ring.hpp"

namespace camgate::app {

/// Records of one stream that follow one another and are damaged in the same way.
struct Damage {
    std::string camera;
    media::StreamKind stream = media::StreamKind::Main;
    WallTime from;
    WallTime to;
    std::uint64_t records = 0;
    std::string what;
};

struct CheckReport {
    std::uint64_t records = 0;  ///< looked at, damaged ones included
    std::uint64_t bytes = 0;
    std::uint64_t damaged_records = 0;
    std::vector<Damage> damages;  ///< the first kMostDamages
};

class FootageCheck {
  public:
    static constexpr std::size_t kMostDamages = 100;

    FootageCheck(std::string gateway, const std::vector<std::string>& cameras);

    /// True: there is more to do. An error: an index could not be read; the rest is not known.
    [[nodiscard]] Result<bool> step(ring::Ring& ring);
    const CheckReport& report() const { return report_; }

  private:
    struct Stream {
        std::string camera;
        std::uint64_t tag = 0;
        media::StreamKind kind = media::StreamKind::Main;
    };
    Status loadWindow(ring::Ring& ring);
    void beginStream(const ring::Ring& ring);
    void judge(ring::Ring& ring, const ring::RecordInfo& info);
    void note(const ring::RecordInfo& info, const std::string& what);

    std::deque<Stream> streams_;
    bool begun_ = false;
    WallTime window_;
    WallTime end_;
    std::uint64_t last_sequence_ = 0;
    std::deque<ring::RecordInfo> waiting_;
    CheckReport report_;
};

}  // namespace camgate::app
