// Cameras come and go while the ring stays open.
#include <catch2/catch.hpp>

#include "support/app/recorder_fixture.hpp"

using namespace camgate;
using namespace camgate::app;
using namespace std::chrono_literals;
using namespace camgate::test;

namespace {

const RecordedCamera kGate{.id = "gate"};
const RecordedCamera kYard{.id = "yard"};

void introduceYard(Fixture& f) {
    f.recorder->sinkOf("yard").onStreamConfig(media::StreamKind::Main, test::smallConfig());
}

}  // namespace

TEST_CASE("recorder: a camera that goes and comes back goes on where it ended, the other loses nothing",
          "[app]") {
    Fixture f;
    f.start();
    f.film(2500ms);
    FootageSink* gate = &f.recorder->sinkOf("gate");
    f.recorder->follow({kGate});
    CHECK(&f.recorder->sinkOf("gate") == gate);
    f.film(2s);  // yard's go nowhere
    const std::size_t away = 20;
    f.recorder->follow({kGate, kYard});
    introduceYard(f);
    f.wait(300ms);
    f.film(3s);
    f.wait(2s);
    CHECK(f.opened == 1);
    CHECK(f.closed == 0);
    const std::size_t sent = f.sent["yard"];
    CHECK(f.recorder->droppedUnits("gate") == 0);
    const Stored other = f.endAndLook("gate");
    CHECK(other.units == f.sent["gate"]);
    CHECK(other.declared_lost == 0);
    const Stored back = f.endAndLook("yard");
    CHECK(back.units == sent - away);
    CHECK(back.numbers_follow);
}

TEST_CASE("recorder: a camera comes back while the card has not taken what was left of it", "[app][fault]") {
    Fixture f;
    f.start();
    f.film(2500ms);
    f.card.stall();
    f.filmStalled(500ms);
    f.recorder->follow({kGate});
    f.recorder->follow({kGate, kYard});
    introduceYard(f);
    f.filmStalled(500ms);
    f.card.goOn();
    f.wait(1s);
    f.film(2s);
    f.wait(2s);
    CHECK(f.endAndLook("yard").numbers_follow);
    CHECK(f.endAndLook("gate").units == f.sent["gate"]);
}

TEST_CASE("recorder: a camera that is recorded in another way has another door, and its numbers follow",
          "[app]") {
    Fixture f;
    f.start();
    f.film(2s);
    RecordedCamera other = kYard;
    other.keep_days = 7;
    f.recorder->follow({kGate, other});
    introduceYard(f);
    f.wait(300ms);
    f.film(2s);
    f.wait(2s);
    CHECK(f.endAndLook("yard").numbers_follow);
}

TEST_CASE("recorder: cameras may come before there is a ring", "[app][fault]") {
    Fixture f;
    f.card.takeOut();
    f.start();
    f.recorder->follow({kGate});
    f.recorder->follow({kGate, kYard});
    f.card.putIn();
    f.wait(6s);
    CHECK(f.recorder->state() == StorageState::Ok);
}
