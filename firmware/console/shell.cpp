#include "console/shell.hpp"

#include <histedit.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cwchar>
#include <memory>

#include "console/interrupt.hpp"
#include "console/words.hpp"

namespace camgate::console {
namespace {

constexpr int kRemembered = 200;
/// What mbrtowc() answers besides.
constexpr auto kIllFormed = static_cast<std::size_t>(-1), kMoreFollows = static_cast<std::size_t>(-2);

/// The words up to the cursor; the last is empty where a blank stands before it.
std::vector<std::string> wordsBefore(EditLine* editor) {
    const LineInfo* line = ::el_line(editor);
    const std::string_view typed(line->buffer, static_cast<std::size_t>(line->cursor - line->buffer));
    auto words = splitLine(typed);
    if (!words) return {};
    if (typed.empty() || typed.back() == ' ') words->emplace_back();
    return *words;
}

class Shell {
  public:
    explicit Shell(const ShellPorts& ports) : ports_(ports) {}

    int run() {
        editor_.reset(::el_init("camgatectl", stdin, stdout, stderr));
        history_.reset(::history_init());
        if (!editor_ || !history_) return 1;
        HistEvent event{};
        ::history(history_.get(), &event, H_SETSIZE, kRemembered);
        ::el_set(editor_.get(), EL_CLIENTDATA, this);
        ::el_set(editor_.get(), EL_PROMPT, promptOf);
        ::el_set(editor_.get(), EL_HIST, ::history, history_.get());
        ::el_set(editor_.get(), EL_GETCFN, readKey);
        ::el_set(editor_.get(), EL_EDITOR, "emacs");
        ::el_set(editor_.get(), EL_ADDFN, "camgate-complete", "complete", onTab);
        ::el_set(editor_.get(), EL_ADDFN, "camgate-help", "help", onQuestion);
        ::el_set(editor_.get(), EL_BIND, "\t", "camgate-complete", nullptr);
        ::el_set(editor_.get(), EL_BIND, "?", "camgate-help", nullptr);
        noteInterrupts();
        while (step()) {
        }
        return 0;
    }

  private:
    bool step() {
        clearInterrupt();
        int count = 0;
        // libedit would do it after the prompt: what comes at once is cut at 4095 bytes by the line until
        // then.
        ::el_set(editor_.get(), EL_PREP_TERM, 1);
        const char* typed = ::el_gets(editor_.get(), &count);
        if (typed == nullptr || count <= 0) {
            if (!interrupted()) return false;
            std::fputs("^C\n", stdout);  // the line is given up, not the shell
            ::el_reset(editor_.get());
            return true;
        }
        const std::string line(typed, static_cast<std::size_t>(count));
        if (line.find_first_not_of(" \t\r\n") != std::string::npos) {
            HistEvent event{};
            ::history(history_.get(), &event, H_ENTER, line.c_str());
        }
        return ports_.run(line);
    }

    static Shell& of(EditLine* editor) {
        void* shell = nullptr;
        ::el_get(editor, EL_CLIENTDATA, &shell);
        return *static_cast<Shell*>(shell);
    }
    /// libedit's own waits on after a Ctrl-C that came just before it began to.
    static int readKey(EditLine*, wchar_t* key) {
        std::mbstate_t begun{};
        for (;;) {
            if (!waitForInput(STDIN_FILENO)) return -1;
            char byte = 0;
            const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
            if (got <= 0) return static_cast<int>(got);
            const bool first = std::mbsinit(&begun) != 0;
            std::size_t used = std::mbrtowc(key, &byte, 1, &begun);
            if (used == kIllFormed) {  // what was begun is noise, or this byte is
                begun = {};
                used = first ? kMoreFollows : std::mbrtowc(key, &byte, 1, &begun);
            }
            if (used == kIllFormed) begun = {};
            if (used <= 1) return 1;
        }
    }
    static char* promptOf(EditLine* editor) {
        Shell& shell = of(editor);
        shell.prompt_ = shell.ports_.prompt();
        return shell.prompt_.data();
    }
    static unsigned char onTab(EditLine* editor, int) {
        const auto words = wordsBefore(editor);
        if (words.empty()) return CC_ERROR;
        const auto candidates = of(editor).ports_.complete(words);
        const std::string rest = completionOf(words.back(), candidates);
        if (!rest.empty()) return ::el_insertstr(editor, rest.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
        if (candidates.empty()) return CC_REFRESH_BEEP;
        std::fputc('\n', stdout);
        for (const std::string& candidate : candidates) std::fprintf(stdout, "  %s\n", candidate.c_str());
        std::fflush(stdout);
        return CC_REDISPLAY;
    }
    static unsigned char onQuestion(EditLine* editor, int) {
        auto words = wordsBefore(editor);
        if (words.empty()) {  // inside a quote it is a letter
            ::el_insertstr(editor, "?");
            return CC_REFRESH;
        }
        if (words.back().empty()) words.pop_back();
        std::fprintf(stdout, "\n%s", of(editor).ports_.explain(words).c_str());
        std::fflush(stdout);
        return CC_REDISPLAY;
    }

    const ShellPorts& ports_;
    std::string prompt_;
    std::unique_ptr<History, void (*)(History*)> history_{nullptr, ::history_end};
    std::unique_ptr<EditLine, void (*)(EditLine*)> editor_{nullptr, ::el_end};
};

}  // namespace

int runShell(const ShellPorts& ports) {
    return Shell(ports).run();
}

std::string completionOf(std::string_view word, const std::vector<std::string>& candidates) {
    if (candidates.empty()) return "";
    std::string common = candidates.front();
    for (const std::string& candidate : candidates) {
        const auto end = std::ranges::mismatch(common, candidate).in1;
        common.erase(end, common.end());
    }
    if (common.size() < word.size()) return "";
    std::string rest = common.substr(word.size());
    // A path may go on behind a slash.
    if (candidates.size() == 1 && !rest.ends_with('/')) rest += ' ';
    return rest;
}

}  // namespace camgate::console
