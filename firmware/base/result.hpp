// Result<T>: a value or an Error. Status: success or an Error.
// Functions that return one are [[nodiscard]]. Any thread.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace camgate {

template <class T>
using Result = std::expected<T, Error>;

using Status = Result<void>;

[[nodiscard]] inline std::unexpected<Error> fail(ErrorKind kind, std::string context) {
    return std::unexpected(Error{kind, 0, std::move(context)});
}

/// An error out of an errno value; the kind follows from it.
[[nodiscard]] inline std::unexpected<Error> failErrno(int sys_errno, std::string context) {
    return std::unexpected(Error{kindOfErrno(sys_errno), sys_errno, std::move(context)});
}

/// Hands an error on with what was being done put in front.
[[nodiscard]] inline std::unexpected<Error> passOn(Error error, std::string_view doing) {
    return std::unexpected(std::move(error).withContext(doing));
}

}  // namespace camgate
