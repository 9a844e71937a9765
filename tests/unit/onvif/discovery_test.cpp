#include "camera/onvif/discovery.hpp"

#include <catch2/catch.hpp>

#include "camera/onvif/xml.hpp"

namespace camgate::onvif {
namespace {

const std::string kId = "urn:uuid:8d7bd5c0-0000-4000-a000-000000000001";

std::string match(const std::string& addresses, const std::string& scopes, const std::string& relates = kId) {
    return R"(<?xml version="1.0"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="s"><SOAP-ENV:Header><wsa:RelatesTo>)" +
           relates +
           "</wsa:RelatesTo></SOAP-ENV:Header><SOAP-ENV:Body><d:ProbeMatches><d:ProbeMatch><d:Scopes>" +
           scopes + "</d:Scopes><d:XAddrs>" + addresses +
           "</d:XAddrs></d:ProbeMatch></d:ProbeMatches></SOAP-ENV:Body></SOAP-ENV:Envelope>";
}

const std::string kScopes =
    "onvif://www.onvif.org/type/x onvif://www.onvif.org/name/C%E1%BB%95ng%20tr%C6%B0%E1%BB%9Bc "
    "onvif://www.onvif.org/hardware/IPC-1";

TEST_CASE("discovery: a probe repeats its message id and asks for video transmitters", "[onvif]") {
    const auto document = parseXml(probeMessage(kId));
    REQUIRE(document);
    const auto envelope = childOf(**document, "Envelope");
    CHECK(textAt(envelope, "Header/MessageID", 100) == kId);
    CHECK(textAt(envelope, "Body/Probe/Types", 100) == "dn:NetworkVideoTransmitter");
}

TEST_CASE("discovery: name, hardware and the address that leads to the sender are taken", "[onvif]") {
    const auto found = parseProbeMatch(
        match(" http://10.0.0.9/onvif/device_service http://192.168.1.20:8080/onvif/device_service\n",
              kScopes),
        kId, "192.168.1.20");
    REQUIRE(found);
    CHECK(*found == Discovered{"http://192.168.1.20:8080/onvif/device_service", "Cổng trước", "IPC-1"});
}

TEST_CASE("discovery: answers that lie are refused", "[onvif]") {
    const char* good = "http://192.168.1.20/onvif";
    CHECK_FALSE(parseProbeMatch(match(good, ""), kId, "192.168.1.21"));
    CHECK_FALSE(parseProbeMatch(match(good, "", "urn:uuid:other"), kId, "192.168.1.20"));
    CHECK_FALSE(parseProbeMatch(match("http://192.168.1.20@evil/", ""), kId, "192.168.1.20"));
    CHECK_FALSE(parseProbeMatch(match("https://192.168.1.20/", ""), kId, "192.168.1.20"));
    CHECK_FALSE(parseProbeMatch("", kId, "192.168.1.20"));
    CHECK(parseProbeMatch(match(good, ""), kId, "192.168.1.20"));
}

TEST_CASE("discovery: what is no text in a scope stays coded", "[onvif]") {
    const auto found =
        parseProbeMatch(match("http://1.2.3.4/", "onvif://www.onvif.org/name/a%FFb%0Ac%zz"), kId, "1.2.3.4");
    REQUIRE(found);
    CHECK(found->name == "a%FFb%0Ac%zz");
}

TEST_CASE("xml: entities of its own, depth and length are refused before they cost", "[onvif]") {
    CHECK_FALSE(parseXml("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"));
    std::string deep;
    for (int i = 0; i < 50'000; ++i) deep += "<a>";
    CHECK_FALSE(parseXml(deep));
    for (int i = 0; i < 50'000; ++i) deep += "</a>";
    CHECK_FALSE(parseXml(deep.substr(0, kMostXml_bytes)));
    CHECK_FALSE(parseXml("<a>" + std::string(kMostXml_bytes, ' ') + "</a>"));
    CHECK_FALSE(parseXml("<a>\xFF</a>"));
    std::string nested = "x";
    for (int i = 0; i < 70; ++i) nested = "<a>" + nested + "</a>";
    CHECK_FALSE(parseXml(nested));
    CHECK(parseXml("<a><b/><c><d/></c></a>"));
}

}  // namespace
}  // namespace camgate::onvif
