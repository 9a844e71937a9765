// Whether what gateways said of their audit chains holds: every entry follows the one before, none is
// missing, and the signed checkpoints name the same. Pure, any thread. Implements docs/ref/hub.md (audit).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "evidence/audit_entry.hpp"

namespace camgate::hub {

class AuditCheck {
  public:
    /// A message of a gateway's audit as it came.
    void addEntry(const std::string& gateway, const std::string& canonical_text);
    /// Of a checkpoint that was verified.
    void addHead(const std::string& gateway, const evidence::AuditHead& head);

    struct Chain {
        std::map<std::uint64_t, evidence::AuditEntry> entries;
        std::uint64_t signed_to = 0;      ///< the newest that a checkpoint names; 0: none yet
        std::vector<std::string> faults;  ///< in words; empty: it holds
    };
    /// By gateway.
    std::map<std::string, Chain> chains() const;

  private:
    struct Kept {
        evidence::AuditEntry entry;
        crypto::Digest hash;
    };
    struct Said {
        std::map<std::uint64_t, Kept> entries;
        std::map<std::uint64_t, crypto::Digest> heads;
        std::vector<std::string> faults;
    };
    std::map<std::string, Said> said_;
};

}  // namespace camgate::hub
