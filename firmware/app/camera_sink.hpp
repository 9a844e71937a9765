// One recorded camera's way into the batcher: what its session hands on, as long as a ring is open; its share
// of the media pool and what it sends. Loop thread only.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "app/byte_rate.hpp"
#include "app/camera_session.hpp"
#include "app/media_pool.hpp"
#include "ring/batcher.hpp"

namespace camgate::app {

struct RecordedCamera {
    std::string id;
    std::int64_t bitrate_kbps = 4000;  ///< planned: its share of the media pool
    std::uint8_t main_class = 0;       ///< retention class of its streams
    std::uint8_t sub_class = 0;
    std::int64_t keep_days = 0;  ///< 0: until it is overwritten

    bool operator==(const RecordedCamera&) const = default;
};

class CameraSink final : public FootageSink {
  public:
    /// `batcher` outlives it.
    CameraSink(ring::Batcher& batcher, RecordedCamera camera, std::uint64_t tag, std::size_t share_bytes)
        : batcher_(batcher), camera_(std::move(camera)), tag_(tag), share_bytes_(share_bytes) {}

    void onStreamConfig(media::StreamKind stream, media::DecoderConfig config) override;
    Status onAccessUnit(media::AccessUnit unit) override;
    void onInterrupted() override;
    void onPause(bool paused) override;

    /// A ring has been opened: streams go on where it ends.
    void attach(std::uint64_t next_main, std::uint64_t next_sub);
    /// The ring is gone, or the camera is no longer recorded: what arrives is counted as dropped.
    void detach();
    bool attached() const { return attached_; }
    void setShare(std::size_t share_bytes);

    const std::string& camera() const { return camera_.id; }
    const RecordedCamera& recorded() const { return camera_; }
    std::int64_t keepDays() const { return camera_.keep_days; }
    std::uint64_t tag() const { return tag_; }
    std::uint64_t dropped() const { return dropped_before_ + batcher_.stats(tag_).dropped_units; }
    void measureRate(BootTime now) { rate_.note(now, batcher_.stats(tag_).arrived_bytes); }
    PoolShare poolShare() const {
        return {camera_.id, share_bytes_, batcher_.heldBytes(tag_), rate_.perSecond()};
    }

    std::uint64_t stored_records = 0;

  private:
    void applyConfig(media::StreamKind stream);

    ring::Batcher& batcher_;
    RecordedCamera camera_;
    std::uint64_t tag_;
    std::size_t share_bytes_;
    ByteRate rate_;
    std::array<std::optional<media::DecoderConfig>, 2> configs_;
    bool attached_ = false;
    bool paused_ = false;
    std::uint64_t dropped_before_ = 0;  // by no batcher, or by one that has forgotten
};

}  // namespace camgate::app
