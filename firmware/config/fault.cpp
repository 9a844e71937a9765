#include "config/fault.hpp"

namespace camgate::config {

std::string Fault::text() const {
    return "expected " + expected + ", found " + found + (hint.empty() ? "" : " (" + hint + ")");
}

std::string describe(const std::vector<Fault>& faults) {
    std::string text;
    for (const Fault& fault : faults) text += fault.pointer + ": " + fault.text() + "\n";
    return text;
}

std::string childPointer(std::string_view parent, std::string_view key) {
    std::string pointer(parent == "/" ? "" : parent);
    pointer += '/';
    for (const char c : key) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
    return pointer;
}

}  // namespace camgate::config
