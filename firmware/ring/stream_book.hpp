// What the ring knows of its streams beside where they lie: how boot time becomes wall time, what number
// comes next, and how far everything is durable. Storage thread only.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "ring/extent_format.hpp"

namespace camgate::ring {

/// Everything of the stream up to here lies on the card or was declared missing, and survives a power cut.
struct Watermark {
    std::uint64_t sequence = 0;
    std::uint64_t boot_session = 0;
    BootTime last_decode;
    bool operator==(const Watermark&) const = default;
};

class StreamBook {
  public:
    /// A record that is durable. In the order of writing.
    void note(const RecordHeader& header);
    /// All records of a stream in an extent, found at start; by generation.
    void note(const StreamSummary& summary);

    /// The highest number that erased records of the stream had.
    void noteErased(std::uint64_t camera_tag, media::StreamKind stream, std::uint64_t sequence);

    /// The highest number that was ever given out, as far as it is known; 0: none.
    std::uint64_t lastSequence(std::uint64_t camera_tag, media::StreamKind stream) const;
    std::optional<Watermark> durable(std::uint64_t camera_tag, media::StreamKind stream) const;
    /// The best map known of that boot, or `otherwise`.
    TimeMap mapOf(std::uint64_t boot_session, const TimeMap& otherwise) const;
    /// Maps of boots of which nothing is left need no room.
    bool hasManyBoots() const;
    void keepBoots(const std::set<std::uint64_t>& boots);

  private:
    void noteMap(std::uint64_t boot_session, const TimeMap& map);
    void raise(std::uint64_t camera_tag, media::StreamKind stream, const Watermark& to);

    std::map<std::uint64_t, TimeMap> boot_maps_;
    std::map<std::pair<std::uint64_t, media::StreamKind>, Watermark> durable_;
    std::map<std::pair<std::uint64_t, media::StreamKind>, std::uint64_t> erased_;
};

}  // namespace camgate::ring
