#include "console/advice.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "console/json_text.hpp"
#include "console/language.hpp"

namespace camgate::console {
namespace {

using nlohmann::json;

struct AdviceRow {
    std::string_view part;
    std::string_view state;
    const char* advice;
};

constexpr std::array kAdvice{
    AdviceRow{"camera", "no-link",
              L("Is the camera powered and its cable in? Has its address changed? See cameras discover.")},
    AdviceRow{"camera", "auth-failed",
              L("User or password is wrong: config set cameras/ID/user, secret set cameras/ID/password.")},
    AdviceRow{"camera", "no-frames",
              L("It answers but sends no picture: switch it off and on, check the stream's address.")},
    AdviceRow{"camera", "no-keyframes", L("Set the camera's I-frame interval to 1 to 4 seconds.")},
    AdviceRow{"camera", "unsupported", L("Set the camera's stream to H.264 or H.265.")},
    AdviceRow{"camera", "connecting", L("If it stays so for a minute: is the camera switched on?")},
    AdviceRow{"camera", "frozen", L("The picture stands still: switch the camera off and on.")},
    AdviceRow{"camera", "black", L("The picture is black: lens cap, night lighting, a broken camera?")},
    AdviceRow{"camera", "covered", L("Something hangs in front of the lens: look at it.")},
    AdviceRow{"camera", "moved", L("The camera was turned: turn it back, or draw its zones anew.")},
    AdviceRow{"camera", "blurred", L("Clean the lens, check its focus.")},
    AdviceRow{"camera", "overexposed", L("Light shines into the lens: turn the camera or shade it.")},
    AdviceRow{"hub", "no-credentials",
              L("Certificates of this gateway are missing or of no use: hub enrol.")},
    AdviceRow{"hub", "unreachable", L("See network test: cable, router, name and port of the hub.")},
    AdviceRow{"hub", "tls-failed",
              L("Clock wrong, or the hub's certificate is another one: see time, tell the commune.")},
    AdviceRow{"hub", "refused", L("The hub does not know this gateway: tell the commune its id.")},
    AdviceRow{"hub", "lost", L("The line broke; it is tried again. If it stays: network test.")},
    AdviceRow{"hub", "ack-overdue", L("The hub takes messages but does not confirm them: tell the commune.")},
    AdviceRow{"card", "missing", L("Put the card in; another one: storage format.")},
    AdviceRow{"card", "read-only", L("The card refuses to be written: replace it, then storage format.")},
    AdviceRow{"card", "full",
              L("Something else fills the card, or the ring is larger than it: config show storage.")},
    AdviceRow{"card", "card-stalled", L("The card takes too long. If it comes back often: replace it.")},
    AdviceRow{"card", "error",
              L("See storage status and storage check; if it stays: storage format, then another card.")},
    AdviceRow{"card", "worn", L("The card is near its end of life: replace it soon.")},
    AdviceRow{"clock", "unsynced",
              L("The time is not known: footage is kept, nothing is given out. See network test.")},
    AdviceRow{"outbox", "error", L("Messages to the hub cannot be kept: see log and storage status.")},
    AdviceRow{"outbox", "dropped",
              L("Messages were lost while the hub was away too long; the gap is recorded.")},
    AdviceRow{"machine", "hot", L("Over 80 C: give the box air and shade.")},
    AdviceRow{"machine", "under-voltage",
              L("The power supply is too weak: use the one that belongs to the box.")},
};

constexpr double kHot_c = 80;

class Collector {
  public:
    void add(std::string_view part, const std::string& state, const std::string& name, const json& holder) {
        const auto row = std::ranges::find_if(
            kAdvice, [&](const AdviceRow& each) { return each.part == part && each.state == state; });
        if (row == kAdvice.end()) return;
        const json& detail = fieldOf(holder, "detail");
        const json& since = fieldOf(holder, "since");
        std::string what = name + ": " + state;
        if (detail.is_string() && !detail.get_ref<const std::string&>().empty())
            what += " (" + detail.get<std::string>() + ")";
        out_.push_back({what, since.is_string() ? timeOf(since) : "", row->advice});
    }
    std::vector<Alarm> take() { return std::move(out_); }

  private:
    std::vector<Alarm> out_;
};

}  // namespace

std::vector<Alarm> alarmsOf(const json& status) {
    Collector out;
    for (const json& camera : fieldOf(status, "cameras"))
        out.add("camera", textOf(fieldOf(camera, "state")),
                tr("camera") + " " + textOf(fieldOf(camera, "id")), camera);
    const json& link = fieldOf(status, "link");
    out.add("hub", textOf(fieldOf(link, "state")), tr("hub"), link);
    const json& card = fieldOf(status, "storage");
    out.add("card", textOf(fieldOf(card, "state")), tr("storage"), card);
    out.add("clock", textOf(fieldOf(fieldOf(status, "time"), "quality")), tr("clock"), json());
    const json& outbox = fieldOf(status, "outbox");
    if (outbox.is_object() && outbox.contains("error")) out.add("outbox", "error", tr("outbox"), outbox);
    if (const json& dropped = fieldOf(outbox, "dropped"); dropped.is_number() && dropped > 0)
        out.add("outbox", "dropped", tr("outbox"), outbox);
    const json& machine = fieldOf(status, "machine");
    if (const json& heat = fieldOf(machine, "temperature_c"); heat.is_number() && heat > kHot_c)
        out.add("machine", "hot", tr("machine"), machine);
    if (fieldOf(machine, "under_voltage") == true)
        out.add("machine", "under-voltage", tr("machine"), machine);
    return out.take();
}

std::string renderAlarms(const std::vector<Alarm>& alarms) {
    if (alarms.empty()) return tr("no alarms") + "\n";
    std::string out;
    for (const Alarm& alarm : alarms) {
        out += "! " + alarm.what + (alarm.since.empty() ? "" : ", " + tr("since") + " " + alarm.since) + "\n";
        out += "  " + tr(alarm.advice.c_str()) + "\n";
    }
    return out;
}

std::string markdownAdvice() {
    std::string out = "## Alarms\n\n| of | state | what to do |\n| --- | --- | --- |\n";
    for (const AdviceRow& row : kAdvice)
        out += "| " + std::string(row.part) + " | `" + std::string(row.state) + "` | " + row.advice + " |\n";
    return out;
}

}  // namespace camgate::console
