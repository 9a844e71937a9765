#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "app/audit_view.hpp"
#include "evidence/audit_entry.hpp"

using namespace camgate;
using Json = nlohmann::json;

namespace {

std::vector<outbox::KeptAudit> chain(std::uint64_t length) {
    std::vector<outbox::KeptAudit> kept;
    for (std::uint64_t number = 1; number <= length; ++number) {
        evidence::AuditEntry entry;
        entry.number = number;
        if (number > 1) entry.previous = evidence::auditHash(kept.front().document);
        entry.actor = "console";
        entry.action = "clip.export";
        entry.outcome = "given";
        const std::string text = canonicalText(entry);
        kept.insert(kept.begin(), {number, toHex(evidence::auditHash(text)), text});
    }
    return kept;
}

}  // namespace

TEST_CASE("audit view: a whole chain is shown newest first, and holds", "[app]") {
    const Json shown = Json::parse(app::auditJson(chain(3)));
    CHECK(shown["entries"][0]["number"] == 3);
    CHECK(shown["entries"].size() == 3);
    CHECK(shown["broken"].empty());
    CHECK(Json::parse(app::auditJson({}))["entries"].empty());
}

TEST_CASE("audit view: what was changed, left out or cannot be read is named", "[app][hostile]") {
    auto changed = chain(3);
    changed[1].document.replace(changed[1].document.find("given"), 5, "taken");
    CHECK(Json::parse(app::auditJson(changed))["broken"] == Json{2});
    auto rehashed = changed;
    rehashed[1].hash = toHex(evidence::auditHash(rehashed[1].document));
    CHECK(Json::parse(app::auditJson(rehashed))["broken"] == Json{3});
    auto left_out = chain(3);
    left_out.erase(left_out.begin() + 1);
    CHECK(Json::parse(app::auditJson(left_out))["broken"] == Json{3});
    auto garbage = chain(2);
    garbage[0].document = "garbage";
    CHECK(Json::parse(app::auditJson(garbage))["broken"] == Json{2});
}

TEST_CASE("audit view: an answer is bounded", "[app]") {
    CHECK(app::auditJson(chain(500)).size() < 64 << 10);
}
