// Rows as the tests of the outbox put them, and the short way to what it holds.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "outbox/outbox.hpp"
#include "support/base/temp_directory.hpp"

namespace camgate::test {

inline outbox::Row row(const std::string& id, outbox::Priority priority = outbox::Priority::Event,
                       const std::string& camera = "gate", std::size_t payload_bytes = 10) {
    outbox::Row made;
    made.id = id;
    made.priority = priority;
    made.topic = "event/" + camera;
    made.payload = Bytes(payload_bytes, 'x');
    made.camera = camera;
    made.created = WallTime(std::chrono::seconds(1000));
    return made;
}

inline outbox::Changes withRow(outbox::Row made) {
    outbox::Changes changes;
    changes.rows.push_back(std::move(made));
    return changes;
}

inline std::unique_ptr<outbox::Outbox> opened(const TempDirectory& directory,
                                              const outbox::OutboxLimits& limits = {}) {
    return outbox::Outbox::open(directory.path(), limits).value();
}

inline std::vector<std::string> ids(outbox::Outbox& outbox, outbox::Priority priority) {
    std::vector<std::string> found;
    const auto page = outbox.page(priority, 0, 100, 1U << 20U).value();
    for (const auto& each : page.rows) found.push_back(each.id);
    return found;
}

}  // namespace camgate::test
