#include "clip/ring_clip_source.hpp"

#include <map>

#include "base/log.hpp"
#include "clip/clip_builder.hpp"
#include "clip/clip_planner.hpp"
#include "clip/clip_prover.hpp"
#include "evidence/manifest.hpp"

namespace camgate::clip {
namespace {

constexpr std::size_t kMostPerRead_bytes = 256U << 10U;

std::unexpected<Error> notOpen() {
    return fail(ErrorKind::NotFound, "the clip is not open");
}

}  // namespace

/// The open clips. Storage thread only.
class RingClipSource::Shelf {
  public:
    Shelf(ring::Ring& ring, const Clock& clock, std::optional<crypto::Identity> key,
          const RingClipOptions& options)
        : ring_(ring), clock_(clock), key_(std::move(key)), options_(options) {}

    Result<PlannedClip> plan(const ClipRequest& request) {
        auto plan = makePlan(ring_, request);
        if (!plan) return std::unexpected(plan.error());
        Bytes bytes = encodePlan(*plan);
        return open(std::move(*plan), std::move(bytes));
    }

    Result<PlannedClip> reopen(const Bytes& bytes) {
        auto plan = decodePlan(bytes);
        if (!plan) return std::unexpected(plan.error());
        if (plan->gateway != ring_.header().gateway) {
            return fail(ErrorKind::FailedPrecondition, "the clip plan is of gateway " + plan->gateway);
        }
        return open(std::move(*plan), bytes);
    }

    Result<Bytes> read(const std::string& id, std::uint64_t offset, std::size_t length_bytes) {
        const auto clip = clips_.find(id);
        if (clip == clips_.end()) return notOpen();
        clip->second.touched = clock_.bootNow();
        return clip->second.builder.read(offset, std::min(length_bytes, kMostPerRead_bytes));
    }

    Result<std::string> sign(const std::string& id, const std::string& sha256_hex) {
        const auto clip = clips_.find(id);
        if (clip == clips_.end()) return notOpen();
        if (!key_) return std::string();
        const ClipBuilder& builder = clip->second.builder;
        return evidence::signManifest(manifestOf(builder.plan(), id, builder.layout().fileBytes()),
                                      sha256_hex, *key_);
    }

    Result<CheckpointQuery> checkpointsOf(const std::string& id) const {
        const auto clip = clips_.find(id);
        if (clip == clips_.end()) return notOpen();
        return checkpointQuery(clip->second.builder.plan(), ring_.header());
    }

    Result<std::string> prove(const std::string& id,
                              const std::vector<evidence::AnchoredCheckpoint>& checkpoints) {
        const auto clip = clips_.find(id);
        if (clip == clips_.end()) return notOpen();
        auto evidence = proveClip(ring_, clip->second.builder.plan(), checkpoints);
        if (!evidence) return std::unexpected(evidence.error());
        evidence->clip = id;
        return evidence::toJsonText(*evidence);
    }

    void release(const std::string& id) {
        const auto clip = clips_.find(id);
        if (clip == clips_.end()) return;
        if (clip->second.pin) ring_.unpin(*clip->second.pin);
        clips_.erase(clip);
    }

  private:
    struct OpenClip {
        ClipBuilder builder;
        std::optional<ring::PinId> pin;
        BootTime touched;
    };

    Result<PlannedClip> open(ClipPlan plan, Bytes bytes) {
        forgetOld();
        const std::string id = planId(bytes);
        release(id);
        if (clips_.size() >= options_.most_open) {
            return fail(ErrorKind::Unavailable,
                        std::to_string(clips_.size()) + " clips are open, no more are taken");
        }
        OpenClip clip{ClipBuilder(ring_, std::move(plan)), std::nullopt, clock_.bootNow()};
        const auto pin = ring_.pin(clip.builder.records(), clip.touched + options_.forget_after);
        if (!pin && pin.error().kind != ErrorKind::Unavailable) return std::unexpected(pin.error());
        if (pin) {
            clip.pin = *pin;
        } else {
            logEvent(LogLevel::Warning, "clip", "clip-not-pinned", {{"clip", id}, {"error", pin.error()}});
        }
        PlannedClip planned;
        planned.id = id;
        planned.bytes = clip.builder.layout().bytes();
        planned.manifest =
            evidence::toJsonText(manifestOf(clip.builder.plan(), id, clip.builder.layout().fileBytes()));
        planned.plan = std::move(bytes);
        clips_.emplace(id, std::move(clip));
        return planned;
    }

    void forgetOld() {
        const BootTime now = clock_.bootNow();
        std::vector<std::string> old;
        for (const auto& [id, clip] : clips_) {
            if (now - clip.touched >= options_.forget_after) old.push_back(id);
        }
        for (const std::string& id : old) release(id);
    }

    ring::Ring& ring_;
    const Clock& clock_;
    std::optional<crypto::Identity> key_;
    RingClipOptions options_;
    std::map<std::string, OpenClip> clips_;
};

RingClipSource::RingClipSource(EventLoop& loop, TaskThread& storage, ring::Ring& ring,
                               std::optional<crypto::Identity> evidence_key, const RingClipOptions& options)
    : loop_(loop),
      storage_(storage),
      book_(options.book),
      shelf_(std::make_shared<Shelf>(ring, loop.clock(), std::move(evidence_key), options)),
      alive_(std::make_shared<bool>(true)) {}

RingClipSource::~RingClipSource() {
    *alive_ = false;
}

template <class T, class Work>
void RingClipSource::ask(Work work, Answer<T> answer) {
    // The answer travels to the storage thread and back unused there: what it holds stays the loop's.
    auto held = std::make_shared<Answer<T>>(std::move(answer));
    EventLoop& loop = loop_;
    const auto alive = alive_;
    const bool queued = storage_.tryPost([&loop, alive, held, shelf = shelf_, work]() mutable {
        auto result = std::make_shared<Result<T>>(work(*shelf));
        loop.post([alive, held = std::move(held), result] {
            if (*alive) (*held)(std::move(*result));
        });
    });
    if (queued) return;
    loop_.post([alive, held] {
        if (*alive) (*held)(fail(ErrorKind::Unavailable, "the storage has too much to do"));
    });
}

void RingClipSource::plan(const ClipRequest& request, Answer<PlannedClip> answer) {
    ask<PlannedClip>([request](Shelf& shelf) { return shelf.plan(request); }, std::move(answer));
}

void RingClipSource::reopen(const Bytes& plan, Answer<PlannedClip> answer) {
    ask<PlannedClip>([plan](Shelf& shelf) { return shelf.reopen(plan); }, std::move(answer));
}

void RingClipSource::read(const std::string& id, std::uint64_t offset, std::size_t length_bytes,
                          Answer<Bytes> answer) {
    ask<Bytes>([id, offset, length_bytes](Shelf& shelf) { return shelf.read(id, offset, length_bytes); },
               std::move(answer));
}

void RingClipSource::sign(const std::string& id, const std::string& sha256_hex, Answer<std::string> answer) {
    ask<std::string>([id, sha256_hex](Shelf& shelf) { return shelf.sign(id, sha256_hex); },
                     std::move(answer));
}

void RingClipSource::prove(const std::string& id, Answer<std::string> answer) {
    const auto prove = [this, id, answer](std::vector<evidence::AnchoredCheckpoint> checkpoints) {
        ask<std::string>([id, checkpoints](Shelf& shelf) { return shelf.prove(id, checkpoints); }, answer);
    };
    if (book_ == nullptr) return prove({});
    const auto found = [prove, answer,
                        alive = alive_](Result<std::vector<evidence::AnchoredCheckpoint>> checkpoints) {
        if (!*alive) return;
        if (!checkpoints) return answer(std::unexpected(checkpoints.error()));
        prove(std::move(*checkpoints));
    };
    ask<CheckpointQuery>([id](Shelf& shelf) { return shelf.checkpointsOf(id); },
                         [this, found, answer](Result<CheckpointQuery> query) {
                             if (!query) return answer(std::unexpected(query.error()));
                             book_->find(*query, found);
                         });
}

void RingClipSource::release(const std::string& id) {
    // Lost when the queue is full: the clip is then forgotten by its age.
    (void)storage_.tryPost([shelf = shelf_, id] { shelf->release(id); });
}

}  // namespace camgate::clip
