#include "app/priv_server.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/log.hpp"
#include "ipc/camera_messages.hpp"
#include "ipc/roles.hpp"

namespace camgate::app {
namespace {

using ipc::PrivMessage;

constexpr int kHungUp = 0;
constexpr int kBadMessage = 3;

ipc::SlotsReport slotsReportOf(const update::Slots& slots) {
    ipc::SlotsReport out;
    out.running = static_cast<std::uint8_t>(slots.running);
    out.first = static_cast<std::uint8_t>(slots.first);
    std::ranges::transform(slots.tries_left, out.tries_left.begin(),
                           [](int tries) { return static_cast<std::uint8_t>(tries); });
    out.versions = slots.versions;
    out.compatible = slots.compatible;
    out.installing = slots.installing;
    return out;
}

}  // namespace

PrivServer::PrivServer(EventLoop& loop, UniqueFd socket, update::SlotControl& control, SetNetwork set_network,
                       std::function<void(int)> on_end)
    : control_(control),
      set_network_(std::move(set_network)),
      on_end_(std::move(on_end)),
      channel_(
          loop, std::move(socket), {ipc::longestToPriv},
          [this](std::uint16_t type, ByteView payload) { onMessage(type, payload); },
          [this](const Error& why) { on_end_(why.kind == ErrorKind::Corruption ? kBadMessage : kHungUp); }) {
    answer(PrivMessage::Hello,
           ipc::encode(ipc::WorkerHello{ipc::kProtocolVersion, static_cast<std::uint32_t>(::getpid())}));
}

void PrivServer::onMessage(std::uint16_t type, ByteView payload) {
    switch (static_cast<PrivMessage>(type)) {
        case PrivMessage::Slots:
            return slots();
        case PrivMessage::Inspect:
            return inspect(payload);
        case PrivMessage::Install:
            return install(payload);
        case PrivMessage::Activate:
            return activate(payload);
        case PrivMessage::MarkGood:
            return answer(control_.markGood());
        case PrivMessage::Restart:
            return answer(control_.restart());
        case PrivMessage::Network:
            return network(payload);
        default:
            return on_end_(kBadMessage);
    }
}

void PrivServer::slots() {
    const auto slots = control_.slots();
    if (!slots) return answer(std::unexpected(slots.error()));
    answer(PrivMessage::SlotsAre, ipc::encode(slotsReportOf(*slots)));
}

void PrivServer::inspect(ByteView payload) {
    const auto path = ipc::decodePrivPath(payload);
    if (!path) return on_end_(kBadMessage);
    const auto bundle = control_.inspect(*path);
    if (!bundle) return answer(std::unexpected(bundle.error()));
    answer(PrivMessage::BundleIs, ipc::encode(ipc::BundleReport{bundle->compatible, bundle->version}));
}

void PrivServer::install(ByteView payload) {
    const auto path = ipc::decodePrivPath(payload);
    if (!path) return on_end_(kBadMessage);
    answer(control_.install(*path, [this](int percent) {
        answer(PrivMessage::Progress,
               ipc::encodePrivProgress(static_cast<std::uint8_t>(std::clamp(percent, 0, 100))));
    }));
}

void PrivServer::activate(ByteView payload) {
    const auto slot = ipc::decodePrivSlot(payload);
    if (!slot) return on_end_(kBadMessage);
    answer(control_.activate(*slot == 0 ? update::Slot::A : update::Slot::B));
}

void PrivServer::network(ByteView payload) {
    const auto order = ipc::decodeNetworkOrder(payload);
    if (!order) return on_end_(kBadMessage);
    const auto network = wiredNetworkOf(*order);
    answer(network ? set_network_(*network) : std::unexpected(network.error()));
}

void PrivServer::answer(const Status& done) {
    if (done) return answer(PrivMessage::Done, {});
    logEvent(LogLevel::Warning, "app", "verb-failed", {{"why", done.error()}});
    answer(PrivMessage::Failed, ipc::encodePrivFailure(done.error()));
}

/// The daemon hangs up once it has the answer.
void PrivServer::answer(PrivMessage type, const Bytes& payload) {
    (void)channel_.send(static_cast<std::uint16_t>(type), payload);
}

}  // namespace camgate::app
