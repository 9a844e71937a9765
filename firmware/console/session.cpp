#include "console/session.hpp"

#include <termios.h>
#include <unistd.h>

#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "base/local_time.hpp"
#include "console/interrupt.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/seven_bit.hpp"

namespace camgate::console {
namespace {

/// Keeps what is typed off the screen while it lives.
class NoEcho {
  public:
    NoEcho() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        termios quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;
    ~NoEcho() {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }

  private:
    termios before_{};
    bool changed_ = false;
};

}  // namespace

void Session::say(std::string_view text) {
    put_(wantsSevenBit() && !json() ? sevenBit(text) : std::string(text));
}

void Session::sayNow(std::string_view text) {
    flush_();
    if (!json()) std::cerr << (wantsSevenBit() ? sevenBit(text) : std::string(text)) << std::flush;
}

int Session::failed(const Error& error) {
    const std::string text = "camgatectl: " + error.context + "\n";
    complain_(wantsSevenBit() ? sevenBit(text) : text);
    return 1;
}

int Session::show(const Result<std::string>& answer, std::string (*render)(const std::string&)) {
    if (!answer) return failed(answer.error());
    if (json()) {
        put_(*answer + "\n");
    } else {
        say(render(*answer));
    }
    return 0;
}

int Session::ask(std::string_view command, const nlohmann::json& parameters,
                 std::string (*render)(const std::string&)) {
    return show(call(command, parameters), render);
}

Result<std::string> Session::call(std::string_view command, const nlohmann::json& parameters) {
    if (interrupted()) return fail(ErrorKind::Cancelled, "stopped");
    if (auto connected = connect(); !connected) return std::unexpected(connected.error());
    auto answer = client_->call(command, parameters);
    // The daemon may have gone, or its answer may still come: another call wants another connection.
    const bool lost =
        !answer && (answer.error().kind == ErrorKind::Unavailable ||
                    answer.error().kind == ErrorKind::Timeout || answer.error().kind == ErrorKind::Cancelled);
    if (lost) client_.reset();
    return answer;
}

Status Session::connect() {
    if (client_) return {};
    auto client = ControlClient::connect(options_.socket);
    if (!client) return std::unexpected(client.error());
    client_ = std::make_unique<ControlClient>(std::move(*client));
    if (auto known = followZone(); !known) {
        client_.reset();
        return known;
    }
    if (ticket_.empty()) return {};
    // One that has run out is told by the call that needs it.
    if (const auto resumed = client_->call("login.resume", {{"ticket", ticket_}}); !resumed)
        useTicket("", "");
    return {};
}

Status Session::followZone() {
    const auto told = client_->call("time", nlohmann::json::object());
    if (!told) return std::unexpected(told.error());
    auto zone = TimeZone::load(textOf(fieldOf(parsedObject(*told), "zone")));
    setTimeZone(zone ? std::move(*zone) : TimeZone());
    return {};
}

std::string Session::askLine(const std::string& question, bool secret) {
    flush_();
    // Before the question stands there: nobody types faster than that.
    std::optional<NoEcho> quiet;
    if (secret && ::isatty(STDIN_FILENO) != 0) quiet.emplace();
    std::cerr << (wantsSevenBit() ? sevenBit(question) : question) << std::flush;
    std::string line;
    std::getline(std::cin, line);
    if (quiet) std::cerr << "\n";
    // Ctrl-C gives this line up, not all that will be typed later.
    if (!std::cin) {
        std::cin.clear();
        line.clear();
    }
    return line;
}

bool Session::yes(const std::string& question, bool otherwise) {
    const std::string answer = askLine(question + (otherwise ? " [Y/n] " : " [y/N] "));
    if (answer.empty()) return otherwise;
    // "c" as in "có".
    return answer[0] == 'y' || answer[0] == 'Y' || answer[0] == 'c' || answer[0] == 'C';
}

}  // namespace camgate::console
