#include "camera/onvif/xml.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/utf8.hpp"

namespace camgate::onvif {
namespace {

constexpr int kMostDepth = 64;

std::unexpected<Error> bad(const char* what) {
    return fail(ErrorKind::Corruption, std::string("the camera's answer ") + what);
}

/// Walks without recursion: what comes in decides the depth.
bool tooDeep(const pugi::xml_node& root) {
    int depth = 0;
    pugi::xml_node node = root.first_child();
    while (node) {
        if (depth >= kMostDepth) return true;
        if (node.first_child()) {
            node = node.first_child();
            ++depth;
            continue;
        }
        while (node != root && !node.next_sibling()) {
            node = node.parent();
            --depth;
        }
        if (node == root) return false;
        node = node.next_sibling();
    }
    return false;
}

bool isBlank(char c) {
    return static_cast<unsigned char>(c) <= 0x20;
}

}  // namespace

Result<std::unique_ptr<pugi::xml_document>> parseXml(std::string_view text) {
    if (text.size() > kMostXml_bytes) return bad("is too long");
    if (findIllFormedUtf8(text)) return bad("is not UTF-8");
    // A document type could declare entities; no camera needs one.
    if (text.find("<!DOCTYPE") != std::string_view::npos || text.find("<!ENTITY") != std::string_view::npos)
        return bad("declares a document type");
    auto document = std::make_unique<pugi::xml_document>();
    const auto parsed =
        document->load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
    if (!parsed) return bad("is no XML");
    if (tooDeep(*document)) return bad("nests too deep");
    return document;
}

std::string_view localName(const pugi::xml_node& node) {
    const std::string_view name = node.name();
    const auto colon = name.rfind(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node childOf(const pugi::xml_node& node, std::string_view local_name) {
    return node.find_child([local_name](const pugi::xml_node& child) {
        return child.type() == pugi::node_element && localName(child) == local_name;
    });
}

pugi::xml_node nodeAt(pugi::xml_node node, std::string_view path) {
    while (node && !path.empty()) {
        const auto end = std::min(path.find('/'), path.size());
        node = childOf(node, path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return node;
}

std::string textAt(const pugi::xml_node& node, std::string_view path, std::size_t limit_bytes) {
    std::string_view text = nodeAt(node, path).text().get();
    while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
    std::string out(utf8Prefix(text, limit_bytes));
    std::ranges::replace_if(
        out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    return out;
}

std::uint32_t numberAt(const pugi::xml_node& node, std::string_view path, std::uint32_t most) {
    const std::string text = textAt(node, path, 16);
    char* end = nullptr;
    // Some cameras write "25.0" where a whole number is meant.
    const double value = std::strtod(text.c_str(), &end);
    if (end == text.c_str() || !(value >= 0 && value <= most)) return 0;
    return static_cast<std::uint32_t>(value);
}

}  // namespace camgate::onvif
