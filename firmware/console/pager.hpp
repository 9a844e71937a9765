// Shows a text a screen at a time, so that nothing scrolls away on a serial line. One thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace camgate::console {

struct Screen {
    std::size_t rows = 24;
    std::size_t columns = 80;
};

/// Of the terminal; a serial line knows no size, then LINES and COLUMNS, then 24 x 80.
Screen screenOf(int terminal);

/// Screens of whole lines: each fills at most `screen` less one row for the question below it.
std::vector<std::string> pagesOf(std::string_view text, const Screen& screen);

/// What somebody pressed at the question; false: no more.
using NextPage = std::function<bool(std::size_t page, std::size_t pages)>;
void showPages(std::string_view text, const Screen& screen, const std::function<void(std::string_view)>& put,
               const NextPage& next);

}  // namespace camgate::console
