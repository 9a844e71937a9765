// The control socket: accepts local programs on a Unix socket, checks what they ask against the command table
// and hands it to the backend, if whoever asks may. At most 8 clients: another takes the place of the one
// that has been silent longest and waits for nothing. A line over 64 KiB, half a line that stays, or a client
// that does not read ends it. Implements docs/ref/cli.md. Loop thread only.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/event_loop.hpp"
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "control/login.hpp"

namespace camgate::control {

class ControlBackend {
  public:
    /// The result as JSON text.
    using Answer = std::function<void(Result<std::string>)>;
    virtual ~ControlBackend() = default;
    /// `who` as audit entries name them (actorOf); `parameters` is a JSON object that fits the command's row.
    /// Answers once, now or later on the loop.
    virtual void call(const std::string& who, std::string_view command, const std::string& parameters,
                      Answer answer) = 0;
};

class ControlServer {
  public:
    static constexpr std::size_t kMostClients = 8;
    /// A line that was begun is finished within this time.
    static constexpr Duration kLongestLine = std::chrono::seconds(10);

    /// FailedPrecondition if another daemon answers at `path`; a socket left by a dead one is replaced.
    [[nodiscard]] static Result<std::unique_ptr<ControlServer>> open(EventLoop& loop, const std::string& path,
                                                                     ControlBackend& backend, Login& login);
    ~ControlServer();

  private:
    struct Client {
        UniqueFd socket;
        Visitor visitor;
        LoopHandle watch;
        std::string incoming;
        std::string outgoing;
        BootTime heard{};       ///< last
        BootTime line_since{};  ///< of what is in `incoming`
        std::size_t calls = 0;  ///< not yet answered
    };

    ControlServer(EventLoop& loop, std::string path, UniqueFd listener, ControlBackend& backend,
                  Login& login);
    void acceptOne();
    bool makePlace();
    void endHalfLines();
    void onClient(std::uint64_t id, bool readable);
    bool receive(Client& client);
    void handleLines(std::uint64_t id);
    void handleLine(std::uint64_t id, std::string_view line);
    void answer(std::uint64_t id, const std::string& text);
    bool flush(Client& client);

    EventLoop& loop_;
    std::string path_;
    UniqueFd listener_;
    ControlBackend& backend_;
    Login& login_;
    std::uint64_t next_client_ = 1;
    std::map<std::uint64_t, Client> clients_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // answers may come after this is gone
    LoopHandle watch_, sweep_;
};

}  // namespace camgate::control
