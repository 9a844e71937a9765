#include <catch2/catch.hpp>
#include <random>

#include "ipc/camera_messages.hpp"
#include "ipc/link_messages.hpp"

using namespace camgate;
using namespace camgate::ipc;

namespace {

CameraSettings someSettings() {
    CameraSettings settings;
    settings.camera = "gate";
    settings.main_url = "rtsp://10.0.0.2/main";
    settings.sub_url = "rtsp://10.0.0.2/sub";
    settings.user = "admin";
    settings.password = "secret";
    settings.transport = RtspTransport::Udp;
    settings.analysis_fps = 8;
    settings.decode_gate = true;
    settings.detector.zones = {
        {.name = "path", .polygon = {{0, 0}, {1, 0}, {0.5F, 1}}, .sensitivity_percent = 70},
        {.name = "gate",
         .kind = motion::ZoneKind::Line,
         .polygon = {{0, 0}, {1, 1}},
         .min_height = 0.25F,
         .crossing = motion::Crossing::ToRight}};
    return settings;
}

LinkSettings someLinkSettings() {
    LinkSettings settings;
    settings.host = "hub.example";
    settings.ca_pem = "ca";
    settings.key_pem = "key";
    settings.client_id = "cg-1";
    settings.subscriptions = {"camgate/v1/cg-1/receipt"};
    settings.will_topic = "camgate/v1/cg-1/status";
    settings.will_payload = "{}";
    return settings;
}

media::AccessUnit someUnit() {
    media::AccessUnit unit;
    unit.stream = media::StreamKind::Sub;
    unit.random_access = media::RandomAccess::Idr;
    unit.config_id = 0x1234567890ABCDEF;
    unit.decode_time = BootTime(std::chrono::seconds(5));
    unit.presentation_time = BootTime(std::chrono::seconds(6));
    unit.bytes = {0, 0, 0, 1, 0x65};
    return unit;
}

motion::MotionResult someMotion() {
    motion::MotionResult result;
    result.captured_at = BootTime(std::chrono::seconds(9));
    result.state = motion::GlobalState::Normal;
    result.scene = motion::SceneState::Blurred;
    result.active = true;
    result.blobs = {{{0.1F, 0.2F, 0.3F, 0.4F}, 0.9F, 7, true, 1}};
    result.rejected[2] = 3;
    return result;
}

/// Every prefix is refused, and so is a byte too many: nothing is read past the end, nothing is left over.
template <class Decode>
void checkLengths(const Bytes& whole, Decode decode) {
    REQUIRE(decode(whole).has_value());
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK_FALSE(decode(ByteView(whole).first(length)).has_value());
    }
    Bytes longer = whole;
    longer.push_back(0);
    CHECK_FALSE(decode(longer).has_value());
}

/// Random damage either decodes or is refused, and never reads out of bounds (the sanitizers watch).
template <class Decode>
void damage(const Bytes& whole, Decode decode) {
    std::mt19937 random(1);
    for (int i = 0; i < 2000; ++i) {
        Bytes damaged = whole;
        for (int k = 0; k < 3; ++k) damaged[random() % damaged.size()] = static_cast<std::uint8_t>(random());
        (void)decode(damaged);
    }
}

}  // namespace

TEST_CASE("messages: what the camera side says comes through unchanged", "[ipc]") {
    const auto settings = decodeCameraSettings(encode(someSettings())).value();
    CHECK(settings.password == "secret");
    CHECK(settings.transport == RtspTransport::Udp);
    CHECK(settings.detector.zones.at(0).polygon.at(2).y == 1);
    CHECK(settings.detector.zones.at(0).sensitivity_percent == 70);
    CHECK(settings.detector.zones.at(1).kind == motion::ZoneKind::Line);
    CHECK(settings.detector.zones.at(1).crossing == motion::Crossing::ToRight);
    CHECK(settings.detector.zones.at(1).min_height == 0.25F);
    CHECK(decodeActiveZones(encode(ActiveZones{0x8001}))->zones == 0x8001);
    const auto unit = decodeAccessUnit(encode(someUnit())).value();
    CHECK(unit.bytes == someUnit().bytes);
    CHECK(unit.config_id == someUnit().config_id);
    CHECK(unit.presentation_time == someUnit().presentation_time);
    const auto result = decodeMotion(encode(someMotion())).value();
    CHECK(result.scene == motion::SceneState::Blurred);
    CHECK(result.blobs[0].box == someMotion().blobs[0].box);
    CHECK(result.rejected == someMotion().rejected);
}

TEST_CASE("messages: every truncation and surplus is refused", "[ipc][hostile]") {
    checkLengths(encode(someSettings()), decodeCameraSettings);
    checkLengths(encode(someUnit()), decodeAccessUnit);
    checkLengths(encode(someMotion()), decodeMotion);
    checkLengths(encode(CameraReport{}), decodeCameraReport);
    checkLengths(encode(WorkerHello{1, 2}), decodeHello);
    checkLengths(encode(Snapshot{1, "", {}, {1, 2, 3}}), decodeSnapshot);
    checkLengths(encode(someLinkSettings()), decodeLinkSettings);
    checkLengths(encode(PublishRequest{1, 2, {"t", {1}, "c", "r", {2}, false}}), decodePublishRequest);
    checkLengths(encode(LinkReport{}), decodeLinkReport);
}

TEST_CASE("messages: random damage is refused or read, never more", "[ipc][hostile]") {
    damage(encode(someSettings()), decodeCameraSettings);
    damage(encode(someUnit()), decodeAccessUnit);
    damage(encode(someMotion()), decodeMotion);
    damage(encode(someLinkSettings()), decodeLinkSettings);
    damage(encode(PublishRequest{1, 2, {"t", {1}, "c", "r", {2}, false}}), decodePublishRequest);
}

TEST_CASE("messages: numbers outside their range are refused", "[ipc][hostile]") {
    auto motion = someMotion();
    motion.blobs[0].box.x = 1.5F;
    CHECK_FALSE(decodeMotion(encode(motion)).has_value());
    auto unit = someUnit();
    unit.presentation_time = unit.decode_time - std::chrono::nanoseconds(1);
    CHECK_FALSE(decodeAccessUnit(encode(unit)).has_value());
    CHECK_FALSE(
        decodeStreamConfig(encode(StreamConfig{media::StreamKind::Main, {media::Codec::H264, 5000, 100, {}}}))
            .has_value());
}

TEST_CASE("messages: link settings come through unchanged", "[ipc]") {
    const auto settings = decodeLinkSettings(encode(someLinkSettings())).value();
    CHECK(settings.host == "hub.example");
    CHECK(settings.subscriptions == someLinkSettings().subscriptions);
    CHECK(settings.will_delay_s == 10);
}
