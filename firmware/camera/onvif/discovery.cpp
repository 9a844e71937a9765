#include "camera/onvif/discovery.hpp"

#include <algorithm>
#include <charconv>

#include "base/markup.hpp"
#include "base/utf8.hpp"
#include "camera/onvif/http_url.hpp"
#include "camera/onvif/xml.hpp"

namespace camgate::onvif {
namespace {

constexpr std::size_t kMostList_bytes = 4096;
constexpr std::string_view kScope = "onvif://www.onvif.org/";

/// Takes the next word off a list of words.
std::string_view nextWord(std::string_view& list) {
    const auto begin = std::min(list.find_first_not_of(" \t\r\n"), list.size());
    list.remove_prefix(begin);
    const std::string_view word = list.substr(0, list.find_first_of(" \t\r\n"));
    list.remove_prefix(word.size());
    return word;
}

/// "Front%20gate" as people read it; what is no text comes out as it stands.
std::string plain(std::string_view coded) {
    std::string out;
    for (std::size_t i = 0; i < coded.size(); ++i) {
        unsigned byte = 0;
        const char* digits = coded.data() + i + 1;
        const char* behind = coded.data() + std::min(coded.size(), i + 3);
        if (coded[i] == '%' && behind == digits + 2 &&
            std::from_chars(digits, behind, byte, 16).ptr == behind && byte >= 0x20 && byte != 0x7F) {
            out.push_back(static_cast<char>(byte));
            i += 2;
        } else {
            out.push_back(coded[i]);
        }
    }
    if (findIllFormedUtf8(out)) out = coded;
    return std::string(utf8Prefix(out, kMostName_bytes));
}

std::string scopeOf(std::string_view scopes, std::string_view kind) {
    for (std::string_view word = nextWord(scopes); !word.empty(); word = nextWord(scopes)) {
        if (!word.starts_with(kScope)) continue;
        word.remove_prefix(kScope.size());
        if (word.starts_with(kind) && word.size() > kind.size() && word[kind.size()] == '/')
            return plain(word.substr(kind.size() + 1));
    }
    return "";
}

}  // namespace

std::string probeMessage(std::string_view message_id) {
    return R"(<?xml version="1.0" encoding="UTF-8"?>)"
           R"(<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope")"
           R"( xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing")"
           R"( xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery")"
           R"( xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><e:Header><w:MessageID>)" +
           escapeMarkup(message_id) +
           "</w:MessageID><w:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>"
           "<w:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</w:Action></e:Header>"
           "<e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>";
}

Result<Discovered> parseProbeMatch(std::string_view datagram, std::string_view message_id,
                                   std::string_view sender) {
    const auto document = parseXml(datagram);
    if (!document) return std::unexpected(document.error());
    const pugi::xml_node envelope = childOf(**document, "Envelope");
    if (textAt(envelope, "Header/RelatesTo", message_id.size() + 1) != message_id)
        return fail(ErrorKind::Corruption, "an answer to another question");
    const pugi::xml_node match = nodeAt(envelope, "Body/ProbeMatches/ProbeMatch");
    const std::string scopes = textAt(match, "Scopes", kMostList_bytes);
    const std::string addresses = textAt(match, "XAddrs", kMostList_bytes);
    std::string_view rest = addresses;
    for (std::string_view word = nextWord(rest); !word.empty(); word = nextWord(rest)) {
        if (leadsTo(word, "http://", sender))
            return Discovered{std::string(word), scopeOf(scopes, "name"), scopeOf(scopes, "hardware")};
    }
    return fail(ErrorKind::Corruption, "an answer whose addresses do not lead to its sender");
}

}  // namespace camgate::onvif
