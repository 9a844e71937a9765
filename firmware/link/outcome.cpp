#include "link/outcome.hpp"

#include <array>

namespace camgate::link {
namespace {

using ipc::LinkState;

struct Phrase {
    std::string_view needle;
    std::string_view meaning;
};

// In this order: a line of the peer's verdict says more than the lines that follow from it.
constexpr std::array kTlsPhrases{
    Phrase{"X509_check_host for hostname", "the broker's certificate is for another name"},
    Phrase{"alert write:fatal:unknown CA", "the broker's certificate is not under the configured CA"},
    Phrase{"alert write:fatal:certificate expired",
           "the broker's certificate has expired, or this clock is wrong"},
    Phrase{"alert write:fatal:bad certificate",
           "the broker's certificate is not valid (yet), or this clock is wrong"},
    Phrase{"alert write:fatal:unsupported certificate", "the broker's certificate is not for a server"},
    Phrase{"alert write:fatal:protocol version", "the broker speaks no TLS 1.2 or better"},
    Phrase{"unsupported protocol", "the broker speaks no TLS 1.2 or better"},
    Phrase{"alert read:fatal:protocol version", "the broker speaks no TLS 1.2 or better"},
    Phrase{"alert read:fatal:unknown CA", "the broker does not trust the CA of this gateway's certificate"},
    Phrase{"alert read:fatal:certificate expired",
           "the broker says that this gateway's certificate has expired"},
    Phrase{"alert read:fatal:certificate revoked",
           "the broker says that this gateway's certificate is revoked"},
    Phrase{"alert read:fatal:unknown", "the broker refused this gateway's certificate"},
    Phrase{"alert read:fatal:bad certificate", "the broker refused this gateway's certificate"},
    Phrase{"alert read:fatal:unsupported certificate", "this gateway's certificate is not for a client"},
    Phrase{"alert read:fatal:handshake failure",
           "the broker ended the handshake: no cipher in common, or no certificate given"},
    Phrase{"certificate required", "the broker wants a certificate and none was given"},
    Phrase{"wrong version number", "the broker's port does not speak TLS"},
    Phrase{"packet length too long", "the broker's port does not speak TLS"},
    Phrase{"certificate verify failed", "the broker's certificate could not be verified"},
    Phrase{"alert read:fatal", "the broker ended the handshake"},
    Phrase{"alert write:fatal", "the handshake with the broker failed"},
};

struct Reason {
    int code;
    std::string_view text;
};

// MQTT 5.0, table 2-6: those that a broker answers CONNECT, SUBSCRIBE or PUBLISH with.
constexpr std::array kReasons{
    Reason{0x80, "unspecified error"},
    Reason{0x81, "malformed packet"},
    Reason{0x82, "protocol error"},
    Reason{0x83, "implementation specific error"},
    Reason{0x84, "MQTT 5 is not supported"},
    Reason{0x85, "client id not valid"},
    Reason{0x86, "bad user name or password"},
    Reason{0x87, "not authorized"},
    Reason{0x88, "server unavailable"},
    Reason{0x89, "server busy"},
    Reason{0x8A, "banned"},
    Reason{0x8B, "server shutting down"},
    Reason{0x8C, "bad authentication method"},
    Reason{0x8D, "keep alive timeout"},
    Reason{0x8E, "session taken over"},
    Reason{0x8F, "topic filter invalid"},
    Reason{0x90, "topic name invalid"},
    Reason{0x93, "receive maximum exceeded"},
    Reason{0x95, "packet too large"},
    Reason{0x97, "quota exceeded"},
    Reason{0x98, "administrative action"},
    Reason{0x99, "payload format invalid"},
    Reason{0x9A, "retain not supported"},
    Reason{0x9B, "QoS not supported"},
    Reason{0x9C, "use another server"},
    Reason{0x9D, "server moved"},
    Reason{0x9F, "connection rate exceeded"},
};

bool has(std::string_view text, std::string_view needle) {
    return text.find(needle) != std::string_view::npos;
}

}  // namespace

std::string tlsReason(std::string_view trace) {
    for (const Phrase& phrase : kTlsPhrases) {
        if (has(trace, phrase.needle)) return std::string(phrase.meaning);
    }
    return {};
}

std::string reasonText(int reason_code) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = static_cast<unsigned>(reason_code) & 0xFFU;
    const std::string number = std::string("0x") + kDigits[byte >> 4U] + kDigits[byte & 15U];
    for (const Reason& reason : kReasons) {
        if (reason.code == reason_code) return std::string(reason.text) + " (" + number + ")";
    }
    return "reason " + number;
}

Outcome outcomeOf(const ConnectFailure& failure) {
    if (failure.reason_code >= 0x80)
        return {LinkState::Refused, "the broker said: " + reasonText(failure.reason_code)};
    if (failure.return_code > 0) {
        return {LinkState::Refused, "the broker refused, code " + std::to_string(failure.return_code)};
    }
    if (std::string reason = tlsReason(failure.tls_trace); !reason.empty())
        return {LinkState::TlsFailed, reason};
    const bool timed_out = has(failure.message, "timeout");
    if (has(failure.tls_trace, "SSL handshake done") && !timed_out) {
        return {LinkState::TlsFailed,
                "the broker hung up after the handshake: it does not accept this gateway's certificate"};
    }
    return {LinkState::Unreachable, {}};
}

}  // namespace camgate::link
