// Documents of older layouts made into today's, a step per version. Any thread. Implements
// docs/ref/config.md (Versions).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "config/fault.hpp"
#include "config/secrets.hpp"

namespace camgate::config {

/// `document` is an object. Afterwards it is of kDocumentVersion, or there is a fault at /version. What
/// leaves the document goes to `secrets`. Gives the version that it came with.
int migrate(nlohmann::json& document, Secrets& secrets, std::vector<Fault>& faults);

}  // namespace camgate::config
