#include "base/error.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace camgate {
namespace {

struct ErrnoKind {
    int sys_errno;
    ErrorKind kind;
};

constexpr std::array kErrnoKinds{
    ErrnoKind{ENOENT, ErrorKind::NotFound},
    ErrnoKind{ENODEV, ErrorKind::NotFound},
    ErrnoKind{ENXIO, ErrorKind::NotFound},
    ErrnoKind{ENOSPC, ErrorKind::NoSpace},
    ErrnoKind{EDQUOT, ErrorKind::NoSpace},
    ErrnoKind{EFBIG, ErrorKind::NoSpace},
    ErrnoKind{EAGAIN, ErrorKind::Unavailable},
    ErrnoKind{ECONNREFUSED, ErrorKind::Unavailable},
    ErrnoKind{ECONNRESET, ErrorKind::Unavailable},
    ErrnoKind{EPIPE, ErrorKind::Unavailable},
    ErrnoKind{EIO, ErrorKind::Unavailable},
    ErrnoKind{ETIMEDOUT, ErrorKind::Timeout},
    ErrnoKind{ECANCELED, ErrorKind::Cancelled},
    ErrnoKind{EINVAL, ErrorKind::InvalidArgument},
    ErrnoKind{ENAMETOOLONG, ErrorKind::InvalidArgument},
    ErrnoKind{EEXIST, ErrorKind::FailedPrecondition},
    ErrnoKind{EBUSY, ErrorKind::FailedPrecondition},
    ErrnoKind{ENOTDIR, ErrorKind::FailedPrecondition},
    ErrnoKind{EACCES, ErrorKind::PermissionDenied},
    ErrnoKind{EPERM, ErrorKind::PermissionDenied},
    ErrnoKind{EROFS, ErrorKind::PermissionDenied},
};

constexpr std::array<std::string_view, 10> kKindNames{
    "not-found",        "corruption",          "no-space",          "unavailable", "timeout", "cancelled",
    "invalid-argument", "failed-precondition", "permission-denied", "internal",
};

}  // namespace

std::string_view toString(ErrorKind kind) {
    return kKindNames.at(static_cast<std::size_t>(kind));
}

ErrorKind kindOfErrno(int sys_errno) {
    for (const auto& row : kErrnoKinds) {
        if (row.sys_errno == sys_errno) return row.kind;
    }
    return ErrorKind::Internal;
}

Error Error::withContext(std::string_view doing) && {
    Error outer = std::move(*this);
    outer.context = outer.context.empty() ? std::string(doing) : std::string(doing) + ": " + outer.context;
    return outer;
}

std::string Error::describe() const {
    std::string text = context;
    if (sys_errno != 0) text += ": " + std::generic_category().message(sys_errno);
    return text + " (" + std::string(toString(kind)) + ")";
}

}  // namespace camgate
