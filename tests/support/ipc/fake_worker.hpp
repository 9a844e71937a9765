// The worker at the other end of a FakeLauncher's socket: says what a test wants said, remembers what it is
// told. Both ends are served by the same FakeLoop. One thread.
#pragma once

#include <utility>
#include <vector>

#include "ipc/frame_channel.hpp"
#include "support/base/fake_loop.hpp"
#include "support/ipc/fake_launcher.hpp"

namespace camgate::test {

class FakeWorker {
  public:
    struct Heard {
        std::uint16_t type;
        Bytes payload;
    };

    FakeWorker(FakeLoop& loop, FakeLauncher::Started& started)
        : loop_(loop),
          socket_(started.worker_end.get()),
          channel_(
              loop, std::move(started.worker_end), {[](std::uint16_t) { return std::size_t{1} << 20U; }},
              [this](std::uint16_t type, ByteView payload) {
                  heard_.push_back({type, Bytes(payload.begin(), payload.end())});
              },
              [this](const Error&) { ended_ = true; }) {}

    /// The daemon has read all of it, unless it hung up on the way.
    template <class Type>
    void say(Type type, const Bytes& payload) {
        (void)channel_.send(static_cast<std::uint16_t>(type), payload);
        turn();
        while (!ended_ && channel_.waitingBytes() > 0) {
            loop_.makeReady(socket_, false, true);
            turn();
        }
    }
    /// What came since it was asked last.
    std::vector<Heard> heard() {
        turn();
        return std::exchange(heard_, {});
    }
    void leave() {
        channel_.shut();
        turn();
    }
    /// The daemon hung up.
    bool ended() {
        turn();
        return ended_;
    }

  private:
    void turn() {
        for (int i = 0; i < 2; ++i) loop_.makeAllReadable();
    }

    FakeLoop& loop_;
    int socket_;
    std::vector<Heard> heard_;
    bool ended_ = false;
    ipc::FrameChannel channel_;
};

}  // namespace camgate::test
