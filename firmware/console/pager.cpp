#include "console/pager.hpp"

#include <sys/ioctl.h>

#include <algorithm>
#include <cstdlib>

#include "console/table_text.hpp"

namespace camgate::console {
namespace {

std::size_t fromEnvironment(const char* name, std::size_t otherwise) {
    const char* text = std::getenv(name);
    const long value = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
    return value > 0 && value < 1000 ? static_cast<std::size_t>(value) : otherwise;
}

}  // namespace

Screen screenOf(int terminal) {
    winsize size{};
    if (::ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        return {size.ws_row, size.ws_col};
    const Screen usual;
    return {fromEnvironment("LINES", usual.rows), fromEnvironment("COLUMNS", usual.columns)};
}

std::vector<std::string> pagesOf(std::string_view text, const Screen& screen) {
    const std::size_t room = std::max<std::size_t>(screen.rows, 3) - 1;
    const std::size_t columns = std::max<std::size_t>(screen.columns, 1);
    std::vector<std::string> pages;
    std::size_t used = room;  // the first line begins the first page
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size() - 1);
        const std::string line(text.substr(0, end + 1));
        text.remove_prefix(end + 1);
        const std::size_t width = displayWidth(line) - (line.ends_with('\n') ? 1 : 0);
        const std::size_t rows = std::max<std::size_t>(1, (width + columns - 1) / columns);
        if (used + rows > room) {
            pages.emplace_back();
            used = 0;
        }
        pages.back() += line;
        used += rows;
    }
    return pages;
}

void showPages(std::string_view text, const Screen& screen, const std::function<void(std::string_view)>& put,
               const NextPage& next) {
    const auto pages = pagesOf(text, screen);
    for (std::size_t i = 0; i < pages.size(); ++i) {
        if (i > 0 && !next(i, pages.size())) return;
        put(pages[i]);
    }
}

}  // namespace camgate::console
