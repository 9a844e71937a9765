#include "crypto/hpke_kdf.hpp"

#include "crypto/wipe.hpp"

namespace camgate::crypto {
namespace {

constexpr std::string_view kVersion = "HPKE-v1";

void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

Result<Digest> labeledExtract(std::string_view suite, ByteView salt, std::string_view label,
                              ByteView key_material) {
    Bytes labeled;
    labeled.reserve(kVersion.size() + suite.size() + label.size() + key_material.size());
    append(labeled, asBytes(kVersion));
    append(labeled, asBytes(suite));
    append(labeled, asBytes(label));
    append(labeled, key_material);
    auto key = hkdfExtract(salt, labeled);
    wipe(labeled);
    return key;
}

Result<Bytes> labeledExpand(std::string_view suite, const Digest& key, std::string_view label, ByteView info,
                            std::size_t length_bytes) {
    Bytes labeled{static_cast<std::uint8_t>(length_bytes >> 8U), static_cast<std::uint8_t>(length_bytes)};
    append(labeled, asBytes(kVersion));
    append(labeled, asBytes(suite));
    append(labeled, asBytes(label));
    append(labeled, info);
    return hkdfExpand(key, labeled, length_bytes);
}

}  // namespace camgate::crypto
