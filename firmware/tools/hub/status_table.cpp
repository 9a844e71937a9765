#include "tools/hub/status_table.hpp"

#include <algorithm>
#include <array>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "tools/hub/fields.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

/// Retained messages follow the subscription at once: after this long without one there is none left.
constexpr std::chrono::milliseconds kQuiet{700};
constexpr std::array<std::size_t, 5> kWidths{14, 8, 12, 14, 0};

std::string printable(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    return text;
}

std::string row(const std::array<std::string, 5>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        std::string cell = printable(cells[i]);
        if (cell.size() < kWidths[i]) cell.resize(kWidths[i], ' ');
        line += cell + ' ';
    }
    while (line.ends_with(' ')) line.pop_back();
    return line + '\n';
}

std::string rowsOf(const std::string& gateway, const json& status) {
    if (!boolField(status, "online").value_or(false)) return row({gateway, "gone", "", "", ""});
    const json& storage = objectField(status, "storage");
    std::string text =
        row({gateway, "online", "storage", textField(storage, "state"), textField(storage, "detail")});
    const auto cameras = status.find("cameras");
    if (cameras == status.end() || !cameras->is_array()) return text;
    for (const json& camera : *cameras) {
        text +=
            row({"", "", textField(camera, "id"), textField(camera, "state"), textField(camera, "detail")});
    }
    return text;
}

}  // namespace

std::string statusTable(const std::map<std::string, json>& statuses) {
    std::string text = row({"GATEWAY", "LINK", "PART", "STATE", "DETAIL"});
    for (const auto& [gateway, status] : statuses) text += rowsOf(gateway, status);
    return text;
}

int showStatus(const BrokerSettings& broker, const std::string& gateway, bool as_json) {
    BrokerSettings mine = broker;
    mine.client_id += "-status-" + std::to_string(SystemClock().bootNow().time_since_epoch().count());
    auto connection = Connection::open(mine, {downTopic(gateway.empty() ? "+" : gateway, "status")});
    if (!connection) return std::cerr << "camgate-hub: " << connection.error().describe() << '\n', 1;
    std::map<std::string, json> statuses;
    while (const auto arrived = (*connection)->next(kQuiet)) {
        const auto address = parseUpTopic(arrived->topic);
        auto status = parseDocument(arrived->payload);
        if (address && status) statuses[address->gateway] = std::move(*status);
    }
    if (as_json)
        std::cout << json(statuses).dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    else
        std::cout << statusTable(statuses);
    return statuses.empty() ? 1 : 0;
}

}  // namespace camgate::hub
