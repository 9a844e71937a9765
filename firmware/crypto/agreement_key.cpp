#include "crypto/agreement_key.hpp"

#include <mbedtls/ecdh.h>
#include <mbedtls/pk.h>

#include "crypto/hpke_kdf.hpp"
#include "crypto/mbedtls_error.hpp"
#include "crypto/mbedtls_random.hpp"
#include "crypto/wipe.hpp"

namespace camgate::crypto {
namespace {

/// An integer or a point of mbedTLS, freed at the end of its scope.
template <class T, void (*kInit)(T*), void (*kFree)(T*)>
class Scoped {
  public:
    Scoped() { kInit(&value_); }
    Scoped(const Scoped&) = delete;
    Scoped& operator=(const Scoped&) = delete;
    ~Scoped() { kFree(&value_); }
    T* get() { return &value_; }

  private:
    T value_{};
};
using Integer = Scoped<mbedtls_mpi, mbedtls_mpi_init, mbedtls_mpi_free>;
using Point = Scoped<mbedtls_ecp_point, mbedtls_ecp_point_init, mbedtls_ecp_point_free>;

/// Private keys that a seed offers, one by one, until one is below the curve's order: nearly always the
/// first.
constexpr unsigned kCandidates = 256;

bool isP256(const mbedtls_pk_context& key) {
    return mbedtls_pk_can_do(&key, MBEDTLS_PK_ECKEY) != 0 &&
           mbedtls_pk_ec(key)->grp.id == MBEDTLS_ECP_DP_SECP256R1;
}

}  // namespace

void AgreementKey::Free::operator()(mbedtls_pk_context* key) const {
    mbedtls_pk_free(key);
    delete key;
}

AgreementKey::AgreementKey(Handle handle, const PublicPoint& public_point)
    : handle_(std::move(handle)), public_point_(public_point) {}
AgreementKey::AgreementKey(AgreementKey&&) noexcept = default;
AgreementKey& AgreementKey::operator=(AgreementKey&&) noexcept = default;
AgreementKey::~AgreementKey() = default;

AgreementKey::Handle AgreementKey::empty() {
    Handle handle(new mbedtls_pk_context);
    mbedtls_pk_init(handle.get());
    return handle;
}

Result<AgreementKey> AgreementKey::fromHandle(Handle handle) {
    const mbedtls_ecp_keypair* pair = mbedtls_pk_ec(*handle);
    PublicPoint point{};
    std::size_t length = 0;
    const int code = mbedtls_ecp_point_write_binary(&pair->grp, &pair->Q, MBEDTLS_ECP_PF_UNCOMPRESSED,
                                                    &length, point.data(), point.size());
    if (code != 0 || length != point.size()) return failMbedtls(ErrorKind::Internal, code, "public key");
    return AgreementKey(std::move(handle), point);
}

Result<AgreementKey> AgreementKey::generate() {
    Handle handle = empty();
    int code = mbedtls_pk_setup(handle.get(), mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
    if (code == 0) {
        code =
            mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*handle), randomForMbedtls, nullptr);
    }
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "making a key");
    return fromHandle(std::move(handle));
}

Result<AgreementKey> AgreementKey::fromSeed(ByteView seed) {
    Handle handle = empty();
    if (seed.size() < sizeof(SharedSecret)) {
        return fail(ErrorKind::InvalidArgument, "a key's seed of fewer than 32 bytes");
    }
    int code = mbedtls_pk_setup(handle.get(), mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY));
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "deriving a key");
    mbedtls_ecp_keypair* pair = mbedtls_pk_ec(*handle);
    code = mbedtls_ecp_group_load(&pair->grp, MBEDTLS_ECP_DP_SECP256R1);
    auto root = labeledExtract(kHpkeKem, {}, "dkp_prk", seed);
    if (!root) return std::unexpected(root.error());
    bool found = false;
    for (unsigned counter = 0; code == 0 && !found && counter < kCandidates; ++counter) {
        const std::array<std::uint8_t, 1> info{static_cast<std::uint8_t>(counter)};
        auto candidate = labeledExpand(kHpkeKem, *root, "candidate", info, sizeof(SharedSecret));
        if (!candidate) return std::unexpected(candidate.error());
        code = mbedtls_mpi_read_binary(&pair->d, candidate->data(), candidate->size());
        found = mbedtls_ecp_check_privkey(&pair->grp, &pair->d) == 0;
        wipe(*candidate);
    }
    wipe(*root);
    if (code == 0 && !found) code = MBEDTLS_ERR_ECP_INVALID_KEY;
    if (code == 0) {
        code = mbedtls_ecp_mul(&pair->grp, &pair->Q, &pair->d, &pair->grp.G, randomForMbedtls, nullptr);
    }
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "deriving a key");
    return fromHandle(std::move(handle));
}

Result<AgreementKey> AgreementKey::fromPem(std::string_view pem) {
    Handle handle = empty();
    std::string text(pem);
    // The parser wants the terminating zero counted.
    const int code = mbedtls_pk_parse_key(handle.get(), reinterpret_cast<const unsigned char*>(text.c_str()),
                                          text.size() + 1, nullptr, 0);
    wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
    if (code != 0) return failMbedtls(ErrorKind::InvalidArgument, code, "private key");
    if (!isP256(*handle)) return fail(ErrorKind::InvalidArgument, "private key: not a P-256 key");
    return fromHandle(std::move(handle));
}

Result<std::string> AgreementKey::toPem() const {
    std::array<unsigned char, 1024> text{};
    const int code = mbedtls_pk_write_key_pem(handle_.get(), text.data(), text.size());
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "writing a private key");
    std::string pem(reinterpret_cast<const char*>(text.data()));
    wipe(text);
    return pem;
}

Result<SharedSecret> AgreementKey::agree(const PublicPoint& other) const {
    mbedtls_ecp_keypair* pair = mbedtls_pk_ec(*handle_);
    Point point;
    int code = mbedtls_ecp_point_read_binary(&pair->grp, point.get(), other.data(), other.size());
    if (code == 0) code = mbedtls_ecp_check_pubkey(&pair->grp, point.get());
    if (code != 0) return failMbedtls(ErrorKind::InvalidArgument, code, "public key");
    Integer shared;
    code = mbedtls_ecdh_compute_shared(&pair->grp, shared.get(), point.get(), &pair->d, randomForMbedtls,
                                       nullptr);
    SharedSecret secret{};
    if (code == 0) code = mbedtls_mpi_write_binary(shared.get(), secret.data(), secret.size());
    if (code != 0) return failMbedtls(ErrorKind::Internal, code, "key agreement");
    return secret;
}

}  // namespace camgate::crypto
