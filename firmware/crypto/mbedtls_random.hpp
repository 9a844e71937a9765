// The kernel's random numbers in the form that mbedTLS asks for. Inside crypto/ only. Any thread.
#pragma once

#include <cstddef>

namespace camgate::crypto {

int randomForMbedtls(void* unused, unsigned char* into, std::size_t count);

}  // namespace camgate::crypto
