#include "crypto/mbedtls_random.hpp"

#include <mbedtls/pk.h>

#include "crypto/random.hpp"

namespace camgate::crypto {

int randomForMbedtls(void* /*unused*/, unsigned char* into, std::size_t count) {
    return fillRandom({into, count}) ? 0 : MBEDTLS_ERR_PK_HW_ACCEL_FAILED;
}

}  // namespace camgate::crypto
