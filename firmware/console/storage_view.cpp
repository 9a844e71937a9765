#include "console/storage_view.hpp"

#include <nlohmann/json.hpp>

#include "console/json_text.hpp"
#include "console/language.hpp"
#include "console/table_text.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

constexpr double kHoursPerDay = 24;

std::string kept(const json& hours) {
    if (!hours.is_number()) return "-";
    const auto value = hours.get<double>();
    return value < 2 * kHoursPerDay ? fixedText(value, 1) + " h"
                                    : fixedText(value / kHoursPerDay, 1) + " " + tr("days");
}

std::string retentionTable(const json& storage) {
    std::vector<Row> rows{{tr("CAMERA"), tr("STREAM"), tr("KEPT"), tr("FROM"), tr("TO")}};
    for (const json& each : fieldOf(storage, "retention")) {
        rows.push_back({textOf(fieldOf(each, "camera")), textOf(fieldOf(each, "stream")),
                        kept(fieldOf(each, "hours")), timeOf(fieldOf(each, "from")),
                        timeOf(fieldOf(each, "to"))});
    }
    return listText(rows);
}

std::string writeTimesTable(const json& storage) {
    const json& times = fieldOf(storage, "write_times");
    std::vector<Row> rows{{tr("WRITES UP TO"), tr("ROUNDS")}};
    for (const json& bucket : fieldOf(times, "histogram")) {
        const json& bound = fieldOf(bucket, "up_to_ms");
        rows.push_back(
            {bound.is_number() ? textOf(bound) + " ms" : tr("longer"), textOf(fieldOf(bucket, "rounds"))});
    }
    return tableText(rows) + tr("longest") + " " + numberOf(fieldOf(times, "longest_ms"), 0, " ms") + "\n";
}

std::string life(const json& storage) {
    const json& life = fieldOf(storage, "life");
    std::string out = numberOf(fieldOf(life, "days"), 0, (" " + tr("days at this rate")).c_str());
    if (!fieldOf(life, "rated_tbw_tb").is_null())
        out += ", " + tr("rated for") + " " + textOf(fieldOf(life, "rated_tbw_tb")) + " TB";
    if (!fieldOf(life, "emmc_used_percent").is_null()) {
        out += ", " + tr("used by its own account, at most") + " " +
               textOf(fieldOf(life, "emmc_used_percent")) + " %";
    }
    return out;
}

std::string stallCover(const json& storage) {
    const json& cover = fieldOf(fieldOf(storage, "media_pool"), "stall_cover_s");
    if (!cover.is_number()) return tr("not measured yet");
    return numberOf(cover, 0, " s ") + tr("without a write before footage is lost");
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
        {tr("state"), stateOf(storage)},
        {tr("ring"), textOf(fieldOf(storage, "path")) + ", " + sizeOf(fieldOf(storage, "ring_bytes"))},
        {tr("sealed"), textOf(fieldOf(storage, "sealed"))},
        {tr("written"), sizeOf(fieldOf(writes, "bytes_ever")) + " " + tr("ever") + ", " +
                            numberOf(fieldOf(writes, "bytes_per_s"), 0, " B/s") + " " + tr("over") + " " +
                            numberOf(fieldOf(writes, "measured_s"), 0, " s") + ", " +
                            textOf(fieldOf(writes, "failed")) + " " + tr("failed")},
        {tr("stall cover"), stallCover(storage)},
        {tr("card's life"), life(storage)},
    };
    return tableText(rows) + "\n" + retentionTable(storage) + "\n" + writeTimesTable(storage);
}

std::string whatIsLost(const std::string& storage_status) {
    const json storage = parsedObject(storage_status);
    std::string footage;
    for (const json& each : fieldOf(storage, "retention")) {
        footage += (footage.empty() ? "" : "; ") + textOf(fieldOf(each, "camera")) + " " +
                   textOf(fieldOf(each, "stream")) + " " + tr("since") + " " + timeOf(fieldOf(each, "from"));
    }
    const std::string path = textOf(fieldOf(storage, "path"));
    if (footage.empty()) return tr("This erases whatever lies at") + " " + path + ".";
    return tr("This erases all footage in") + " " + path + ": " + footage + ".";
}

std::string whatIsErased(const std::string& camera, const std::string& from, const std::string& to) {
    const std::string days = from.empty() && to.empty()
                                 ? tr("all days")
                                 : tr("whole days in UTC from") + " " +
                                       (from.empty() ? tr("the oldest") : from) + " " + tr("to") + " " +
                                       (to.empty() ? tr("today") : to);
    return tr("This erases footage for good, also what a clip still needs:") + " " + camera + ", " + days +
           ".";
}

std::string renderErased(const std::string& result) {
    return textOf(fieldOf(parsedObject(result), "keys")) + " " +
           tr("keys destroyed: days of the camera, one key each") + "\n";
}

std::string renderReset(const std::string&) {
    return tr("all keys destroyed: what was recorded can be read by nobody any more") + "\n";
}

std::string renderFormat(const std::string& job) {
    const json result = fieldOf(parsedObject(job), "result");
    const json& rate = fieldOf(result, "bytes_per_s");
    return tr("formatted; the card takes") + " " +
           (rate.is_number() ? sizeOf(rate.get<double>()) + "/s" : "-") + ", " +
           tr("its longest write of 4 MiB took") + " " + numberOf(fieldOf(result, "longest_ms"), 0, " ms") +
           ", " + textOf(fieldOf(result, "stalls")) + " " + tr("stalls over 2 s in") + " " +
           sizeOf(fieldOf(result, "measured_bytes")) + "\n";
}

std::string renderCheck(const std::string& job) {
    const json result = fieldOf(parsedObject(job), "result");
    std::string out = textOf(fieldOf(result, "records")) + " " + tr("records") + ", " +
                      sizeOf(fieldOf(result, "bytes")) + ": " + tr("damaged") + " " +
                      textOf(fieldOf(result, "damaged_records")) + "\n";
    if (!foundDamage(job)) return out;
    std::vector<Row> rows{{tr("CAMERA"), tr("STREAM"), tr("FROM"), tr("TO"), tr("RECORDS"), tr("WHAT")}};
    for (const json& damage : fieldOf(result, "damages")) {
        rows.push_back({textOf(fieldOf(damage, "camera")), textOf(fieldOf(damage, "stream")),
                        timeOf(fieldOf(damage, "from")), timeOf(fieldOf(damage, "to")),
                        textOf(fieldOf(damage, "records")), textOf(fieldOf(damage, "what"))});
    }
    return out + listText(rows);
}

bool foundDamage(const std::string& job) {
    const json result = fieldOf(parsedObject(job), "result");
    const json& damaged = fieldOf(result, "damaged_records");
    return damaged.is_number_unsigned() && damaged.get<std::uint64_t>() > 0;
}

}  // namespace camgate::console
