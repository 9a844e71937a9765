// XML from the household's network: bounded, without document types or entities of its own, read by local
// names because each camera chooses its own prefixes. Any thread.
#pragma once

#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace camgate::onvif {

constexpr std::size_t kMostXml_bytes = 256U << 10U;

/// Corruption: longer than kMostXml_bytes, not UTF-8, with a document type, deeper than 64, or no XML.
[[nodiscard]] Result<std::unique_ptr<pugi::xml_document>> parseXml(std::string_view text);

/// "Envelope" of "s:Envelope".
std::string_view localName(const pugi::xml_node& node);

/// The first child of that local name; null where there is none.
pugi::xml_node childOf(const pugi::xml_node& node, std::string_view local_name);
/// Down a path of local names: "Body/ProbeMatches".
pugi::xml_node nodeAt(pugi::xml_node node, std::string_view path);

/// Of the path's node, without blanks around it and at most `limit_bytes` long; control characters become
/// blanks. Empty where there is none.
std::string textAt(const pugi::xml_node& node, std::string_view path, std::size_t limit_bytes);
/// Zero where there is no number within 0..`most`.
std::uint32_t numberAt(const pugi::xml_node& node, std::string_view path, std::uint32_t most);

}  // namespace camgate::onvif
