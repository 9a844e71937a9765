// JSON-RPC 2.0, one object per line: reading requests, writing answers. Bad input of any kind is an answer
// with an error, never an exception. Implements docs/ref/cli.md. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace camgate::control {

struct RpcCall {
    std::string id;  ///< as JSON text: a number, a text or null
    std::string method;
    std::string parameters;  ///< as JSON text: an object
};

struct RpcFault {
    std::string id;
    int code = 0;  ///< JSON-RPC's own codes
    std::string message;
};

std::expected<RpcCall, RpcFault> readCall(std::string_view line);

/// `result` is JSON text.
std::string writeResult(std::string_view id, std::string_view result);
std::string writeError(std::string_view id, int code, std::string_view message, std::string_view kind = {});
/// A request as the console sends it.
std::string writeCall(int id, std::string_view method, const nlohmann::json& parameters);

/// JSON-RPC code of an error kind: -32602 for InvalidArgument, -32000 and below otherwise.
int rpcCode(ErrorKind kind);

constexpr std::size_t kMaxLine_bytes = 64U << 10U;

}  // namespace camgate::control
