// The configuration's document to its struct, and back. Nothing is applied unless every part of it holds. Any
// thread. Implements docs/ref/config.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/board.hpp"
#include "config/configuration.hpp"
#include "config/fault.hpp"
#include "config/secrets.hpp"

namespace camgate::config {

struct Loaded {
    Configuration configuration;
    int version = kDocumentVersion;  ///< that the document came with
    Secrets secrets;                 ///< that a document of version 1 brought along
    std::vector<Fault> faults;       ///< empty: configuration holds
};

/// Encoding, syntax, version, types, ranges, unknown keys, and the rules that join fields (rules.hpp) with
/// the board's limits.
Loaded loadConfiguration(std::string_view text, const Board& board);

/// As JSON text, every field, secrets left out.
std::string printConfiguration(const Configuration& configuration);
/// The same without what is as it would be anyway: how documents are kept.
std::string printSparse(const Configuration& configuration);

}  // namespace camgate::config
