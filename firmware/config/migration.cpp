#include "config/migration.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace camgate::config {
namespace {

using nlohmann::json;

/// Is it a secret that can be kept? What is not stays, for the reader to find fault with.
bool fits(const json& value) {
    if (!value.is_string()) return false;
    const auto& text = value.get_ref<const std::string&>();
    return text.size() <= kMostSecret_bytes && text.find('\0') == std::string::npos;
}

/// Passwords leave the document.
void passwordsApart(json& document, Secrets& secrets) {
    const auto cameras = document.find("cameras");
    if (cameras == document.end() || !cameras->is_array()) return;
    for (json& camera : *cameras) {
        if (!camera.is_object()) continue;
        const auto id = camera.find("id");
        const auto password = camera.find("password");
        if (password == camera.end() || !fits(*password)) continue;
        if (id != camera.end() && id->is_string()) secrets[passwordName(id->get<std::string>())] = *password;
        camera.erase(password);
    }
}

using Step = void (*)(json& document, Secrets& secrets);
/// Step i makes version i + 1 into version i + 2.
constexpr std::array<Step, kDocumentVersion - 1> kSteps{passwordsApart};

}  // namespace

int migrate(json& document, Secrets& secrets, std::vector<Fault>& faults) {
    const json version = document.value("version", json(1));
    const bool known = version.is_number_integer() && version >= 1 && version <= kDocumentVersion;
    if (!known) {
        faults.push_back({"/version", "a whole number from 1 to " + std::to_string(kDocumentVersion),
                          version.is_number() ? version.dump() : "something else",
                          version.is_number() ? "a newer firmware reads newer documents" : ""});
        document["version"] = kDocumentVersion;
        return kDocumentVersion;
    }
    const int from = version.get<int>();
    for (auto step = static_cast<std::size_t>(from - 1); step < kSteps.size(); ++step)
        kSteps[step](document, secrets);
    document["version"] = kDocumentVersion;
    return from;
}

}  // namespace camgate::config
