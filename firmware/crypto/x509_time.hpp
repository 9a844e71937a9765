// Times as mbedTLS reads them out of certificates and lists. Inside crypto/ only. Any thread.
#pragma once

#include "base/clock.hpp"

struct mbedtls_x509_time;

namespace camgate::crypto {

/// The far ends of WallTime for what lies beyond them.
WallTime wallTimeOf(const mbedtls_x509_time& time);

}  // namespace camgate::crypto
