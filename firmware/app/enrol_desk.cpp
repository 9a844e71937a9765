#include "app/enrol_desk.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/json_text.hpp"
#include "crypto/certificate.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

/// As it is read out: without colons and spaces, in small letters.
std::string plain(std::string fingerprint) {
    std::erase_if(fingerprint, [](char c) { return c == ':' || c == ' '; });
    std::ranges::transform(fingerprint, fingerprint.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return fingerprint;
}

/// As it was made: without dashes and spaces, in capitals.
std::string plainCode(std::string code) {
    std::erase_if(code, [](char c) { return c == '-' || c == ' '; });
    std::ranges::transform(code, code.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return code;
}

/// The bundle, if it is under the root that was told of.
Result<uplink::CertificateBundle> readBundle(const std::string& document, const std::string& fingerprint) {
    auto bundle = uplink::readCertificateBundle(document);
    if (!bundle) return bundle;
    const auto root = crypto::Certificate::fromPem(bundle->authority_pem);
    if (!root) return std::unexpected(root.error());
    if (root->fingerprint() != plain(fingerprint))
        return fail(ErrorKind::PermissionDenied,
                    "the bundle's root has the fingerprint " + root->fingerprint());
    return bundle;
}

/// Where the time is not known, certificates are judged as of their beginning.
WallTime judgedAt(const WallReading& now, const uplink::CertificateBundle& bundle) {
    const auto transport = crypto::Certificate::fromPem(bundle.of(crypto::CertificateRole::Transport));
    return now.quality == WallQuality::Unsynced && transport ? transport->notBefore() : now.time;
}

}  // namespace

void EnrolDesk::request(Answer answer) {
    const auto make = [store = ports_.store](outbox::Outbox&) -> Result<std::string> {
        return store->request({});
    };
    ports_.state.ask<std::string>(make, [answer = std::move(answer)](const Result<std::string>& request) {
        if (!request) return answer(std::unexpected(request.error()));
        answer(jsonText({{"request", *request}, {"fingerprint", toHex(crypto::sha256(asBytes(*request)))}}));
    });
}

void EnrolDesk::install(const std::string& who, const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    take(who, asked["bundle"].get<std::string>(), asked["fingerprint"].get<std::string>(), std::move(answer));
}

Result<EnrolOrder> EnrolDesk::orderOf(const std::string& parameters) const {
    if (call_) return fail(ErrorKind::Unavailable, "an enrolment is under way");
    const json asked = json::parse(parameters);
    EnrolOrder order;
    order.gateway = ports_.gateway;
    order.host = asked.value("host", ports_.host());
    const auto port = asked.value("port", std::uint64_t{order.port});
    if (port == 0 || port > 65'535) return fail(ErrorKind::InvalidArgument, "no port");
    order.port = static_cast<std::uint16_t>(port);
    order.fingerprint = plain(asked.value("fingerprint", ""));
    return order;
}

void EnrolDesk::root(const std::string& parameters, Answer answer) {
    auto order = orderOf(parameters);
    if (!order) return answer(std::unexpected(order.error()));
    call(std::move(*order), [answer = std::move(answer)](const Result<std::string>& fingerprint) {
        if (!fingerprint) return answer(std::unexpected(fingerprint.error()));
        answer(jsonText({{"fingerprint", *fingerprint}}));
    });
}

void EnrolDesk::enrol(const std::string& who, const std::string& parameters, Answer answer) {
    const auto order = orderOf(parameters);
    if (!order) return answer(std::unexpected(order.error()));
    const json asked = json::parse(parameters);
    const auto make = [store = ports_.store, code = plainCode(asked["code"].get<std::string>())](
                          outbox::Outbox&) { return store->request(code); };
    ports_.state.ask<std::string>(make, [this, who, order = *order, answer = std::move(answer)](
                                            const Result<std::string>& request) mutable {
        if (!request) return answer(std::unexpected(request.error()));
        if (call_) return answer(fail(ErrorKind::Unavailable, "an enrolment is under way"));
        order.request = *request;
        const std::string fingerprint = order.fingerprint;
        call(std::move(order), [this, who, fingerprint, answer](const Result<std::string>& bundle) {
            if (!bundle) return answer(std::unexpected(bundle.error()));
            take(who, *bundle, fingerprint, answer);
        });
    });
}

void EnrolDesk::call(EnrolOrder order, EnrolCall::Done done) {
    call_ = std::make_unique<EnrolCall>(ports_.loop, ports_.make_transport, std::move(order),
                                        [this, done = std::move(done)](const Result<std::string>& result) {
                                            // It is still inside its own function.
                                            drop_ = ports_.loop.runAfter(Duration::zero(),
                                                                         [this] { call_ = nullptr; });
                                            done(result);
                                        });
    call_->start();
}

void EnrolDesk::take(const std::string& who, const std::string& document, const std::string& fingerprint,
                     Answer answer) {
    const auto install = [store = ports_.store, document, fingerprint, now = ports_.loop.clock().wallNow(),
                          first = !ports_.has_identity](outbox::Outbox&) -> Result<bool> {
        const auto bundle = readBundle(document, fingerprint);
        if (!bundle) return std::unexpected(bundle.error());
        const auto accepted =
            store->accept(*bundle, bundle->authority_pem, bundle->authority_pem, judgedAt(now, *bundle));
        if (!accepted) return std::unexpected(accepted.error());
        // Without one to go back to there is nothing to be tried against.
        if (!first) return true;
        if (auto done = store->promote(); !done) return std::unexpected(done.error());
        return true;
    };
    ports_.state.ask<bool>(install,
                           [this, who, fingerprint, answer = std::move(answer)](const Result<bool>& done) {
                               if (!done) return answer(std::unexpected(done.error()));
                               installed(who, fingerprint, answer);
                           });
}

void EnrolDesk::installed(const std::string& who, const std::string& fingerprint, const Answer& answer) {
    const std::string detail = jsonText({{"root", plain(fingerprint)}});
    ports_.audit({ports_.loop.clock().wallNow().time, who, "hub.enrol", "done", detail},
                 [this, answer](const Status&) {
                     answer(jsonText({{"on_trial", ports_.has_identity}}));
                     ports_.anew();
                 });
}

}  // namespace camgate::app
