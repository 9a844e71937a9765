// Secrets of the configuration, which live apart from its document: each has a name that stays when others
// are added, for example "cameras/gate/password". Any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/configuration.hpp"

namespace camgate::config {

using Secrets = std::map<std::string, std::string, std::less<>>;  ///< by name

constexpr std::size_t kMostSecret_bytes = 100;

/// Of a camera's RTSP password.
std::string passwordName(std::string_view camera);

/// The names that this configuration has a place for.
std::vector<std::string> secretNames(const Configuration& configuration);

/// Puts what is there in its place; names without a place are passed over.
void applySecrets(const Secrets& secrets, Configuration& configuration);

}  // namespace camgate::config
