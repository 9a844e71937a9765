#include "app/run_mark.hpp"

#include "base/log.hpp"

namespace camgate::app {
namespace {

constexpr std::string_view kOrderly = "stopped\n";

}  // namespace

std::string RunMark::begin() {
    const bool known = files_.exists(path_);
    const std::string found = readTextFile(files_, path_).value_or("");
    if (files_.exists(directoryOf(path_))) {
        if (auto kept = replaceFile(files_, path_, boot_ + "\n"); !kept)
            logEvent(LogLevel::Warning, "app", "run-mark-failed", {{"why", kept.error()}});
    }
    if (!known) return "";
    if (found == kOrderly) return "stopped in order";
    const auto line = found.find('\n');
    if (line == std::string::npos) return "";
    if (const std::string why = found.substr(line + 1); !why.empty()) return "gave itself up: " + why;
    return found.substr(0, line) == boot_ ? "killed or crashed" : "the machine went down";
}

void RunMark::giveUp(const std::string& why) {
    (void)replaceFile(files_, path_, boot_ + "\n" + why);
}

void RunMark::endInOrder() {
    if (files_.exists(path_)) (void)replaceFile(files_, path_, kOrderly);
}

}  // namespace camgate::app
