// Rows out of the JSON of messages. Loop thread only.
#pragma once

#include <string>
#include <string_view>

#include "outbox/row.hpp"
#include "uplink/messages.hpp"
#include "uplink/new_id.hpp"
#include "uplink/topics.hpp"

namespace camgate::uplink {

inline outbox::Row makeRow(outbox::Priority priority, std::string topic, std::string_view json,
                           WallTime now) {
    outbox::Row row;
    row.id = newId();
    row.priority = priority;
    row.topic = std::move(topic);
    row.payload = payloadOf(withId(row.id, json));
    row.created = now;
    return row;
}

inline outbox::Row replyRow(std::string_view json, ByteView correlation, WallTime now) {
    auto row = makeRow(outbox::Priority::Reply, topicSuffix(Topic::Reply), json, now);
    row.correlation.assign(correlation.begin(), correlation.end());
    return row;
}

}  // namespace camgate::uplink
