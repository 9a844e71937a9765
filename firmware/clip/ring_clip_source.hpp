// Clips out of the ring: plans and reads on the storage thread, answers on the loop. What an open clip needs
// is pinned, up to the ring's quota and until it was not touched for a while; an answer never comes after the
// source is gone. Loop thread only.
#pragma once

#include <memory>
#include <optional>

#include "base/event_loop.hpp"
#include "base/task_thread.hpp"
#include "clip/clip.hpp"
#include "crypto/identity.hpp"
#include "ring/ring.hpp"

namespace camgate::clip {

struct RingClipOptions {
    std::size_t most_open = 16;                      ///< one more is Unavailable
    Duration forget_after = std::chrono::hours(24);  ///< since it was planned, reopened or read
    CheckpointBook* book = nullptr;                  ///< outlives the source; none: proofs are empty
};

class RingClipSource final : public ClipSource {
  public:
    /// `storage` is the thread that owns `ring`; both and the loop outlive the source, and the thread ends
    /// what is queued before the ring goes. Without an evidence key sign() answers an empty text.
    RingClipSource(EventLoop& loop, TaskThread& storage, ring::Ring& ring,
                   std::optional<crypto::Identity> evidence_key, const RingClipOptions& options);
    ~RingClipSource() override;

    void plan(const ClipRequest& request, Answer<PlannedClip> answer) override;
    void reopen(const Bytes& plan, Answer<PlannedClip> answer) override;
    void read(const std::string& id, std::uint64_t offset, std::size_t length_bytes,
              Answer<Bytes> answer) override;
    void sign(const std::string& id, const std::string& sha256_hex, Answer<std::string> answer) override;
    void prove(const std::string& id, Answer<std::string> answer) override;
    void release(const std::string& id) override;

  private:
    class Shelf;

    template <class T, class Work>
    void ask(Work work, Answer<T> answer);

    EventLoop& loop_;
    TaskThread& storage_;
    CheckpointBook* book_;
    // Queued tasks own the shelf too: they may run after the source has gone.
    std::shared_ptr<Shelf> shelf_;
    std::shared_ptr<bool> alive_;  // loop thread only; answers on their way look at it
};

}  // namespace camgate::clip
