#include "tools/hub/secret.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "crypto/certificate.hpp"
#include "evidence/sealed_secret.hpp"
#include "tools/hub/fields.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {
namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr std::size_t kMostValue_bytes = 4096;

Result<std::string> readValue(const std::string& file) {
    std::string value;
    if (file.empty()) {
        std::getline(std::cin, value);
        return value;
    }
    RealFileSystem files;
    const auto text = readTextFile(files, file, kMostValue_bytes);
    if (!text) return std::unexpected(text.error());
    return text->substr(0, text->find('\n'));
}

/// What the gateway has secrets sealed to, as it reports it.
Result<std::string> reportedUnwrap(const CommandSettings& settings) {
    BrokerSettings broker = settings.broker;
    broker.client_id += "-secret";
    auto connection = Connection::open(broker, {downTopic(settings.gateway, "config/reported")});
    if (!connection) return std::unexpected(connection.error());
    const SystemClock clock;
    const BootTime give_up = clock.bootNow() + seconds(settings.wait_s);
    for (BootTime now = clock.bootNow(); now < give_up && (*connection)->up(); now = clock.bootNow()) {
        const auto arrived = (*connection)->next(std::chrono::ceil<std::chrono::milliseconds>(give_up - now));
        if (!arrived) continue;
        const auto report = parseDocument(arrived->payload);
        if (!report) continue;
        std::string pem = textField(*report, "unwrap");
        if (!pem.empty()) return pem;
        return fail(ErrorKind::FailedPrecondition,
                    settings.gateway + " has no unwrap key: it is not enrolled");
    }
    return fail(ErrorKind::Timeout, settings.gateway + " has reported nothing");
}

/// Whoever can write to the broker could report a key of his own: it must be the gateway's, by the authority.
Result<evidence::DeliveryKey> unwrapKey(const CommandSettings& settings) {
    const auto pem = reportedUnwrap(settings);
    if (!pem) return std::unexpected(pem.error());
    RealFileSystem files;
    const auto authority_pem = readTextFile(files, settings.broker.ca_file);
    if (!authority_pem) return std::unexpected(authority_pem.error());
    const auto authority = crypto::Certificate::fromPem(*authority_pem);
    if (!authority) return passOn(authority.error(), settings.broker.ca_file);
    const auto certificate = crypto::Certificate::fromPem(*pem);
    if (!certificate) return passOn(certificate.error(), "the unwrap certificate of " + settings.gateway);
    if (certificate->commonName() != settings.gateway || !certificate->hasPurpose(crypto::Purpose::Unwrap))
        return fail(ErrorKind::PermissionDenied,
                    "what " + settings.gateway + " reports is no unwrap certificate of its own");
    if (auto proven = crypto::verifyChain(*certificate, *authority, SystemClock().wallNow().time); !proven)
        return passOn(proven.error(), "the unwrap certificate of " + settings.gateway);
    const auto point = certificate->publicPoint();
    if (!point) return std::unexpected(point.error());
    return evidence::DeliveryKey{*point, certificate->fingerprint()};
}

Result<json> orderOf(const CommandSettings& settings, const std::string& name, const std::string& value) {
    const auto key = unwrapKey(settings);
    if (!key) return std::unexpected(key.error());
    const auto sealed = evidence::sealSecret(*key, settings.gateway, name, value);
    if (!sealed) return std::unexpected(sealed.error());
    return json{{"name", name},
                {"sealed",
                 {{"to", sealed->to},
                  {"ephemeral", toBase64(sealed->ephemeral)},
                  {"bytes", toBase64(sealed->bytes)}}}};
}

}  // namespace

int setSecret(const CommandSettings& settings, const std::string& name, const std::string& value_file) {
    const auto value = readValue(value_file);
    if (!value) return complain(value.error());
    const auto order = orderOf(settings, name, *value);
    if (!order) return complain(order.error());
    const auto reply = ask(settings, "secret.set", *order);
    if (!reply) return complain(reply.error());
    std::cout << reply->dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    return boolField(*reply, "ok").value_or(false) ? 0 : 1;
}

}  // namespace camgate::hub
