#include "app/enrol_call.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "crypto/certificate.hpp"
#include "evidence/bounded_json.hpp"
#include "evidence/object_reader.hpp"
#include "uplink/certificate_bundle.hpp"
#include "uplink/messages.hpp"

namespace camgate::app {
namespace {

constexpr std::string_view kPrefix = "camgate/v1/enrol/";
constexpr std::uint64_t kRequestId = 1;

/// Empty: it is no refusal.
std::string refusalIn(const std::string& text) {
    const auto document = evidence::parseBoundedObject(text, uplink::kLongestBundle_bytes);
    if (!document) return {};
    evidence::ObjectReader in(*document);
    const std::string refused = in.has("refused") ? in.text("refused", 256) : std::string();
    return in.status() ? refused : std::string();
}

}  // namespace

EnrolCall::EnrolCall(EventLoop& loop, MakeTransport transport, EnrolOrder order, Done done)
    : loop_(loop), make_transport_(std::move(transport)), order_(std::move(order)), done_(std::move(done)) {}

EnrolCall::~EnrolCall() {
    if (transport_) transport_->setListener(nullptr);
}

void EnrolCall::start() {
    deadline_ = loop_.runAfter(kDeadline, [this] {
        const std::string where =
            root_pem_.empty() ? "no root came from the broker" : "the hub does not answer";
        end(fail(ErrorKind::Timeout, last_fault_.empty() ? where : where + ": " + last_fault_));
    });
    connect();
}

void EnrolCall::connect() {
    transport_ = make_transport_([this] { return settings(); });
    transport_->setListener(this);
    transport_->open();
}

std::string EnrolCall::topic(std::string_view last) const {
    return std::string(kPrefix) + "enrol-" + order_.gateway + "/" + std::string(last);
}

ipc::LinkSettings EnrolCall::settings() const {
    ipc::LinkSettings settings;
    settings.host = order_.host;
    settings.port = order_.port;
    settings.ca_pem = root_pem_;
    settings.client_id = "enrol-" + order_.gateway;
    settings.clean_start = true;
    settings.session_expiry_s = 0;
    settings.subscriptions = {root_pem_.empty() ? std::string(kPrefix) + "authority" : topic("bundle")};
    return settings;
}

void EnrolCall::onUp() {
    if (root_pem_.empty()) return;
    uplink::HubMessage message;
    message.topic = topic("request");
    message.payload = uplink::payloadOf(order_.request);
    message.content_type = "application/json";
    transport_->publish(kRequestId, message);
}

void EnrolCall::onMessage(const uplink::HubMessage& message) {
    const std::string text(asText(message.payload));
    // Not inside the transport's call, which this may end.
    next_ = loop_.runAfter(Duration::zero(), [this, text] {
        if (root_pem_.empty()) return takeRoot(text);
        takeAnswer(text);
    });
}

void EnrolCall::takeRoot(const std::string& pem) {
    const auto root = crypto::Certificate::fromPem(pem);
    if (!root) return end(std::unexpected(root.error()));
    if (order_.request.empty()) return end(root->fingerprint());
    if (root->fingerprint() != order_.fingerprint)
        return end(fail(ErrorKind::PermissionDenied,
                        "the broker keeps a root with the fingerprint " + root->fingerprint()));
    root_pem_ = pem;
    transport_->setListener(nullptr);
    transport_->close();
    connect();
}

void EnrolCall::takeAnswer(const std::string& text) {
    if (const std::string refused = refusalIn(text); !refused.empty())
        return end(fail(ErrorKind::PermissionDenied, "the hub refused: " + refused));
    end(text);
}

void EnrolCall::end(Result<std::string> result) {
    if (std::exchange(ended_, true)) return;
    deadline_.cancel();
    transport_->setListener(nullptr);
    transport_->close();
    done_(result);
}

}  // namespace camgate::app
