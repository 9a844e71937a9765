// Text for XML and HTML. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace camgate {

/// As text between tags or in an attribute.
std::string escapeMarkup(std::string_view text);

}  // namespace camgate
