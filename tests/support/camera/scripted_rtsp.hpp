// A TCP listener that plays a strange RTSP camera: answers every request with what a test says, or nothing at
// all. Loop thread.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <functional>
#include <string>
#include <vector>

#include "base/event_loop.hpp"
#include "base/unique_fd.hpp"

namespace camgate::test {

class ScriptedRtsp {
  public:
    /// `answer` makes the answer's lines behind the status line's CSeq out of a request; empty: says nothing.
    using Answer = std::function<std::string(const std::string& request)>;

    ScriptedRtsp(EventLoop& loop, const char* address, Answer answer)
        : loop_(loop), answer_(std::move(answer)) {
        listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        sockaddr_in at{};
        at.sin_family = AF_INET;
        ::inet_pton(AF_INET, address, &at.sin_addr);
        ::bind(listener_.get(), reinterpret_cast<sockaddr*>(&at), sizeof at);
        ::listen(listener_.get(), 4);
        socklen_t size = sizeof at;
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&at), &size);
        url_ = std::string("rtsp://") + address + ":" + std::to_string(ntohs(at.sin_port)) + "/main";
        watches_.push_back(loop_.watch(listener_.get(), Ready::Read, [this](bool, bool) { accept(); }));
    }
    const std::string& url() const { return url_; }
    const std::string& heard() const { return heard_; }

  private:
    void accept() {
        UniqueFd viewer(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!viewer.valid()) return;
        const int fd = viewer.get();
        const std::size_t index = viewers_.size();
        viewers_.push_back(std::move(viewer));
        watches_.push_back(loop_.watch(fd, Ready::Read, [this, index](bool, bool) { serve(index); }));
    }
    void serve(std::size_t index) {
        char buffer[4096];
        const ssize_t got = ::recv(viewers_[index].get(), buffer, sizeof buffer, 0);
        if (got <= 0) return watches_[index + 1].cancel();
        const std::string request(buffer, static_cast<std::size_t>(got));
        heard_ += request;
        const std::string body = answer_(request);
        if (body.empty()) return;
        const auto at = request.find("CSeq:");
        const std::string cseq = request.substr(at, request.find('\r', at) - at);
        const auto line_end = body.find("\r\n") + 2;
        const std::string answer = body.substr(0, line_end) + cseq + "\r\n" + body.substr(line_end) + "\r\n";
        ::send(viewers_[index].get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    }

    EventLoop& loop_;
    Answer answer_;
    UniqueFd listener_;
    std::vector<UniqueFd> viewers_;
    std::vector<LoopHandle> watches_;  // [0] the listener's, then one each
    std::string url_;
    std::string heard_;
};

}  // namespace camgate::test
