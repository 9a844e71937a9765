#include "config/secrets.hpp"

namespace camgate::config {

std::string passwordName(std::string_view camera) {
    return "cameras/" + std::string(camera) + "/password";
}

std::vector<std::string> secretNames(const Configuration& configuration) {
    std::vector<std::string> names;
    for (const auto& camera : configuration.cameras) names.push_back(passwordName(camera.id));
    return names;
}

void applySecrets(const Secrets& secrets, Configuration& configuration) {
    for (auto& camera : configuration.cameras) {
        const auto found = secrets.find(passwordName(camera.id));
        if (found != secrets.end()) camera.password = found->second;
    }
}

}  // namespace camgate::config
