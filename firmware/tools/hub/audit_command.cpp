#include "tools/hub/audit_command.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "evidence/checkpoint.hpp"
#include "tools/hub/audit_check.hpp"
#include "tools/hub/commands.hpp"
#include "tools/hub/database.hpp"
#include "tools/hub/fields.hpp"

namespace camgate::hub {
namespace {

using nlohmann::json;

Status gather(const std::string& directory, AuditCheck& check) {
    auto database = HubDatabase::open(directory + "/hub.db");
    if (!database) return std::unexpected(database.error());
    const auto entries = (*database)->documents(RowKind::Audit);
    if (!entries) return std::unexpected(entries.error());
    for (const std::string& text : *entries) {
        const json document = json::parse(text, nullptr, false);
        check.addEntry(textField(document, "gateway"), textField(document, "entry"));
    }
    const auto checkpoints = (*database)->checkpoints();
    if (!checkpoints) return std::unexpected(checkpoints.error());
    for (const std::string& text : *checkpoints) {
        const json document = json::parse(text, nullptr, false);
        const auto checkpoint = evidence::readSignedCheckpoint(toLine(objectField(document, "signed")));
        if (checkpoint && checkpoint->audit) check.addHead(checkpoint->gateway, *checkpoint->audit);
    }
    return {};
}

void show(const std::string& gateway, const AuditCheck::Chain& chain) {
    for (const auto& [number, entry] : chain.entries) {
        std::cout << gateway << "  " << number << "  " << formatWallTime(entry.at) << "  " << entry.actor
                  << "  " << entry.action << "  " << entry.outcome << "  " << entry.detail_json << '\n';
    }
    for (const std::string& fault : chain.faults) std::cout << gateway << "  NOT WHOLE: " << fault << '\n';
    if (!chain.faults.empty()) return;
    std::cout << gateway << "  the chain holds, signed up to " << chain.signed_to << '\n';
}

}  // namespace

int showAudit(const std::vector<std::string>& directories, const std::string& gateway) {
    AuditCheck check;
    for (const std::string& directory : directories) {
        if (auto gathered = gather(directory, check); !gathered) return complain(gathered.error());
    }
    bool all_hold = true;
    for (const auto& [name, chain] : check.chains()) {
        if (!gateway.empty() && name != gateway) continue;
        show(name, chain);
        all_hold = all_hold && chain.faults.empty();
    }
    return all_hold ? 0 : 1;
}

}  // namespace camgate::hub
