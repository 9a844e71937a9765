// What somebody who mistyped a word probably meant. Any thread.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace camgate::config {

/// Letters left out, added, changed or swapped with their neighbour, case aside; `most` where it is that or
/// more, which is found out early.
std::size_t editDistance(std::string_view a, std::string_view b, std::size_t most);

/// The nearest of `known`; nothing if none is within a third of the word's letters.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace camgate::config
