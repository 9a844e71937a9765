// The ClipSource that uplink and the console hold: leads to the ring that is open now, or answers that none
// is. What was asked of a ring that goes is answered with Unavailable: whoever waits, waits for one answer
// only. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "clip/clip.hpp"

namespace camgate::app {

class ClipDoor final : public clip::ClipSource {
  public:
    void lead(std::unique_ptr<clip::ClipSource> source) {
        source_ = std::move(source);
        for (const auto& [number, refuse] : std::exchange(waiting_, {})) refuse();
    }

    void plan(const clip::ClipRequest& request, Answer<clip::PlannedClip> answer) override {
        if (closed(answer)) return;
        source_->plan(request, noted(std::move(answer)));
    }
    void reopen(const Bytes& plan, Answer<clip::PlannedClip> answer) override {
        if (closed(answer)) return;
        source_->reopen(plan, noted(std::move(answer)));
    }
    void read(const std::string& id, std::uint64_t offset, std::size_t length_bytes,
              Answer<Bytes> answer) override {
        if (closed(answer)) return;
        source_->read(id, offset, length_bytes, noted(std::move(answer)));
    }
    void sign(const std::string& id, const std::string& sha256_hex, Answer<std::string> answer) override {
        if (closed(answer)) return;
        source_->sign(id, sha256_hex, noted(std::move(answer)));
    }
    void prove(const std::string& id, Answer<std::string> answer) override {
        if (closed(answer)) return;
        source_->prove(id, noted(std::move(answer)));
    }
    void release(const std::string& id) override {
        if (source_) source_->release(id);
    }

  private:
    static std::unexpected<Error> noRing() {
        return fail(ErrorKind::Unavailable, "the footage cannot be read: no ring is open");
    }
    template <class T>
    bool closed(const Answer<T>& answer) const {
        if (source_) return false;
        answer(noRing());
        return true;
    }
    template <class T>
    Answer<T> noted(Answer<T> answer) {
        const std::uint64_t number = next_++;
        waiting_[number] = [answer] { answer(noRing()); };
        // A source answers nothing once it is gone, and it goes before this does.
        return [this, number, answer = std::move(answer)](Result<T> result) {
            waiting_.erase(number);
            answer(std::move(result));
        };
    }

    std::map<std::uint64_t, std::function<void()>> waiting_;
    std::uint64_t next_ = 1;
    std::unique_ptr<clip::ClipSource> source_;
};

}  // namespace camgate::app
