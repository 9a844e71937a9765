#include "crypto/hkdf.hpp"

#include <mbedtls/hkdf.h>

#include "crypto/mbedtls_error.hpp"
#include "crypto/wipe.hpp"

namespace camgate::crypto {
namespace {

const mbedtls_md_info_t* sha256Info() {
    return mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
}

}  // namespace

Result<Bytes> hkdfSha256(ByteView salt, ByteView key_material, ByteView info, std::size_t length_bytes) {
    auto key = hkdfExtract(salt, key_material);
    if (!key) return std::unexpected(key.error());
    auto out = hkdfExpand(*key, info, length_bytes);
    wipe(*key);
    return out;
}

Result<Digest> hkdfExtract(ByteView salt, ByteView key_material) {
    Digest key{};
    const int code = mbedtls_hkdf_extract(sha256Info(), salt.data(), salt.size(), key_material.data(),
                                          key_material.size(), key.data());
    if (code != 0) return failMbedtls(ErrorKind::InvalidArgument, code, "HKDF");
    return key;
}

Result<Bytes> hkdfExpand(const Digest& key, ByteView info, std::size_t length_bytes) {
    Bytes out(length_bytes);
    const int code = mbedtls_hkdf_expand(sha256Info(), key.data(), key.size(), info.data(), info.size(),
                                         out.data(), out.size());
    if (code != 0) return failMbedtls(ErrorKind::InvalidArgument, code, "HKDF");
    return out;
}

}  // namespace camgate::crypto
