#include "console/storage_view.hpp"

#include <nlohmann/json.hpp>

#include "console/json_text.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

constexpr double kHoursPerDay = 24;

std::string kept(const json& hours) {
    if (!hours.is_number()) return "-";
    const auto value = hours.get<double>();
    return value < 2 * kHoursPerDay ? fixedText(value, 1) + " h"
                                    : fixedText(value / kHoursPerDay, 1) + " days";
}

std::string retentionTable(const json& storage) {
    std::vector<Row> rows{{"CAMERA", "STREAM", "KEPT", "FROM", "TO"}};
    for (const json& each : fieldOf(storage, "retention")) {
        rows.push_back({textOf(fieldOf(each, "camera")), textOf(fieldOf(each, "stream")),
                        kept(fieldOf(each, "hours")), timeOf(fieldOf(each, "from")),
                        timeOf(fieldOf(each, "to"))});
    }
    return tableText(rows);
}

std::string writeTimesTable(const json& storage) {
    const json& times = fieldOf(storage, "write_times");
    std::vector<Row> rows{{"WRITES UP TO", "ROUNDS"}};
    for (const json& bucket : fieldOf(times, "histogram")) {
        const json& bound = fieldOf(bucket, "up_to_ms");
        rows.push_back(
            {bound.is_number() ? textOf(bound) + " ms" : "longer", textOf(fieldOf(bucket, "rounds"))});
    }
    return tableText(rows) + "longest " + numberOf(fieldOf(times, "longest_ms"), 0, " ms") + "\n";
}

std::string life(const json& storage) {
    const json& life = fieldOf(storage, "life");
    std::string out = numberOf(fieldOf(life, "days"), 0, " days at this rate");
    if (!fieldOf(life, "rated_tbw_tb").is_null())
        out += ", rated for " + textOf(fieldOf(life, "rated_tbw_tb")) + " TB";
    if (!fieldOf(life, "emmc_used_percent").is_null()) {
        out += ", by itself at most " + textOf(fieldOf(life, "emmc_used_percent")) + " % used";
    }
    return out;
}

std::string stallCover(const json& storage) {
    const json& cover = fieldOf(fieldOf(storage, "media_pool"), "stall_cover_s");
    if (!cover.is_number()) return "not measured yet";
    return numberOf(cover, 0, " s without a write before footage is lost");
}

std::string stateOf(const json& storage) {
    const std::string detail = textOf(fieldOf(storage, "detail"));
    const bool has_detail = !detail.empty() && detail != "-";
    return textOf(fieldOf(storage, "state")) + (has_detail ? " (" + detail + ")" : "");
}

}  // namespace

std::string renderStorage(const std::string& result) {
    const json storage = parsedObject(result);
    const json& writes = fieldOf(storage, "writes");
    const std::vector<Row> rows{
        {"state", stateOf(storage)},
        {"ring", textOf(fieldOf(storage, "path")) + ", " + sizeOf(fieldOf(storage, "ring_bytes"))},
        {"sealed", textOf(fieldOf(storage, "sealed"))},
        {"written", sizeOf(fieldOf(writes, "bytes_ever")) + " ever, " +
                        numberOf(fieldOf(writes, "bytes_per_s"), 0, " B/s") + " over " +
                        numberOf(fieldOf(writes, "measured_s"), 0, " s") + ", " +
                        textOf(fieldOf(writes, "failed")) + " failed"},
        {"stall cover", stallCover(storage)},
        {"card's life", life(storage)},
    };
    return tableText(rows) + "\n" + retentionTable(storage) + "\n" + writeTimesTable(storage);
}

std::string whatIsLost(const std::string& storage_status) {
    const json storage = parsedObject(storage_status);
    std::string footage;
    for (const json& each : fieldOf(storage, "retention")) {
        footage += (footage.empty() ? "" : "; ") + textOf(fieldOf(each, "camera")) + " " +
                   textOf(fieldOf(each, "stream")) + " since " + timeOf(fieldOf(each, "from"));
    }
    const std::string path = textOf(fieldOf(storage, "path"));
    if (footage.empty()) return "This erases whatever lies at " + path + ".";
    return "This erases all footage in " + path + ": " + footage + ".";
}

std::string whatIsErased(const std::string& camera, const std::string& from, const std::string& to) {
    const std::string days = from.empty() && to.empty()
                                 ? "all days"
                                 : "whole days in UTC from " + (from.empty() ? "the oldest" : from) + " to " +
                                       (to.empty() ? "today" : to);
    return "This erases footage of camera " + camera + " for good: " + days +
           ", also what a clip still needs.";
}

std::string renderErased(const std::string& result) {
    return textOf(fieldOf(parsedObject(result), "keys")) +
           " keys destroyed: days of the camera, one key each\n";
}

std::string renderReset(const std::string&) {
    return "all keys destroyed: what was recorded can be read by nobody any more\n";
}

std::string renderFormat(const std::string& job) {
    const json result = fieldOf(parsedObject(job), "result");
    const json& rate = fieldOf(result, "bytes_per_s");
    return "formatted; the card takes " + (rate.is_number() ? sizeOf(rate.get<double>()) + "/s" : "-") +
           ", its longest write of 4 MiB took " + numberOf(fieldOf(result, "longest_ms"), 0, " ms") + ", " +
           textOf(fieldOf(result, "stalls")) + " stalls over 2 s in " +
           sizeOf(fieldOf(result, "measured_bytes")) + "\n";
}

std::string renderCheck(const std::string& job) {
    const json result = fieldOf(parsedObject(job), "result");
    std::string out = textOf(fieldOf(result, "records")) + " records, " + sizeOf(fieldOf(result, "bytes")) +
                      ": " + textOf(fieldOf(result, "damaged_records")) + " damaged\n";
    if (!foundDamage(job)) return out;
    std::vector<Row> rows{{"CAMERA", "STREAM", "FROM", "TO", "RECORDS", "WHAT"}};
    for (const json& damage : fieldOf(result, "damages")) {
        rows.push_back({textOf(fieldOf(damage, "camera")), textOf(fieldOf(damage, "stream")),
                        timeOf(fieldOf(damage, "from")), timeOf(fieldOf(damage, "to")),
                        textOf(fieldOf(damage, "records")), textOf(fieldOf(damage, "what"))});
    }
    return out + tableText(rows);
}

bool foundDamage(const std::string& job) {
    const json result = fieldOf(parsedObject(job), "result");
    const json& damaged = fieldOf(result, "damaged_records");
    return damaged.is_number_unsigned() && damaged.get<std::uint64_t>() > 0;
}

}  // namespace camgate::console
