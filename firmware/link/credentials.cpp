#include "link/credentials.hpp"

#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

namespace camgate::link {
namespace {

using Bio = std::unique_ptr<BIO, decltype(&::BIO_free)>;
using Certificate = std::unique_ptr<X509, decltype(&::X509_free)>;
using Key = std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)>;

Bio bioOf(const std::string& text) {
    return {::BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), &::BIO_free};
}

Certificate certificateOf(const std::string& pem) {
    const Bio bio = bioOf(pem);
    return {::PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &::X509_free};
}

int noPassword(char*, int, int, void*) {
    return -1;
}

}  // namespace

Status checkCredentials(const ipc::LinkSettings& settings) {
    if (!settings.tls) return {};
    if (!settings.server_name.empty() && settings.server_name != settings.host) {
        return fail(ErrorKind::InvalidArgument,
                    "the broker's certificate is checked against the host: a server name (" +
                        settings.server_name + ") other than the host (" + settings.host +
                        ") is not supported");
    }
    const bool nameless = settings.certificate_pem.empty() && settings.key_pem.empty();
    if (nameless && settings.ca_pem.empty()) return {};
    if (!certificateOf(settings.ca_pem))
        return fail(ErrorKind::InvalidArgument, "the CA certificate cannot be read");
    if (nameless) return {};
    const Certificate certificate = certificateOf(settings.certificate_pem);
    if (!certificate) return fail(ErrorKind::InvalidArgument, "this gateway's certificate cannot be read");
    const Bio bio = bioOf(settings.key_pem);
    const Key key(::PEM_read_bio_PrivateKey(bio.get(), nullptr, &noPassword, nullptr), &::EVP_PKEY_free);
    if (!key) return fail(ErrorKind::InvalidArgument, "this gateway's key cannot be read");
    if (::X509_check_private_key(certificate.get(), key.get()) != 1) {
        return fail(ErrorKind::InvalidArgument, "this gateway's key does not belong to its certificate");
    }
    return {};
}

std::string validityFault(const std::string& certificate_pem) {
    const Certificate certificate = certificateOf(certificate_pem);
    if (!certificate) return {};
    if (::X509_cmp_current_time(::X509_get0_notAfter(certificate.get())) < 0) return "has expired";
    if (::X509_cmp_current_time(::X509_get0_notBefore(certificate.get())) > 0) return "is not valid yet";
    return {};
}

}  // namespace camgate::link
