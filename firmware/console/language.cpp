#include "console/language.hpp"

#include <libintl.h>

#include <clocale>
#include <cstdlib>

/// glibc's: tells it that LANGUAGE is another now.
extern "C" int _nl_msg_cat_cntr;  // NOLINT: its name

namespace camgate::console {
namespace {

constexpr const char* kDomain = "camgatectl";
Language chosen = Language::English;

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

/// The first that is set counts, as in POSIX.
std::string localeName() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        if (const std::string value = environment(name); !value.empty()) return value;
    }
    return "";
}

}  // namespace

void openCatalogues(const std::string& folder) {
    // Any locale but "C" lets gettext look at LANGUAGE, and this one is part of every Debian.
    std::setlocale(LC_ALL, "C.UTF-8");
    ::bindtextdomain(kDomain, folder.c_str());
    ::bind_textdomain_codeset(kDomain, "UTF-8");
    ::textdomain(kDomain);
    const std::string asked =
        environment("CAMGATE_LANG").empty() ? localeName() : environment("CAMGATE_LANG");
    setLanguage(asked.starts_with("vi") ? Language::Vietnamese : Language::English);
}

void setLanguage(Language language) {
    chosen = language;
    ::setenv("LANGUAGE", language == Language::Vietnamese ? "vi" : "en", 1);
    ++_nl_msg_cat_cntr;
}

Language language() {
    return chosen;
}

std::string tr(const char* text) {
    return ::gettext(text);
}

bool wantsSevenBit() {
    const std::string locale = localeName();
    const bool utf8 = locale.find("UTF-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    return !utf8;
}

}  // namespace camgate::console
