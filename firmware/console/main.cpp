// camgatectl: the technician's and owner's console. With words one command, without them on a terminal a
// shell. Exit status: 0 done, 1 refused or failed, 2 wrong use, 3 the check found damage.
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/time_zone.hpp"
#include "console/completer.hpp"
#include "console/config_mode.hpp"
#include "console/help_text.hpp"
#include "console/interrupt.hpp"
#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/pager.hpp"
#include "console/session.hpp"
#include "console/shell.hpp"
#include "console/table_text.hpp"
#include "console/verb.hpp"
#include "console/words.hpp"

namespace {

using namespace camgate;
using namespace camgate::console;
namespace fs = std::filesystem;

constexpr int kWrongUse = 2;

/// Beside an installation, or in a build folder of the source tree.
std::string catalogueFolder() {
    std::error_code error;
    const fs::path programs = fs::read_symlink("/proc/self/exe", error).parent_path();
    const fs::path installed = programs / "../share/locale";
    return fs::exists(installed / "vi/LC_MESSAGES/camgatectl.mo", error) ? installed : programs / "../locale";
}

void usage(std::ostream& out) {
    out << "camgatectl [--socket SOCKET] [--json] [COMMAND]\n\n" << overview({});
}

/// Takes --socket, --json and --help out of the words, wherever they stand. Nothing: wrong use.
std::optional<SessionOptions> takeGlobals(std::vector<std::string>& words, bool& wants_help) {
    SessionOptions options;
    if (const char* socket = std::getenv("CAMGATE_SOCKET"); socket != nullptr) options.socket = socket;
    std::vector<std::string> rest;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] == "--json") {
            options.json = true;
        } else if (words[i] == "--help" || words[i] == "-h") {
            wants_help = true;
        } else if (words[i] == "--socket") {
            if (++i == words.size()) return std::nullopt;
            options.socket = words[i];
        } else {
            rest.push_back(words[i]);
        }
    }
    words = std::move(rest);
    return options;
}

int runWords(Session& session, const std::vector<std::string>& words) {
    const auto verb = findVerb(words);
    if (!verb) return session.failed(verb.error()), kWrongUse;
    const auto arguments = parseArguments(**verb, words);
    if (!arguments) return session.failed(arguments.error()), kWrongUse;
    return (*verb)->run(session, *arguments);
}

/// One key, without Enter; a serial line may have gone.
char pressedKey() {
    termios before{};
    if (::tcgetattr(STDIN_FILENO, &before) != 0) return 'q';
    termios raw = before;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    char key = 'q';
    const bool got = ::read(STDIN_FILENO, &key, 1) == 1;
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before);
    return got ? key : 'q';
}

bool nextPage(std::size_t page, std::size_t pages) {
    const std::string question = "-- " + std::to_string(page) + "/" + std::to_string(pages) + " --";
    std::cout << question << std::flush;
    const char key = pressedKey();
    std::cout << "\r" << std::string(question.size(), ' ') << "\r" << std::flush;
    return key != 'q' && key != 'Q' && !interrupted();
}

class ShellRun {
  public:
    explicit ShellRun(SessionOptions options)
        : session_(
              std::move(options), [this](std::string_view text) { said_ += text; },
              [this](std::string_view text) { said_ += text; }) {
        session_.flushBy([this] { flush(); });
    }

    int run() {
        session_.say(tr("? shows what can be typed, Tab completes, exit leaves.") + "\n");
        flush();
        return runShell({[this](const std::string& line) { return runLine(line); },
                         [this](const std::vector<std::string>& words) {
                             return session_.editing() ? completeWithinConfig(words, known())
                                                       : completeWords(words, known());
                         },
                         [this](const std::vector<std::string>& words) {
                             return helpFor(session_.editing() ? withinConfig(words) : words);
                         },
                         [this] { return prompt(); }});
    }

  private:
    std::string prompt() const {
        return "camgate" + (session_.role().empty() ? "" : " " + session_.role()) +
               (session_.editing() ? " config> " : "> ");
    }
    bool runLine(const std::string& line) {
        fitLists(screenOf(STDOUT_FILENO).columns);
        const auto words = splitLine(line);
        if (!words) {
            session_.failed(words.error());
        } else if (!words->empty()) {
            runWords(session_, session_.editing() ? withinConfig(*words) : *words);
        }
        session_.hangUp();
        flush();
        return !session_.left();
    }
    void flush() {
        showPages(
            said_, screenOf(STDOUT_FILENO), [](std::string_view text) { std::cout << text << std::flush; },
            nextPage);
        said_.clear();
    }
    Known known() {
        return {[this] {
                    std::vector<std::string> ids;
                    const auto answer = session_.call("cameras", nlohmann::json::object());
                    const nlohmann::json cameras = parsedObject(answer.value_or("{}"));
                    for (const auto& camera : fieldOf(cameras, "cameras"))
                        ids.push_back(textOf(fieldOf(camera, "id")));
                    return ids;
                },
                [this](const std::string& begun) {
                    std::vector<std::string> paths;
                    const auto answer = session_.call("config.complete", {{"begun", begun}});
                    const nlohmann::json words = parsedObject(answer.value_or("{}"));
                    for (const auto& word : fieldOf(words, "words")) paths.push_back(textOf(word));
                    return paths;
                },
                [](const std::string& setting) {
                    return setting == "time_zone" ? timeZoneNames() : std::vector<std::string>();
                }};
    }

    std::string said_;
    Session session_;
};

}  // namespace

int main(int argc, char** argv) {
    openCatalogues(catalogueFolder());
    std::vector<std::string> words(argv + 1, argv + argc);
    bool wants_help = false;
    auto options = takeGlobals(words, wants_help);
    if (!options) return usage(std::cerr), kWrongUse;
    if (wants_help && words.empty()) return usage(std::cout), 0;
    if (wants_help) return std::cout << helpFor(words), 0;
    if (!words.empty()) {
        if (::isatty(STDOUT_FILENO) != 0) fitLists(screenOf(STDOUT_FILENO).columns);
        Session session(
            *options, [](std::string_view text) { std::cout << text; },
            [](std::string_view text) { std::cerr << text; });
        return runWords(session, words);
    }
    if (::isatty(STDIN_FILENO) == 0 || ::isatty(STDOUT_FILENO) == 0) return usage(std::cerr), kWrongUse;
    return ShellRun(*options).run();
}
