#include "app/json_text.hpp"

#include <nlohmann/json.hpp>

namespace camgate::app {

std::string jsonText(const nlohmann::json& value) {
    return value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace camgate::app
