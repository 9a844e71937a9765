#include "events/event_tracker.hpp"

#include <catch2/catch.hpp>

using namespace camgate;
using namespace camgate::events;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

BootTime at(double seconds_since_boot) {
    return BootTime(milliseconds(std::llround(seconds_since_boot * 1000)));
}

motion::MotionResult seen(double when, bool active, float confidence = 0.5F, std::uint16_t zones = 0) {
    motion::MotionResult result;
    result.captured_at = at(when);
    result.state = motion::GlobalState::Normal;
    result.active = active;
    if (active) {
        motion::Blob blob;
        blob.box = {0.1F, 0.2F, 0.1F, 0.4F};
        blob.confidence = confidence;
        blob.confirmed = true;
        blob.zones_touched = zones;
        result.blobs.push_back(blob);
    }
    return result;
}

class Watch {
  public:
    explicit Watch(const EventSettings& settings = {})
        : tracker_(settings, [n = 0]() mutable { return "event-" + std::to_string(++n); }) {}

    /// Ten frames a second from `from` up to, not including, `to`.
    void frames(double from, double to, bool active) {
        const auto first = std::llround(from * 10);
        const auto last = std::llround(to * 10);
        for (auto tenth = first; tenth < last; ++tenth) take(seen(static_cast<double>(tenth) / 10, active));
    }
    void take(const motion::MotionResult& result) { add(tracker_.onMotion(result)); }
    void time(double now) { add(tracker_.onTime(at(now))); }
    std::vector<EventUpdate> of(EventPhase phase) const {
        std::vector<EventUpdate> found;
        for (const auto& update : updates_) {
            if (update.phase == phase) found.push_back(update);
        }
        return found;
    }
    EventTracker& tracker() { return tracker_; }

  private:
    void add(std::vector<EventUpdate> more) { updates_.insert(updates_.end(), more.begin(), more.end()); }

    EventTracker tracker_;
    std::vector<EventUpdate> updates_;
};

}  // namespace

TEST_CASE("events: start, updates once a second, end after the post-roll", "[events]") {
    Watch watch;
    watch.frames(100, 103, false);
    watch.frames(103, 107, true);
    watch.frames(107, 120, false);
    const auto starts = watch.of(EventPhase::Start);
    const auto ends = watch.of(EventPhase::End);
    REQUIRE(starts.size() == 1);
    REQUIRE(ends.size() == 1);
    CHECK(starts[0].event.id == "event-1");
    CHECK(starts[0].event.start == at(103));
    CHECK(starts[0].event.clip_from == at(98));
    CHECK_FALSE(starts[0].event.ended);
    CHECK(watch.of(EventPhase::Update).size() == 3);  // 104, 105, 106
    CHECK(ends[0].event.id == "event-1");
    CHECK(ends[0].event.last_motion == at(106.9));
    CHECK(ends[0].event.clip_to == at(111.9));
    CHECK(ends[0].event.ended == EndReason::Quiet);
}

TEST_CASE("events: a gap shorter than the merge gap does not end an event", "[events]") {
    Watch watch({.post_roll = seconds(2), .merge_gap = seconds(6)});
    watch.frames(100, 102, true);
    watch.frames(102, 107, false);
    watch.frames(107, 108, true);
    watch.frames(108, 120, false);
    REQUIRE(watch.of(EventPhase::End).size() == 1);
    CHECK(watch.of(EventPhase::End)[0].event.clip_to == at(109.9));
}

TEST_CASE("events: two happenings back to back are two events, each with its whole pre-roll", "[events]") {
    Watch watch;
    watch.frames(100, 102, true);
    watch.frames(102, 107, false);
    watch.frames(107, 109, true);
    const auto starts = watch.of(EventPhase::Start);
    REQUIRE(starts.size() == 2);
    REQUIRE(watch.of(EventPhase::End).size() == 1);
    CHECK(starts[1].event.id == "event-2");
    CHECK(starts[1].event.reason == StartReason::Motion);
    CHECK(starts[1].event.clip_from == at(102));
}

TEST_CASE("events: the longest length ends an event and the motion goes on in the next", "[events]") {
    Watch watch({.max_length = seconds(10)});
    watch.frames(100, 125, true);
    const auto starts = watch.of(EventPhase::Start);
    const auto ends = watch.of(EventPhase::End);
    REQUIRE(starts.size() == 3);
    REQUIRE(ends.size() == 2);
    CHECK(ends[0].event.ended == EndReason::MaxLength);
    CHECK(ends[0].event.clip_to == at(110));
    CHECK(starts[1].event.reason == StartReason::Continued);
    CHECK(starts[1].event.start == at(110));
    CHECK(starts[1].event.clip_from == at(105));
    CHECK(starts[2].event.start == at(120));
}

TEST_CASE("events: an event ends by time when the camera is gone", "[events]") {
    Watch watch;
    watch.frames(100, 102, true);
    watch.time(106.8);
    CHECK(watch.of(EventPhase::End).empty());
    // Last motion 101.9, post-roll 5 s, a second for late frames.
    REQUIRE(watch.tracker().deadline() == at(107.9));
    watch.time(107.9);
    const auto ends = watch.of(EventPhase::End);
    REQUIRE(ends.size() == 1);
    CHECK(ends[0].event.ended == EndReason::NoFrames);
    CHECK(ends[0].event.clip_to == at(106.9));
    watch.time(200);
    CHECK(watch.of(EventPhase::End).size() == 1);
    CHECK_FALSE(watch.tracker().deadline());
    watch.take(seen(300, true));
    CHECK(watch.of(EventPhase::Start).size() == 2);
}

TEST_CASE("events: frames that come back after a long gap close the old event first", "[events]") {
    Watch watch;
    watch.frames(100, 102, true);
    watch.take(seen(160, true));
    const auto ends = watch.of(EventPhase::End);
    REQUIRE(ends.size() == 1);
    CHECK(ends[0].event.ended == EndReason::NoFrames);
    CHECK(watch.of(EventPhase::Start).size() == 2);
}

TEST_CASE("events: time alone ends a quiet event as quiet", "[events]") {
    Watch watch;
    watch.frames(100, 102, true);
    watch.frames(102, 106.8, false);
    watch.time(107.95);
    REQUIRE(watch.of(EventPhase::End).size() == 1);
    CHECK(watch.of(EventPhase::End)[0].event.ended == EndReason::Quiet);
}

TEST_CASE("events: the best moment, its box and all zones are kept", "[events]") {
    Watch watch;
    watch.take(seen(100.0, true, 0.4F, 1));
    watch.take(seen(100.5, true, 0.9F, 2));
    watch.take(seen(101.5, true, 0.6F, 4));
    watch.frames(102, 110, false);
    const auto ends = watch.of(EventPhase::End);
    REQUIRE(ends.size() == 1);
    CHECK(ends[0].event.best_at == at(100.5));
    CHECK(ends[0].event.best_confidence == 0.9F);
    CHECK(ends[0].event.best_box == motion::Box{0.1F, 0.2F, 0.1F, 0.4F});
    CHECK(ends[0].event.zones_touched == 7);
}

TEST_CASE("events: results from the past change nothing", "[events]") {
    Watch watch;
    watch.frames(100, 101, true);
    watch.take(seen(50, true));
    REQUIRE(watch.tracker().current());
    CHECK(watch.tracker().current()->last_motion == at(100.9));
}

TEST_CASE("events: a clip does not begin before the boot", "[events]") {
    Watch watch;
    watch.take(seen(2, true));
    CHECK(watch.of(EventPhase::Start)[0].event.clip_from == BootTime());
}
