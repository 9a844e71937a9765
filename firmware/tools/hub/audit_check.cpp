#include "tools/hub/audit_check.hpp"

namespace camgate::hub {
namespace {

std::string numbers(std::uint64_t from, std::uint64_t to) {
    const std::string first = std::to_string(from);
    return from == to ? "entry " + first : "entries " + first + " to " + std::to_string(to);
}

}  // namespace

void AuditCheck::addEntry(const std::string& gateway, const std::string& canonical_text) {
    Said& said = said_[gateway];
    auto entry = evidence::parseAuditEntry(canonical_text);
    if (!entry) {
        said.faults.push_back("an entry that is none: " + entry.error().context);
        return;
    }
    const std::uint64_t number = entry->number;
    const crypto::Digest hash = evidence::auditHash(canonical_text);
    const auto [kept, fresh] = said.entries.try_emplace(number, Kept{std::move(*entry), hash});
    if (!fresh && kept->second.hash != hash)
        said.faults.push_back(numbers(number, number) + " was said in two ways: another chain began there");
}

void AuditCheck::addHead(const std::string& gateway, const evidence::AuditHead& head) {
    Said& said = said_[gateway];
    const auto [kept, fresh] = said.heads.try_emplace(head.number, head.hash);
    if (!fresh && kept->second != head.hash)
        said.faults.push_back("two checkpoints sign " + numbers(head.number, head.number) + " in two ways");
}

std::map<std::string, AuditCheck::Chain> AuditCheck::chains() const {
    std::map<std::string, Chain> all;
    for (const auto& [gateway, said] : said_) {
        Chain& chain = all[gateway];
        chain.faults = said.faults;
        const Kept* before = nullptr;
        for (const auto& [number, kept] : said.entries) {
            const std::uint64_t expected = before == nullptr ? 1 : before->entry.number + 1;
            if (number != expected) {
                chain.faults.push_back(numbers(expected, number - 1) + " missing");
            } else if (before != nullptr && kept.entry.previous != before->hash) {
                chain.faults.push_back(numbers(number, number) + " does not follow the one before");
            }
            chain.entries.emplace(number, kept.entry);
            before = &kept;
        }
        for (const auto& [number, hash] : said.heads) {
            chain.signed_to = number;
            const auto named = said.entries.find(number);
            if (named != said.entries.end() && named->second.hash != hash)
                chain.faults.push_back("a checkpoint signs another " + numbers(number, number));
        }
        const std::uint64_t newest = before == nullptr ? 0 : before->entry.number;
        if (chain.signed_to > newest)
            chain.faults.push_back(numbers(newest + 1, chain.signed_to) + " missing, though signed for");
    }
    return all;
}

}  // namespace camgate::hub
