// Access units as they come to one MP4 file that grows: a fragment at a time, each from where the last ended,
// whatever was left out between them. For who looks on live; clips are cut from records (clip/). Pure, any
// thread.
#pragma once

#include <optional>
#include <vector>

#include "media/mp4_writer.hpp"

namespace camgate::media {

class FragmentStream {
  public:
    /// A fragment is closed when it is as long, or by a random access point.
    explicit FragmentStream(Duration fragment_length) : fragment_length_(fragment_length) {}

    /// A new file, whose first bytes these are; it goes on with the next random access point.
    [[nodiscard]] Result<Bytes> begin(const DecoderConfig& config, WallTime creation_time);
    /// The fragment that this unit closed, whole; empty: none yet. Without `room` it is left out, and all up
    /// to the next random access point with it. Units before begin() are left out.
    [[nodiscard]] Result<Bytes> add(const AccessUnit& unit, bool room);
    /// Units are missing: what is not closed is left out, the file goes on with the next random access point.
    void interrupt();

  private:
    void take(const AccessUnit& unit, bool opens);
    [[nodiscard]] Result<Bytes> close(BootTime end);
    std::int64_t ticksInFile(BootTime time) const;
    std::uint32_t lastSampleTicks(BootTime end) const;

    Duration fragment_length_;
    bool begun_ = false;
    bool running_ = false;  // a decoder can go on from what was taken last
    bool leading_ = false;  // what cannot be decoded from the Open point it started at may still come
    std::optional<BootTime> file_start_;
    std::uint32_t next_fragment_ = 1;
    std::vector<Mp4Sample> samples_;
    BootTime first_{}, last_{};  // decode times of samples_
    Bytes payload_;
};

}  // namespace camgate::media
