// One sitting at the console: whom it asks, where its words go. One thread.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.hpp"
#include "console/clip_export.hpp"
#include "console/control_client.hpp"

namespace camgate::console {

struct SessionOptions {
    std::string socket = "/run/camgate/control";
    bool json = false;
};

class Session {
  public:
    using Put = std::function<void(std::string_view)>;

    /// `complain` gets what went wrong, `put` all else.
    Session(SessionOptions options, Put put, Put complain)
        : options_(std::move(options)), put_(std::move(put)), complain_(std::move(complain)) {}

    /// Where what was said waits for a pager: shows it, before something is asked or said at once.
    void flushBy(std::function<void()> flush) { flush_ = std::move(flush); }

    bool json() const { return options_.json; }
    /// Out of `config edit`, else out of the console.
    void leave() {
        if (!std::exchange(editing_, false)) left_ = true;
    }
    bool left() const { return left_; }
    /// Until leave() the verbs of config stand alone.
    void edit() { editing_ = true; }
    bool editing() const { return editing_; }

    /// In the letters of the terminal.
    void say(std::string_view text);
    /// At once and past the pager: what is going on. Nothing with --json.
    void sayNow(std::string_view text);
    /// For people and programs: the answer as it came with --json, else rendered.
    int show(const Result<std::string>& answer, std::string (*render)(const std::string&));
    int ask(std::string_view command, const nlohmann::json& parameters,
            std::string (*render)(const std::string&));
    int failed(const Error& error);

    /// Asks camgated, over one connection until hangUp().
    [[nodiscard]] Result<std::string> call(std::string_view command, const nlohmann::json& parameters);
    /// Shows times in the household's zone from now on, as camgated has it.
    [[nodiscard]] Status followZone();
    /// Gives the daemon's place for a client back until the next call.
    void hangUp() { client_.reset(); }
    ControlCall calls() {
        return [this](std::string_view command, const nlohmann::json& parameters) {
            return call(command, parameters);
        };
    }
    /// Calls of this sitting are made with that login from now on; empty: with none.
    void useTicket(std::string ticket, std::string role) {
        ticket_ = std::move(ticket);
        role_ = std::move(role);
    }
    const std::string& ticket() const { return ticket_; }
    /// Empty: not logged in.
    const std::string& role() const { return role_; }
    /// A line from whoever sits there; without echo for a secret.
    std::string askLine(const std::string& question, bool secret = false);
    /// Anything but a yes or nothing is a no.
    bool yes(const std::string& question, bool otherwise);

  private:
    SessionOptions options_;
    Put put_;
    Put complain_;
    std::function<void()> flush_ = [] {};
    std::unique_ptr<ControlClient> client_;
    std::string ticket_, role_;
    bool left_ = false;
    bool editing_ = false;

    Status connect();
};

}  // namespace camgate::console
