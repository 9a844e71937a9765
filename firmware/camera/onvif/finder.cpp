#include "camera/onvif/finder.hpp"

#include <unistd.h>

#include "camera/onvif/device.hpp"
#include "camera/onvif/search.hpp"
#include "ipc/camera_messages.hpp"
#include "ipc/roles.hpp"

namespace camgate::onvif {
namespace {

using ipc::FinderMessage;

constexpr int kHungUp = 0;
constexpr int kBadMessage = 3;

}  // namespace

Finder::Finder(EventLoop& loop, UniqueFd socket, std::function<void(int)> on_end)
    : loop_(loop),
      on_end_(std::move(on_end)),
      channel_(
          loop, std::move(socket), {ipc::longestToFinder},
          [this](std::uint16_t type, ByteView payload) { onMessage(type, payload); },
          [this](const Error& why) { on_end_(why.kind == ErrorKind::Corruption ? kBadMessage : kHungUp); }) {
    answer(FinderMessage::Hello,
           ipc::encode(ipc::WorkerHello{ipc::kProtocolVersion, static_cast<std::uint32_t>(::getpid())}));
}

void Finder::onMessage(std::uint16_t type, ByteView payload) {
    switch (static_cast<FinderMessage>(type)) {
        case FinderMessage::Search:
            return search(payload);
        case FinderMessage::Describe:
            return describe(payload);
        default:
            return on_end_(kBadMessage);
    }
}

void Finder::search(ByteView payload) {
    const auto asked = ipc::decodeFinderSearch(payload);
    if (!asked) return on_end_(kBadMessage);
    const auto found = onvif::search(*asked);
    if (!found) return answer(FinderMessage::Failed, ipc::encodeFinderFailure(found.error()));
    answer(FinderMessage::Found, ipc::encode(*found));
}

void Finder::describe(ByteView payload) {
    const auto asked = ipc::decodeFinderDescribe(payload);
    if (!asked) return on_end_(kBadMessage);
    CurlHttp http(asked->user, asked->password);
    const auto described = describeDevice(http, loop_.clock(), *asked);
    if (!described) return answer(FinderMessage::Failed, ipc::encodeFinderFailure(described.error()));
    answer(FinderMessage::Described, ipc::encode(*described));
}

/// The daemon hangs up once it has the answer.
void Finder::answer(FinderMessage type, const Bytes& payload) {
    (void)channel_.send(static_cast<std::uint16_t>(type), payload);
}

}  // namespace camgate::onvif
