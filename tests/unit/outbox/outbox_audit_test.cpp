// The audit chain in the database: numbers without holes, whatever fails between them.
#include <catch2/catch.hpp>

#include "support/base/temp_directory.hpp"
#include "support/outbox/rows.hpp"

using namespace camgate;
using namespace camgate::outbox;

namespace {

AuditLink link(const std::string& what) {
    return [what](const AuditHead& before) {
        ChainedAudit made;
        made.document = what + " after " + before.hash;
        made.hash = "h" + std::to_string(before.number + 1);
        made.row = test::row("audit-" + what, Priority::Reply);
        return made;
    };
}

Changes audits(std::vector<AuditLink> links) {
    Changes changes;
    changes.audits = std::move(links);
    return changes;
}

}  // namespace

TEST_CASE("outbox: audit entries are numbered in one chain, also over a restart", "[outbox]") {
    test::TempDirectory directory;
    {
        auto outbox = Outbox::open(directory.path()).value();
        CHECK(outbox->auditHead().value().number == 0);
        const auto applied = outbox->apply(audits({link("a"), link("b")})).value();
        REQUIRE(applied.audit_rows.size() == 2);
        CHECK(applied.audit_rows[0].position > 0);
    }
    auto outbox = Outbox::open(directory.path()).value();
    REQUIRE(outbox->apply(audits({link("c")})).has_value());
    const auto kept = outbox->audits(0, 10).value();
    REQUIRE(kept.size() == 3);
    CHECK(kept[0].document == "c after h2");
    CHECK(kept[2].document == "a after ");
    CHECK(outbox->audits(3, 1).value()[0].number == 2);
    CHECK(outbox->page(Priority::Reply, 0, 10, 1U << 20U).value().rows.size() == 3);
}

TEST_CASE("outbox: the oldest audit entries go when there are too many", "[outbox]") {
    test::TempDirectory directory;
    OutboxLimits limits;
    limits.audits = 3;
    auto outbox = Outbox::open(directory.path(), limits).value();
    for (const char* what : {"a", "b", "c", "d", "e"})
        REQUIRE(outbox->apply(audits({link(what)})).has_value());
    const auto kept = outbox->audits(0, 10).value();
    REQUIRE(kept.size() == 3);
    CHECK(kept[2].number == 3);
    CHECK(outbox->auditHead().value().number == 5);
}
