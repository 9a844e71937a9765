#include "control/json_rpc.hpp"

#include <nlohmann/json.hpp>

#include "base/nesting.hpp"

namespace camgate::control {
namespace {

using nlohmann::json;

constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kInvalidParameters = -32602;
constexpr int kServerError = -32000;
constexpr int kMaxDepth = 16;

std::string line(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

std::expected<RpcCall, RpcFault> readCall(std::string_view text) {
    const json value = text.size() > kMaxLine_bytes || nestsDeeperThan(text, kMaxDepth)
                           ? json(json::value_t::discarded)
                           : json::parse(text, nullptr, false);
    if (value.is_discarded())
        return std::unexpected(RpcFault{"null", kParseError, "expected one JSON object per line"});
    const json id = value.is_object() && value.contains("id") ? value["id"] : json();
    const bool good_id = id.is_null() || id.is_string() || id.is_number_integer();
    const std::string id_text = good_id ? id.dump(-1, ' ', false, json::error_handler_t::replace) : "null";
    const bool good = value.is_object() && good_id && value.value("jsonrpc", json()) == "2.0" &&
                      value.value("method", json()).is_string();
    if (!good) {
        return std::unexpected(RpcFault{id_text, kInvalidRequest,
                                        R"(expected {"jsonrpc":"2.0","id":..,"method":"..","params":{..}})"});
    }
    const json parameters = value.value("params", json::object());
    if (!parameters.is_object())
        return std::unexpected(RpcFault{id_text, kInvalidParameters, "expected params as an object"});
    return RpcCall{id_text, value["method"].get<std::string>(),
                   parameters.dump(-1, ' ', false, json::error_handler_t::replace)};
}

std::string writeResult(std::string_view id, std::string_view result) {
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"result":)" + std::string(result) + "}\n";
}

std::string writeError(std::string_view id, int code, std::string_view message, std::string_view kind) {
    json error = {{"code", code}, {"message", message}};
    if (!kind.empty()) error["data"] = {{"kind", kind}};
    return R"({"jsonrpc":"2.0","id":)" + std::string(id) + R"(,"error":)" +
           error.dump(-1, ' ', false, json::error_handler_t::replace) + "}\n";
}

std::string writeCall(int id, std::string_view method, const nlohmann::json& parameters) {
    return line({{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", parameters}});
}

int rpcCode(ErrorKind kind) {
    return kind == ErrorKind::InvalidArgument ? kInvalidParameters : kServerError - static_cast<int>(kind);
}

}  // namespace camgate::control
