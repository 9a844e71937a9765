// Changes to a document by paths (path.hpp), as text to text; whether the result holds is the reader's
// business. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace camgate::config {

/// `value`: JSON, or, where a text or a choice is expected, the text itself. An item that is not there is
/// made, objects on the way as well. InvalidArgument: no such setting, or no such value could be meant.
[[nodiscard]] Result<std::string> setAt(std::string_view document, std::string_view path,
                                        std::string_view value);
/// Back to its default; an item leaves its list. NotFound: nothing is set there.
[[nodiscard]] Result<std::string> unsetAt(std::string_view document, std::string_view path);

struct Difference {
    std::string path;
    std::optional<std::string> from, to;  ///< JSON texts; nothing: not set, the default holds
};
/// Of two documents, ordered by path.
std::vector<Difference> differences(std::string_view from, std::string_view to);

}  // namespace camgate::config
