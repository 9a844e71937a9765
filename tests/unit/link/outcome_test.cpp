#include <catch2/catch.hpp>

#include "link/outcome.hpp"

using namespace camgate;
using camgate::link::ConnectFailure;
using camgate::link::outcomeOf;
using ipc::LinkState;

TEST_CASE("link: a handshake's lines become one reason", "[link]") {
    // The peer's verdict stands before the general line that OpenSSL writes after it.
    CHECK(link::tlsReason("SSL alert write:fatal:unknown CA\nerror:0A000086: certificate verify failed\n") ==
          "the broker's certificate is not under the configured CA");
    CHECK(link::tlsReason("SSL handshake done\nX509_check_host for hostname 127.1 failed, rc 0\n") ==
          "the broker's certificate is for another name");
    CHECK(link::tlsReason("SSL alert read:fatal:certificate expired") ==
          "the broker says that this gateway's certificate has expired");
    CHECK(link::tlsReason("error:0A00010B:SSL routines:ssl3_get_record:wrong version number") ==
          "the broker's port does not speak TLS");
    CHECK(link::tlsReason("SSL state connect:before SSL initialization").empty());
}

TEST_CASE("link: the broker's answer counts for more than what the handshake said", "[link]") {
    const auto refused = outcomeOf({135, 0x87, "CONNACK return code", "SSL handshake done"});
    CHECK(refused.state == LinkState::Refused);
    CHECK(refused.detail == "the broker said: not authorized (0x87)");
    CHECK(outcomeOf({5, 0, "", ""}).state == LinkState::Refused);
}

TEST_CASE("link: without an answer and without TLS lines the broker is unreachable", "[link]") {
    const auto outcome = outcomeOf({-1, 0, "TCP/TLS connect failure", ""});
    CHECK(outcome.state == LinkState::Unreachable);
    CHECK(outcome.detail.empty());
}

TEST_CASE("link: a broker that hangs up after the handshake does not take the certificate, a silent one may",
          "[link]") {
    CHECK(outcomeOf({-1, 0, "TCP connect completion failure", "SSL handshake done"}).state ==
          LinkState::TlsFailed);
    CHECK(outcomeOf({-1, 0, "TCP connect timeout", "SSL handshake done"}).state == LinkState::Unreachable);
}

TEST_CASE("link: a reason code without a name is still told", "[link]") {
    CHECK(link::reasonText(0x88) == "server unavailable (0x88)");
    CHECK(link::reasonText(0xEE) == "reason 0xee");
}
