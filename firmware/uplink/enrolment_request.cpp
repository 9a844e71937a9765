#include "uplink/enrolment_request.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "crypto/hkdf.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"

namespace camgate::uplink {
namespace {

using crypto::CertificateRequest;
using crypto::CertificateRole;
using nlohmann::json;

constexpr std::size_t kLongestRequestPem_bytes = 2048;
constexpr std::string_view kSignatureDomain = "camgate-enrol-v1\n";
constexpr std::string_view kProofInfo = "camgate enrolment code v1\n";
constexpr std::size_t kProof_bytes = 32;

Bytes joined(std::string_view first, std::string_view second) {
    ByteWriter out;
    out.putBytes(asBytes(first));
    out.putBytes(asBytes(second));
    return std::move(out).take();
}

/// HKDF stands in for HMAC: its extract step is one, keyed with the code.
Result<Bytes> proofOf(std::string_view code, std::string_view text) {
    const crypto::Digest digest = crypto::sha256(asBytes(text));
    return crypto::hkdfSha256(asBytes(code), digest, asBytes(kProofInfo), kProof_bytes);
}

Result<CertificateRequest> readOne(evidence::ObjectReader& in, CertificateRole role,
                                   const std::string& gateway) {
    const std::string name(crypto::rowOf(role).name);
    auto request = CertificateRequest::fromPem(in.text(name, kLongestRequestPem_bytes));
    if (!request) return passOn(request.error(), name);
    if (request->commonName() != gateway) {
        return fail(ErrorKind::InvalidArgument, name + ": a key of \"" + request->commonName() +
                                                    "\", the request is of \"" + gateway + "\"");
    }
    return request;
}

struct RequestWrapper {
    std::string text;
    Bytes signature;
    std::string proof;
};

Result<RequestWrapper> readRequestWrapper(std::string_view text) {
    const auto document = evidence::parseBoundedObject(text, kLongestRequest_bytes);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    RequestWrapper wrapper;
    wrapper.text = asText(in.base64("request"));
    wrapper.signature = in.base64("sig");
    if (in.has("proof")) wrapper.proof = in.text("proof", 64);
    if (auto read = in.status(); !read) return std::unexpected(read.error());
    return wrapper;
}

/// What was signed, and by whom.
Result<EnrolmentRequest> readContent(RequestWrapper wrapper) {
    const auto document = evidence::parseBoundedObject(wrapper.text, kLongestRequest_bytes);
    if (!document) return std::unexpected(document.error());
    evidence::ObjectReader in(*document);
    in.number("v", 1, 1);
    EnrolmentRequest request;
    request.gateway = in.word("gateway", 32);
    if (!isGatewayId(request.gateway)) in.setFault("gateway", "a gateway's id");
    Status each;
    in.object("requests", [&](evidence::ObjectReader& requests) {
        for (const CertificateRole role : kGatewayRoles) {
            auto one = readOne(requests, role, request.gateway);
            if (!one && each) each = std::unexpected(one.error());
            if (one) request.requests.push_back(std::move(*one));
        }
    });
    if (auto read = in.status(); !read) return std::unexpected(read.error());
    if (!each) return std::unexpected(each.error());
    const auto tied = request.of(CertificateRole::Transport)
                          .verifySignature(joined(kSignatureDomain, wrapper.text), wrapper.signature);
    if (!tied) return std::unexpected(tied.error());
    request.text = std::move(wrapper.text);
    request.proof = std::move(wrapper.proof);
    return request;
}

}  // namespace

bool isGatewayId(std::string_view text) {
    return !text.empty() && text.size() <= 32 && text != "enrol" && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

std::size_t placeOf(CertificateRole role) {
    return static_cast<std::size_t>(std::ranges::find(kGatewayRoles, role) - kGatewayRoles.begin());
}

Result<GatewayKeys> GatewayKeys::generate() {
    GatewayKeys keys;
    for (std::size_t i = 0; i < kGatewayRoles.size(); ++i) {
        auto key = crypto::PrivateKey::generate();
        if (!key) return std::unexpected(key.error());
        keys.keys.push_back(std::move(*key));
    }
    return keys;
}

Result<std::string> makeEnrolmentRequest(const GatewayKeys& keys, std::string_view gateway,
                                         std::string_view code) {
    if (!isGatewayId(gateway))
        return fail(ErrorKind::InvalidArgument, "\"" + std::string(gateway) + "\" is no gateway's id");
    json requests = json::object();
    for (const CertificateRole role : kGatewayRoles) {
        auto pem = CertificateRequest::make(keys.of(role), gateway);
        if (!pem) return std::unexpected(pem.error());
        requests[std::string(crypto::rowOf(role).name)] = std::move(*pem);
    }
    const std::string text =
        json{{"v", 1}, {"gateway", std::string(gateway)}, {"requests", std::move(requests)}}.dump();
    const auto signature = keys.of(CertificateRole::Transport).sign(joined(kSignatureDomain, text));
    if (!signature) return std::unexpected(signature.error());
    json document{{"request", toBase64(asBytes(text))}, {"sig", toBase64(*signature)}};
    if (!code.empty()) {
        const auto proof = proofOf(code, text);
        if (!proof) return std::unexpected(proof.error());
        document["proof"] = toBase64(*proof);
    }
    return document.dump();
}

Result<EnrolmentRequest> readEnrolmentRequest(std::string_view text) {
    constexpr std::string_view kDoing = "enrolment request";
    auto wrapper = readRequestWrapper(text);
    if (!wrapper) return passOn(wrapper.error(), kDoing);
    auto request = readContent(std::move(*wrapper));
    if (!request) return passOn(request.error(), kDoing);
    return request;
}

bool knowsCode(const EnrolmentRequest& request, std::string_view code) {
    const auto expected = proofOf(code, request.text);
    const auto said = fromBase64(request.proof);
    if (code.empty() || !expected || !said || said->size() != expected->size()) return false;
    unsigned difference = 0;
    for (std::size_t i = 0; i < expected->size(); ++i) difference |= (*expected)[i] ^ (*said)[i];
    return difference == 0;
}

}  // namespace camgate::uplink
