// Errors as values: a kind that callers branch on, an errno where there was one, and a context that people
// read. Context grows outwards: `return std::unexpected(std::move(e).withContext("opening extent 17"))`.
// Any thread.
#pragma once

#include <string>
#include <string_view>

namespace camgate {

enum class ErrorKind {
    NotFound,
    Corruption,
    NoSpace,
    Unavailable,
    Timeout,
    Cancelled,
    InvalidArgument,
    FailedPrecondition,
    PermissionDenied,
    Internal,
};

/// The kind's name as it appears in replies and logs, for example "not-found".
std::string_view toString(ErrorKind kind);

struct [[nodiscard]] Error {
    ErrorKind kind = ErrorKind::Internal;
    int sys_errno = 0;
    std::string context;

    /// Puts what was being done in front of the context.
    Error withContext(std::string_view doing) &&;
    /// "context: strerror (kind)", for logs and people.
    std::string describe() const;
};

/// The one place where errno becomes a kind.
ErrorKind kindOfErrno(int sys_errno);

}  // namespace camgate
