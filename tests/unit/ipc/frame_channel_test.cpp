#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <optional>

#include "base/epoll_loop.hpp"
#include "ipc/frame_channel.hpp"

using namespace camgate;
using namespace camgate::ipc;
using namespace std::chrono_literals;

namespace {

/// A channel under test; the test holds the other end as a plain descriptor.
struct ChannelFixture {
    SystemClock clock;
    std::unique_ptr<EpollLoop> loop = EpollLoop::open(clock).value();
    UniqueFd far;
    std::vector<std::pair<std::uint16_t, Bytes>> messages;
    std::optional<Error> closed;
    std::unique_ptr<FrameChannel> channel;

    explicit ChannelFixture(std::size_t longest = 1U << 20U, std::size_t most_waiting = 1U << 20U) {
        std::array<int, 2> ends{};
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0);
        far.reset(ends[1]);
        channel = std::make_unique<FrameChannel>(
            *loop, UniqueFd(ends[0]),
            ChannelLimits{[longest](std::uint16_t) { return longest; }, most_waiting},
            [this](std::uint16_t type, ByteView payload) {
                messages.emplace_back(type, Bytes(payload.begin(), payload.end()));
            },
            [this](const Error& why) { closed = why; });
    }
    void write(const Bytes& bytes) {
        REQUIRE(::write(far.get(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
        loop->turn(0ms);
    }
};

Bytes frame(std::uint32_t length, std::uint16_t type, std::uint16_t flags, const Bytes& body) {
    ByteWriter out;
    out.put(length);
    out.put(type);
    out.put(flags);
    out.putBytes(body);
    return std::move(out).take();
}

}  // namespace

TEST_CASE("channel: a long message crosses in frames and comes out whole", "[ipc]") {
    ChannelFixture f;
    ChannelFixture g;
    Bytes big(200'000);
    for (std::size_t i = 0; i < big.size(); ++i) big[i] = static_cast<std::uint8_t>(i * 7);
    // g's far end is fed with what f's channel wrote.
    REQUIRE(f.channel->send(18, big));
    REQUIRE(f.channel->send(19, Bytes{}));
    while (g.messages.size() < 2) {
        f.loop->turn(0ms);
        std::array<std::uint8_t, 30'000> buffer{};
        const auto got = ::recv(f.far.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        REQUIRE(got > 0);
        g.write(Bytes(buffer.begin(), buffer.begin() + got));
    }
    CHECK(g.messages[0].first == 18);
    CHECK(g.messages[0].second == big);
    CHECK(g.messages[1].first == 19);
    CHECK(g.messages[1].second.empty());
}

TEST_CASE("channel: bytes that arrive one by one make the same message", "[ipc]") {
    ChannelFixture f;
    for (const std::uint8_t byte : frame(2, 7, 0, {1, 2})) f.write({byte});
    REQUIRE(f.messages.size() == 1);
    CHECK(f.messages[0].second == Bytes{1, 2});
}

TEST_CASE("channel: what a hostile worker frames wrongly closes it", "[ipc][hostile]") {
    ChannelFixture f(1000);
    SECTION("a length over the frame limit") {
        f.write(frame(70'000, 1, 0, {}));
    }
    SECTION("unknown flags") {
        f.write(frame(1, 1, 2, {0}));
    }
    SECTION("a message longer than its type may be, before it is read") {
        f.write(frame(1001, 1, 0, {}));
    }
    SECTION("a message that grows over its limit frame by frame") {
        f.write(frame(600, 1, 1, Bytes(600)));
        f.write(frame(600, 1, 0, {}));
    }
    SECTION("another type in the middle of a message") {
        f.write(frame(1, 1, 1, {0}));
        f.write(frame(1, 2, 0, {0}));
    }
    REQUIRE(f.closed.has_value());
    CHECK(f.closed->kind == ErrorKind::Corruption);
    CHECK(f.messages.empty());
}

TEST_CASE("channel: a peer that does not read costs dropped messages, not memory", "[ipc]") {
    ChannelFixture f(1000, 300'000);
    const Bytes big(100'000);
    int taken = 0;
    while (f.channel->send(1, big)) REQUIRE(++taken < 100);
    CHECK(f.channel->droppedMessages() == 1);
    CHECK(f.channel->waitingBytes() <= 300'000);
}

TEST_CASE("channel: the end of the other side is reported once", "[ipc]") {
    ChannelFixture f;
    f.far.reset();
    f.loop->turn(0ms);
    REQUIRE(f.closed.has_value());
    CHECK(f.closed->kind == ErrorKind::Unavailable);
    CHECK_FALSE(f.channel->send(1, {}));
}
