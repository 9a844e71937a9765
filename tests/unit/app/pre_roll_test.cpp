// The pre-roll promise, end to end without a camera: access units through batcher and ring, motion through
// the event tracker, and a plan for each event's clip as uplink asks for it.
#include <catch2/catch.hpp>
#include <deque>
#include <random>

#include "clip/clip_planner.hpp"
#include "events/event_tracker.hpp"
#include "ring/batcher.hpp"
#include "ring/camera_tag.hpp"
#include "support/base/fake_clock.hpp"
#include "support/base/memory_file_system.hpp"
#include "support/ring/draft_maker.hpp"

using namespace camgate;
using namespace std::chrono_literals;
using media::RandomAccess;
using media::StreamKind;

namespace {

using Random = std::mt19937;

/// Uplink asks for a clip this much later than it ends: its last record must be on the card.
constexpr Duration kFootageDelay = 2s;

template <class T>
T pick(Random& random, std::initializer_list<T> choices) {
    return *(choices.begin() + static_cast<std::ptrdiff_t>(random() % choices.size()));
}
Duration between(Random& random, Duration least, Duration most) {
    return least + Duration(std::uniform_int_distribution<std::int64_t>(0, (most - least).count())(random));
}

/// A camera's stream: how often, how it can be entered, how far its pictures are put out of order.
struct Shape {
    Duration period;
    int group;  // frames
    RandomAccess entry;
    int reorder;  // frames
};

Shape anyShape(Random& random) {
    Shape shape{};
    shape.period = Duration(1s) / pick(random, {3, 4, 5, 8, 10, 12, 15, 20, 25});
    const Duration group = between(random, 500ms, 10s);
    shape.group = std::max(1, static_cast<int>(group / shape.period));
    shape.entry = pick(random, {RandomAccess::Idr, RandomAccess::Open, RandomAccess::RecoveryPoint});
    shape.reorder = pick(random, {0, 0, 1, 3});
    return shape;
}

class Stream {
  public:
    Stream(StreamKind kind, const Shape& shape, BootTime start) : kind_(kind), shape_(shape), next_(start) {}

    BootTime next() const { return next_; }
    BootTime nextShown() const { return next_ + shape_.reorder * shape_.period; }
    media::AccessUnit take() {
        media::AccessUnit unit;
        unit.stream = kind_;
        unit.config_id = test::smallConfig().id();
        unit.decode_time = next_;
        unit.presentation_time = nextShown();
        const int in_group = count_ % shape_.group;
        if (in_group == 0) unit.random_access = shape_.entry;
        if (shape_.entry == RandomAccess::Open && in_group > 0 && in_group <= shape_.reorder)
            unit.flags = media::kLeading;
        unit.bytes = Bytes(32, static_cast<std::uint8_t>(count_));
        ++count_;
        next_ += shape_.period;
        return unit;
    }

  private:
    StreamKind kind_;
    Shape shape_;
    BootTime next_;
    int count_ = 0;
};

/// Bursts of motion with pauses around the length at which an event ends: many events lie back to back.
class Bursts {
  public:
    Bursts(Random& random, BootTime start, Duration quiet) : random_(random), quiet_(quiet), until_(start) {}
    bool at(BootTime time) {
        while (time >= until_) {
            moving_ = !moving_;
            until_ += moving_ ? between(random_, 200ms, 20s) : between(random_, 100ms, 2 * quiet_ + 2s);
        }
        return moving_;
    }

  private:
    Random& random_;
    Duration quiet_;
    BootTime until_;
    bool moving_ = true;  // the scene is quiet first
};

/// One camera from the moment that it comes up.
class Scene {
  public:
    explicit Scene(unsigned seed)
        : random_(seed),
          settings_(anySettings(random_)),
          up_(clock_.bootNow()),
          main_(StreamKind::Main, anyShape(random_), up_),
          sub_(StreamKind::Sub, anyShape(random_), up_ + between(random_, 0s, 200ms)),
          bursts_(random_, up_, std::max(settings_.post_roll, settings_.merge_gap)),
          batcher_({.boot_session = 42}, clock_),
          tracker_(settings_, [n = 0]() mutable { return "event-" + std::to_string(++n); }) {
        auto opened = ring::Ring::open(
            files_, "/card/ring", {.size_bytes = 96U << 20U, .extent_bytes = 4U << 20U, .gateway = "gw-1"},
            clock_);
        REQUIRE(opened);
        ring_ = std::move(*opened);
        batcher_.addCamera(tag_, 24U << 20U);
        for (const StreamKind kind : {StreamKind::Main, StreamKind::Sub}) {
            batcher_.addStream(tag_, kind, ring_->nextSequence(tag_, kind));
            REQUIRE(batcher_.setConfig(tag_, kind, test::smallConfig()));
        }
    }

    void run(int events) {
        while (events_ < events) {
            Stream& stream = main_.next() <= sub_.next() ? main_ : sub_;
            clock_.advance(stream.next() - clock_.bootNow());
            store();
            while (!ended_.empty() && clock_.bootNow() >= ended_.front().clip_to + kFootageDelay) {
                judge(ended_.front());
                ended_.pop_front();
            }
            if (&stream == &sub_) look(sub_.nextShown());
            REQUIRE(batcher_.add(tag_, stream.take()));
        }
    }
    int events() const { return events_; }
    int kept() const { return kept_; }
    int tooYoung() const { return too_young_; }

  private:
    static events::EventSettings anySettings(Random& random) {
        events::EventSettings settings;
        settings.pre_roll = std::chrono::seconds(pick(random, {0, 2, 5, 10, 30}));
        settings.post_roll = std::chrono::seconds(pick(random, {1, 5}));
        settings.merge_gap = std::chrono::seconds(pick(random, {1, 5}));
        settings.max_length = std::chrono::seconds(pick(random, {10, 120}));
        return settings;
    }

    void store() {
        if (const auto due = batcher_.nextDue(); !due || *due > clock_.bootNow()) return;
        const auto round = batcher_.takeDue();
        REQUIRE(ring_->append(round));
        files_.settle();
    }

    void look(BootTime shown) {
        motion::MotionResult result;
        result.captured_at = shown;
        result.active = bursts_.at(shown);
        for (const auto& [phase, event] : tracker_.onMotion(result)) {
            if (phase == events::EventPhase::End) ended_.push_back(event);
        }
    }

    void judge(const events::Event& event) {
        ++events_;
        const TimeMap map = clock_.timeMap();
        const clip::ClipRequest request{"gate", map.toWall(event.clip_from), map.toWall(event.clip_to),
                                        pick(random_, {clip::Quality::Preview, clip::Quality::Full}), ""};
        const auto plan = clip::makePlan(*ring_, request);
        INFO((plan ? "" : plan.error().describe()));
        REQUIRE(plan);
        const auto& first = plan->files.at(0).records.at(0);
        const auto meta = ring_->readMeta(first.at);
        REQUIRE(meta);
        if (meta->samples.at(0).random_access == RandomAccess::None) return;
        if (!wholeUpTo(*plan, event.start)) return;
        const Duration shown_after(meta->samples[0].presentation_offset_ns);
        const Duration whole_after =
            meta->samples[0].random_access == RandomAccess::RecoveryPoint ? Duration(2s) : Duration::zero();
        const BootTime usable = first.first_decode + shown_after + whole_after;
        const bool holds = usable <= event.clip_from;
        // The first group that could be entered began after the asked start: the plan must say what is
        // missing.
        const bool too_young = first.sequence == 1 && !plan->gaps.empty() &&
                               plan->gaps[0].from == request.from &&
                               plan->gaps[0].to >= map.toWall(first.first_decode);
        if (holds || too_young) ++kept_;
        if (!holds && too_young) ++too_young_;
    }

    /// Record by record without a hole, from the first to the trigger.
    static bool wholeUpTo(const clip::ClipPlan& plan, BootTime trigger) {
        std::uint64_t expected = plan.files[0].records[0].sequence;
        for (const auto& record : plan.files[0].records) {
            if (record.sequence != expected++) return false;
            if (record.last_decode >= trigger - 1s) return true;
        }
        return false;
    }

    Random random_;
    events::EventSettings settings_;
    test::FakeClock clock_;
    test::MemoryFileSystem files_;
    std::unique_ptr<ring::Ring> ring_;
    const std::uint64_t tag_ = ring::cameraTag("gw-1", "gate");
    BootTime up_;
    Stream main_, sub_;
    Bursts bursts_;
    ring::Batcher batcher_;
    events::EventTracker tracker_;
    std::deque<events::Event> ended_;  // their clips are not asked for yet
    int events_ = 0;
    int kept_ = 0;
    int too_young_ = 0;
};

}  // namespace

TEST_CASE("pre-roll: 1,000 of 1,000 clips start where a decoder can and hold the asked seconds", "[app]") {
    int events = 0;
    int kept = 0;
    int too_young = 0;
    for (unsigned seed = 0; seed < 50; ++seed) {
        INFO("seed " << seed);
        Scene scene(seed);
        scene.run(20);
        CHECK(scene.kept() == scene.events());
        events += scene.events();
        kept += scene.kept();
        too_young += scene.tooYoung();
    }
    CHECK(events >= 1000);
    CHECK(kept == events);
    // Those whose camera was not up long enough are few: the promise is not kept by excuses.
    CHECK(too_young < events / 20);
    CHECK(too_young > 0);
}
