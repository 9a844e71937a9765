#include "crypto/hkdf.hpp"

#include <mbedtls/hkdf.h>

#include "crypto/mbedtls_error.hpp"

namespace camgate::crypto {

Result<Bytes> hkdfSha256(ByteView salt, ByteView key_material, ByteView info, std::size_t length_bytes) {
    Bytes out(length_bytes);
    const int code = mbedtls_hkdf(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), salt.data(), salt.size(),
                                  key_material.data(), key_material.size(), info.data(), info.size(),
                                  out.data(), out.size());
    if (code != 0) return failMbedtls(ErrorKind::InvalidArgument, code, "HKDF");
    return out;
}

}  // namespace camgate::crypto
