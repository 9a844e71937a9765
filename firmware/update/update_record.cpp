#include "update/update_record.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"

namespace camgate::update {
namespace {

using nlohmann::json;

template <class T>
struct Name {
    T value;
    std::string_view text;
};

constexpr std::array kPhases{
    Name<Phase>{Phase::None, "none"},           Name<Phase>{Phase::Downloading, "downloading"},
    Name<Phase>{Phase::Verifying, "verifying"}, Name<Phase>{Phase::Installing, "installing"},
    Name<Phase>{Phase::Rebooting, "rebooting"}, Name<Phase>{Phase::Trial, "trial"},
    Name<Phase>{Phase::Committed, "committed"}, Name<Phase>{Phase::RolledBack, "rolled-back"},
    Name<Phase>{Phase::Failed, "failed"},
};
constexpr std::array kSources{
    Name<Source>{Source::Console, "console"},
    Name<Source>{Source::Url, "url"},
    Name<Source>{Source::Hub, "hub"},
};
constexpr std::array kSlots{Name<Slot>{Slot::A, "A"}, Name<Slot>{Slot::B, "B"}};

template <class Table>
std::string_view nameIn(const Table& table, decltype(table[0].value) value) {
    return std::ranges::find(table, value, [](const auto& row) { return row.value; })->text;
}

/// Takes what it reads out of the object: what is left is another firmware's.
class Fields {
  public:
    explicit Fields(json& object) : object_(object) {}

    template <class T>
    void take(const char* name, T& into) {
        object_.at(name).get_to(into);
        object_.erase(name);
    }
    template <class Table, class T>
    void takeNamed(const Table& table, const char* name, T& into) {
        std::string text;
        take(name, text);
        const auto row =
            std::ranges::find(table, std::string_view(text), [](const auto& each) { return each.text; });
        if (row == table.end()) throw std::invalid_argument(std::string(name) + " is " + text);
        into = row->value;
    }
    void takeTime(const char* name, WallTime& into) {
        std::string text;
        take(name, text);
        const auto time = parseWallTime(text);
        if (!time) throw std::invalid_argument(std::string(name) + " is no time");
        into = *time;
    }

  private:
    json& object_;
};

json print(const Order& order) {
    json out{{"id", order.id},
             {"version", order.version},
             {"sha256", order.sha256},
             {"bytes", order.bytes},
             {"source", toString(order.source)},
             {"url", order.url},
             {"allow_downgrade", order.allow_downgrade},
             {"who", order.who}};
    if (order.not_before) out["not_before"] = formatWallTime(*order.not_before);
    return out;
}

Order readOrder(json value) {
    Order order;
    Fields in(value);
    in.take("id", order.id);
    in.take("version", order.version);
    in.take("sha256", order.sha256);
    in.take("bytes", order.bytes);
    in.takeNamed(kSources, "source", order.source);
    in.take("url", order.url);
    in.take("allow_downgrade", order.allow_downgrade);
    in.take("who", order.who);
    if (value.contains("not_before")) in.takeTime("not_before", order.not_before.emplace());
    return order;
}

UpdateRecord readRecord(json value) {
    UpdateRecord record;
    Fields in(value);
    in.takeNamed(kPhases, "phase", record.phase);
    json order, demands;
    in.take("order", order);
    record.order = readOrder(std::move(order));
    in.takeNamed(kSlots, "from", record.from);
    in.takeNamed(kSlots, "target", record.target);
    in.take("from_version", record.from_version);
    in.take("attempts", record.attempts);
    in.take("verified", record.verified);
    in.takeTime("since", record.since);
    in.take("reason", record.reason);
    in.take("detail", record.detail);
    in.take("demands", demands);
    Fields wanted(demands);
    wanted.take("link", record.demands.link);
    wanted.take("card", record.demands.card);
    wanted.take("cameras", record.demands.cameras);
    record.unknown_json = value.dump();
    return record;
}

}  // namespace

std::string_view toString(Phase phase) {
    return nameIn(kPhases, phase);
}

std::string_view toString(Source source) {
    return nameIn(kSources, source);
}

bool underWay(Phase phase) {
    return phase >= Phase::Downloading && phase <= Phase::Trial;
}

std::string recordJson(const UpdateRecord& record) {
    json out = json::parse(record.unknown_json, nullptr, false);
    if (!out.is_object()) out = json::object();
    out["phase"] = toString(record.phase);
    out["order"] = print(record.order);
    out["from"] = nameOf(record.from);
    out["target"] = nameOf(record.target);
    out["from_version"] = record.from_version;
    out["attempts"] = record.attempts;
    out["verified"] = record.verified;
    out["since"] = formatWallTime(record.since);
    out["reason"] = record.reason;
    out["detail"] = record.detail;
    out["demands"] = {
        {"link", record.demands.link}, {"card", record.demands.card}, {"cameras", record.demands.cameras}};
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<UpdateRecord> parseRecord(const std::string& text) {
    try {
        return readRecord(json::parse(text));
    } catch (const std::exception& error) {
        return fail(ErrorKind::Corruption, std::string("not the record of an update: ") + error.what());
    }
}

}  // namespace camgate::update
