// A real camgate-link and what it said, driven as camgated drives it. Header-only.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/epoll_loop.hpp"
#include "ipc/fork_launcher.hpp"
#include "ipc/frame_channel.hpp"
#include "ipc/link_messages.hpp"

namespace camgate::test {

class LinkHarness {
  public:
    LinkHarness(EpollLoop& loop, const std::string& programs) : loop_(loop), launcher_(programs) {
        auto process = launcher_.launch(ipc::WorkerRole::LinkControl);
        if (!process) throw std::runtime_error(process.error().describe());
        process_ = std::move(*process);
        ipc::ChannelLimits limits;
        limits.longest_message = &ipc::longestFromLink;
        channel_ = std::make_unique<ipc::FrameChannel>(
            loop_, process_->takeSocket(), limits,
            [this](std::uint16_t type, ByteView payload) {
                take(static_cast<ipc::LinkMessage>(type), payload);
            },
            [this](const Error&) { ended = true; });
    }

    void settings(const ipc::LinkSettings& settings) {
        send(ipc::LinkMessage::Settings, ipc::encode(settings));
    }
    void publish(std::uint64_t id, const std::string& topic, const Bytes& payload, bool retain = false) {
        ipc::PublishRequest request;
        request.id = id;
        request.message.topic = topic;
        request.message.payload = payload;
        request.message.retain = retain;
        publish(request);
    }
    void publish(const ipc::PublishRequest& request) {
        send(ipc::LinkMessage::Publish, ipc::encode(request));
    }
    void pace(std::uint64_t bytes_per_s) { send(ipc::LinkMessage::Pace, ipc::encodePace(bytes_per_s)); }
    void disconnect() { send(ipc::LinkMessage::Disconnect, {}); }
    void kill() { process_->kill(); }
    void closeSocket() { channel_.reset(); }

    /// False after `longest`.
    bool runUntil(const std::function<bool()>& done,
                  std::chrono::seconds longest = std::chrono::seconds(15)) {
        const BootTime end = loop_.clock().bootNow() + longest;
        while (!done()) {
            if (loop_.clock().bootNow() > end) return false;
            loop_.turn(std::chrono::milliseconds(20));
        }
        return true;
    }
    bool untilState(ipc::LinkState state) {
        return runUntil([&] { return !reports.empty() && reports.back().state == state; });
    }
    bool untilEnded() {
        return runUntil([&] { return ended; });
    }
    const ipc::LinkReport& last() const { return reports.back(); }

    std::vector<ipc::LinkReport> reports;
    std::vector<ipc::Published> published;
    std::vector<ipc::MqttMessage> arrived;
    bool ended = false;
    bool malformed = false;

  private:
    void send(ipc::LinkMessage type, const Bytes& payload) {
        channel_->send(static_cast<std::uint16_t>(type), payload);
    }
    template <class T>
    void keep(std::vector<T>& list, Result<T> decoded) {
        malformed = malformed || !decoded;
        if (decoded) list.push_back(std::move(*decoded));
    }
    void take(ipc::LinkMessage type, ByteView payload) {
        if (type == ipc::LinkMessage::Report) keep(reports, ipc::decodeLinkReport(payload));
        if (type == ipc::LinkMessage::Published) keep(published, ipc::decodePublished(payload));
        if (type == ipc::LinkMessage::Arrived) keep(arrived, ipc::decodeMqttMessage(payload));
    }

    EpollLoop& loop_;
    ipc::ForkLauncher launcher_;
    std::unique_ptr<ipc::WorkerProcess> process_;
    std::unique_ptr<ipc::FrameChannel> channel_;
};

}  // namespace camgate::test
