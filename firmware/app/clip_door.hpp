// The ClipSource that uplink and the console hold: leads to the ring that is open now, or answers that none
// is. Loop thread only.
#pragma once

#include <memory>
#include <utility>

#include "clip/clip.hpp"

namespace camgate::app {

class ClipDoor final : public clip::ClipSource {
  public:
    void lead(std::unique_ptr<clip::ClipSource> source) { source_ = std::move(source); }

    void plan(const clip::ClipRequest& request, Answer<clip::PlannedClip> answer) override {
        if (closed(answer)) return;
        source_->plan(request, std::move(answer));
    }
    void reopen(const Bytes& plan, Answer<clip::PlannedClip> answer) override {
        if (closed(answer)) return;
        source_->reopen(plan, std::move(answer));
    }
    void read(const std::string& id, std::uint64_t offset, std::size_t length_bytes,
              Answer<Bytes> answer) override {
        if (closed(answer)) return;
        source_->read(id, offset, length_bytes, std::move(answer));
    }
    void sign(const std::string& id, const std::string& sha256_hex, Answer<std::string> answer) override {
        if (closed(answer)) return;
        source_->sign(id, sha256_hex, std::move(answer));
    }
    void release(const std::string& id) override {
        if (source_) source_->release(id);
    }

  private:
    template <class T>
    bool closed(const Answer<T>& answer) const {
        if (source_) return false;
        answer(fail(ErrorKind::Unavailable, "the footage cannot be read: no ring is open"));
        return true;
    }

    std::unique_ptr<clip::ClipSource> source_;
};

}  // namespace camgate::app
