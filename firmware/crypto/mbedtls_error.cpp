#include "crypto/mbedtls_error.hpp"

#include <mbedtls/error.h>

#include <array>
#include <cstdio>

namespace camgate::crypto {

std::unexpected<Error> failMbedtls(ErrorKind kind, int code, std::string_view doing) {
    std::array<char, 160> said{};
    mbedtls_strerror(code, said.data(), said.size());
    std::array<char, 16> number{};
    std::snprintf(number.data(), number.size(), "-0x%04x", static_cast<unsigned>(-code));
    return fail(kind, std::string(doing) + ": " + said.data() + " (" + number.data() + ")");
}

}  // namespace camgate::crypto
