#include "control/command_table.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"

namespace camgate::control {
namespace {

constexpr std::array kEventsParameters{
    Parameter{"camera", ParameterKind::Id, false, "only this camera's"},
    Parameter{"limit", ParameterKind::Count, false, "how many, newest first (default 20)"},
};
constexpr std::array kAuditParameters{
    Parameter{"limit", ParameterKind::Count, false, "how many, newest first (default 20, at most 100)"},
    Parameter{"below", ParameterKind::Count, false, "only those with a lower number"},
};
constexpr std::array kPlanParameters{
    Parameter{"camera", ParameterKind::Id, true, "whose footage"},
    Parameter{"from", ParameterKind::Time, true, "begin"},
    Parameter{"to", ParameterKind::Time, true, "end"},
    Parameter{"quality", ParameterKind::Text, false, "preview or full (default full)"},
};
constexpr std::array kReadParameters{
    Parameter{"clip", ParameterKind::Text, true, "id that clip.plan gave"},
    Parameter{"offset", ParameterKind::Count, true, "byte to begin at"},
    Parameter{"length", ParameterKind::Count, true, "bytes, at most 262144"},
};
constexpr std::array kFinishParameters{
    Parameter{"clip", ParameterKind::Text, true, "id that clip.plan gave"},
    Parameter{"sha256", ParameterKind::Text, true, "of all its bytes, in hex"},
};
constexpr std::array kReleaseParameters{
    Parameter{"clip", ParameterKind::Text, true, "id that clip.plan gave"},
};
constexpr std::array kFormatParameters{
    Parameter{"force", ParameterKind::Flag, false, "also what is not this gateway's ring"},
};
constexpr std::array kSnapshotParameters{
    Parameter{"camera", ParameterKind::Id, true, "whose picture"},
};

constexpr std::array kDiscoverParameters{
    Parameter{"interface", ParameterKind::Text, false, "network interface (default all but loopback)"},
    Parameter{"seconds", ParameterKind::Count, false, "1 to 10 (default 3)"},
    Parameter{"scan", ParameterKind::Flag, false, "also try RTSP ports of the own subnet"},
};
constexpr std::array kDescribeParameters{
    Parameter{"url", ParameterKind::Text, true, "of the ONVIF device service"},
    Parameter{"user", ParameterKind::Text, false, "who may ask there"},
    Parameter{"password", ParameterKind::Text, false, "of that user"},
};
constexpr std::array kTestParameters{
    Parameter{"camera", ParameterKind::Id, false, "one of the configuration; else:"},
    Parameter{"main", ParameterKind::Text, false, "address of the full picture"},
    Parameter{"sub", ParameterKind::Text, false, "address of the small one"},
    Parameter{"user", ParameterKind::Text, false, "RTSP user"},
    Parameter{"password", ParameterKind::Text, false, "of that user"},
};

constexpr std::array kPauseParameters{
    Parameter{"camera", ParameterKind::Id, true, "which camera"},
    Parameter{"for_s", ParameterKind::Count, false, "60 to 2678400 (default until resume)"},
};
constexpr std::array kResumeParameters{
    Parameter{"camera", ParameterKind::Id, true, "which camera"},
};

constexpr std::array kEraseParameters{
    Parameter{"camera", ParameterKind::Id, true, "whose footage"},
    Parameter{"from", ParameterKind::Time, false, "in the first day in UTC (default the oldest)"},
    Parameter{"to", ParameterKind::Time, false, "in the last day in UTC (default today)"},
};

constexpr std::array kShowParameters{
    Parameter{"defaults", ParameterKind::Flag, false, "with what is as by default"},
    Parameter{"revision", ParameterKind::Count, false, "of this revision (default the one in force)"},
};
constexpr std::array kPathParameters{
    Parameter{"path", ParameterKind::Text, true, "for example cameras/gate/motion/pre_roll_s"},
};
constexpr std::array kSetParameters{
    Parameter{"path", ParameterKind::Text, true, "for example cameras/gate/motion/pre_roll_s"},
    Parameter{"value", ParameterKind::Document, true, "JSON, or a text as it is"},
};
constexpr std::array kLoadParameters{
    Parameter{"document", ParameterKind::Document, true, "the whole configuration"},
};
constexpr std::array kDiffParameters{
    Parameter{"revision", ParameterKind::Count, false, "from this one (default the one in force)"},
};
constexpr std::array kRollbackParameters{
    Parameter{"revision", ParameterKind::Count, true, "one that is kept"},
};
constexpr std::array kCommitParameters{
    Parameter{"confirm_minutes", ParameterKind::Count, false, "reverted unless confirmed within this time"},
};
constexpr std::array kCompleteParameters{
    Parameter{"begun", ParameterKind::Text, true, "beginning of a path"},
};
constexpr std::array kSecretParameters{
    Parameter{"name", ParameterKind::Text, true, "for example cameras/gate/password"},
    Parameter{"value", ParameterKind::Text, true, "empty: none any more"},
};

constexpr std::array kNetworkParameters{
    Parameter{"address", ParameterKind::Text, false, "as 192.168.1.50/24; without one: DHCP"},
    Parameter{"router", ParameterKind::Text, false, "the router's address, with an address"},
    Parameter{"names", ParameterKind::Text, false, "name servers, by commas, 3 at most (the router)"},
};
constexpr std::array kEnrolParameters{
    Parameter{"code", ParameterKind::Text, true, "the one-time code of the hub's people"},
    Parameter{"fingerprint", ParameterKind::Text, true, "of the root, as they told it"},
    Parameter{"host", ParameterKind::Text, false, "the broker for enrolment (default the hub's)"},
    Parameter{"port", ParameterKind::Count, false, "its port (8884)"},
};
constexpr std::array kRootParameters{
    Parameter{"host", ParameterKind::Text, false, "the broker for enrolment (default the hub's)"},
    Parameter{"port", ParameterKind::Count, false, "its port (8884)"},
};
constexpr std::array kInstallParameters{
    Parameter{"bundle", ParameterKind::Document, true, "the certificate bundle, JSON"},
    Parameter{"fingerprint", ParameterKind::Text, true, "of the root, as the hub's people told it"},
};
constexpr std::array kUpdateBeginParameters{
    Parameter{"bytes", ParameterKind::Count, true, "length of the bundle"},
    Parameter{"sha256", ParameterKind::Text, true, "of the bundle, in hex"},
};
constexpr std::array kUpdateWriteParameters{
    Parameter{"offset", ParameterKind::Count, true, "what was taken so far"},
    Parameter{"bytes", ParameterKind::Document, true, "what follows, in base64, at most 45000 bytes"},
};
constexpr std::array kFactoryParameters{
    Parameter{"gateway", ParameterKind::Text, true, "this gateway's id, so that it is meant"},
};
constexpr std::array kLoginParameters{
    Parameter{"role", ParameterKind::Text, true, "technician or owner"},
    Parameter{"pin", ParameterKind::Text, true, "6 to 64 letters or digits"},
};
constexpr std::array kTicketParameters{
    Parameter{"ticket", ParameterKind::Text, true, "that login gave"},
};

constexpr std::array kCommands{
    Command{"status",
            "Gateway, hub link, storage, cameras and processes at a glance.",
            {},
            Access::Anyone,
            "see below"},
    Command{"time",
            "The clock, how good it is, and the household's time zone.",
            {},
            Access::Anyone,
            R"~(`{"at", "quality", "error_ms", "zone"}`; `error_ms` with `ntp` only)~"},
    Command{
        "metrics", "All figures as OpenMetrics text.", {}, Access::Anyone, R"~(`{"text"}`, OpenMetrics)~"},
    Command{"cameras",
            "Each camera's state and counters.",
            {},
            Access::Anyone,
            R"~(`{"cameras": [...]}` as in `status`)~"},
    Command{
        "cameras.discover", "Looks for ONVIF cameras on the network.", kDiscoverParameters,
        Access::Technician,
        R"~(`{"cameras": [{"address", "url", "name", "hardware"}]}`; `url`: of the ONVIF device service, absent where only a port is open)~"},
    Command{
        "cameras.describe", "What an ONVIF camera is and which streams it offers.", kDescribeParameters,
        Access::Technician,
        R"~(`{"manufacturer", "model", "firmware", "clock_ahead_s", "streams": [{"name", "url", "codec", "width_px", "height_px", "fps", "kbps"}], "main", "sub", "why"}`; `main`, `sub`: numbers of streams)~"},
    Command{
        "cameras.test", "Receives a camera for some seconds and measures it.", kTestParameters,
        Access::Technician,
        R"~(`{"main": {"codec", "width_px", "height_px", "fps", "kbps", "group_s"}, "sub", "jpeg", "detail"}`, what was measured; `unavailable` with the camera's state)~"},
    Command{
        "pause", "Nothing of a camera is recorded, watched or sent.", kPauseParameters, Access::Owner,
        R"~(`{"camera", "paused", "by", "until", "left_s"}` once it is durable; `by` is `owner` or `schedule`; without an end neither of the last two, without a known time no `until`)~"},
    Command{"resume", "Ends the owner's pause of a camera.", kResumeParameters, Access::Owner,
            "as `pause`; `paused` stays true within the camera's `pause_hours`"},
    Command{"events", "What the gateway remembers having seen.", kEventsParameters, Access::Either,
            R"~(`{"events": [...]}`, each as in [mqtt.md](mqtt.md) without `id`)~"},
    Command{
        "audit", "Who had what done, and what came of it.", kAuditParameters, Access::Either,
        R"~(`{"entries": [...], "broken": [...]}`: entries of the audit chain ([evidence.md](evidence.md)) with their `hash`, newest first, as many as fit an answer; `broken` names those that are not as they were written)~"},
    Command{"clip.plan", "Resolves a range of footage to a clip.", kPlanParameters, Access::Owner,
            R"~(`{"clip", "bytes", "manifest"}`)~"},
    Command{"clip.read", "Bytes of a planned clip.", kReadParameters, Access::Owner,
            R"~(`{"bytes": "<base64>"}`, at most 256 KiB)~"},
    Command{"clip.finish", "The clip was read whole: signs its manifest.", kFinishParameters, Access::Owner,
            R"~(`{"signed": "<signed manifest>"}`, empty without an evidence key)~"},
    Command{"clip.release", "The clip is given up.", kReleaseParameters, Access::Owner, "`{}`: given up"},
    Command{
        "storage.status", "The card: footage kept, writes, stalls, wear.", {}, Access::Anyone, "see below"},
    Command{"storage.format", "Erases all footage, measures the card, makes a new ring.", kFormatParameters,
            Access::Technician, "`{}` when it has begun; `unavailable` while a job is under way"},
    Command{"storage.check",
            "Reads all footage and says what is damaged.",
            {},
            Access::Technician,
            "`{}` when it has begun; `unavailable` without a ring or while a job is under way"},
    Command{
        "storage.job",
        "How far the card's formatting or check is, or how it ended.",
        {},
        Access::Either,
        R"~(the job under way or the last one: `{"job": "format", "state": "running", "done_bytes": 1, "total_bytes": 2, "eta_s": 1.5}`; `state` is `none`, `running`, `done` (with `result`) or `failed` (with `error`))~"},
    Command{
        "footage.erase", "Makes whole days of a camera unreadable for good, its clips too.", kEraseParameters,
        Access::Owner,
        R"~(`{"keys"}`, how many were destroyed: whole days in UTC that the times lie in, all days without them; pending clips do not hold against it)~"},
    Command{"footage.reset",
            "Makes all footage of all cameras unreadable for good.",
            {},
            Access::Either,
            "`{}`: the keys of all footage are destroyed, and nothing says whose it was; recording goes on. "
            "`failed-precondition` on a ring that is not sealed: format it"},
    Command{"factory.reset",
            "Destroys all keys of footage and forgets all settings made here; the daemon starts anew.",
            kFactoryParameters, Access::Either, "`{}` before it ends"},
    Command{"snapshot", "A camera's newest picture as JPEG.", kSnapshotParameters, Access::Either,
            R"~(`{"at", "jpeg": "<base64>"}`)~"},
    Command{"config.show", "The configuration in force, or another revision.", kShowParameters,
            Access::Either, R"~(`{"revision", "document"}`; without `defaults` what differs from them)~"},
    Command{"config.report",
            "What is in force, what became of the newest change, which secrets are set.",
            {},
            Access::Either,
            "as [`config/reported`](mqtt.md)"},
    Command{
        "config.revisions",
        "The revisions that are kept, newest first.",
        {},
        Access::Either,
        R"~(`{"revisions": [{"revision", "base_revision", "source", "who", "at", "in_force"}]}`, newest first)~"},
    Command{"config.set", "Changes one setting of the candidate.", kSetParameters, Access::Technician,
            "as `config.check`"},
    Command{"config.unset", "One setting of the candidate back to its default.", kPathParameters,
            Access::Technician, "as `config.check`"},
    Command{"config.load", "A whole document as the candidate.", kLoadParameters, Access::Technician,
            "as `config.check`"},
    Command{"config.rollback", "An older revision as the candidate.", kRollbackParameters, Access::Technician,
            "as `config.check`"},
    Command{"config.diff", "What the candidate changes.", kDiffParameters, Access::Technician,
            R"~(`{"differences": [{"path", "from", "to"}]}`, absent: not set)~"},
    Command{"config.check",
            "Every fault of the candidate.",
            {},
            Access::Technician,
            R"~(`{"base_revision", "edited", "errors": [...]}`, errors as in [mqtt.md](mqtt.md))~"},
    Command{"config.discard", "Forgets the candidate.", {}, Access::Technician, "`{}`"},
    Command{"config.commit", "Puts the candidate in force, on trial.", kCommitParameters, Access::Technician,
            "`proposal` of [`config/reported`](mqtt.md) as it is after acceptance or refusal"},
    Command{"config.confirm", "Says that a change which waits for it works.", {}, Access::Technician, "`{}`"},
    Command{"config.abandon",
            "Ends a trial as failed: back to the revision in force.",
            {},
            Access::Technician,
            "`{}`"},
    Command{"config.complete", "How a path may go on.", kCompleteParameters, Access::Either,
            R"~(`{"words"}`: paths that begin so)~"},
    Command{
        "hub.request",
        "New keys' request to be certified, for the hub's people.",
        {},
        Access::Technician,
        R"~(`{"request", "fingerprint"}`: new keys are made, or those that wait are asked for again; the request as [enrolment.md](enrolment.md) has it, its SHA-256)~"},
    Command{
        "hub.root", "The fingerprint of the root that the broker for enrolment keeps.", kRootParameters,
        Access::Technician,
        R"~(`{"fingerprint"}`: nothing is believed by it; to be compared with what the hub's people read out)~"},
    Command{
        "hub.speed",
        "Measures the line to the hub, some seconds long and within the cap.",
        {},
        Access::Either,
        R"~(`{"kbps", "cap_kbps", "bytes", "seconds"}`: what arrived, headers too; `unavailable` without the hub or while a clip moves, `timeout` after 20 s)~"},
    Command{"hub.enrol", "Certificates over the network, for a one-time code.", kEnrolParameters,
            Access::Technician,
            "as `hub.install`, once the hub has answered; `timeout` after 25 s says where it got stuck, "
            "`permission-denied` that the root or the code is wrong"},
    Command{
        "hub.install", "Certificates for the keys of the request, all or none.", kInstallParameters,
        Access::Technician,
        R"~(`{"on_trial"}` once they are durable; `permission-denied`: the bundle's root has another fingerprint; `failed-precondition`: they are not for the keys of the request. On trial where others are in force: without a connection within 2 minutes those count again)~"},
    Command{
        "update.status",
        "Which version runs, and how the newest update is or went.",
        {},
        Access::Anyone,
        R"~(`{"phase", "running", "version", "from_version", "percent", "since", "source", "reason", "detail", "waits_until", "board", "slots": [{"slot", "runs", "first", "tries_left", "version"}], "fault"}`, phases and reasons as in [update.md](update.md); `fault`: why no update is taken)~"},
    Command{
        "update.begin", "A bundle will be brought; it is installed once all of it is there.",
        kUpdateBeginParameters, Access::Technician,
        R"~(`{"have_bytes"}`, to go on from there; `failed-precondition`: what [update.md](update.md) refuses; `unavailable`: nothing here installs updates, or another is past its delivery)~"},
    Command{"update.write", "The bundle's next piece.", kUpdateWriteParameters, Access::Technician,
            "`{}` once it is taken; after the last one `update.status` says what becomes of it"},
    Command{"machine.network", "How the box is on its network.", kNetworkParameters, Access::Technician,
            "`{}` once it is kept and in force; `unavailable` where the network is not camgate's to set"},
    Command{"machine.restart",
            "Starts the machine anew.",
            {},
            Access::Technician,
            "`{}`: it is going down; `permission-denied` where that is not camgated's business"},
    Command{"secret.set", "A password; it cannot be read back.", kSecretParameters, Access::Technician,
            "`{}` once it is durable; an empty value removes it"},
    Command{"login", "Logs this connection in.", kLoginParameters, Access::Anyone,
            R"~(`{"role", "ticket"}`)~"},
    Command{"login.resume", "Logs this connection in as another one was.", kTicketParameters, Access::Anyone,
            R"~(`{"role"}`; a ticket that is not used for 30 min has run out)~"},
    Command{"login.set", "Sets a PIN: the first, one's own, or the owner's first by the technician.",
            kLoginParameters, Access::Anyone, "as `login`, `{}` for another's"},
    Command{"login.state",
            "Which PINs are set, and who this connection is.",
            {},
            Access::Anyone,
            R"~(`{"pins": {"technician": {"set", "wait_s"}, "owner": {...}}, "role"}`)~"},
    Command{"logout", "Forgets a login.", kTicketParameters, Access::Anyone, "`{}`"},
};

constexpr std::size_t kMaxText_bytes = 1024;
constexpr std::size_t kMaxDocument_bytes = 60U << 10U;

bool fitsKind(const nlohmann::json& value, ParameterKind kind) {
    if (kind == ParameterKind::Count) return value.is_number_unsigned();
    if (kind == ParameterKind::Flag) return value.is_boolean();
    const std::size_t limit = kind == ParameterKind::Document ? kMaxDocument_bytes : kMaxText_bytes;
    if (!value.is_string() || value.get_ref<const std::string&>().size() > limit) return false;
    return kind != ParameterKind::Time || parseWallTime(value.get_ref<const std::string&>()).has_value();
}

}  // namespace

std::span<const Command> commandTable() {
    return kCommands;
}

const Command* findCommand(std::string_view name) {
    const auto found = std::find_if(kCommands.begin(), kCommands.end(),
                                    [name](const Command& row) { return row.name == name; });
    return found == kCommands.end() ? nullptr : &*found;
}

std::string_view expectation(ParameterKind kind) {
    constexpr std::array<std::string_view, 6> texts{
        "a text",         "an id",         "a time like 2026-03-01T22:15:00Z",
        "a whole number", "true or false", "a document"};
    return texts.at(static_cast<std::size_t>(kind));
}

std::string_view toString(Role role) {
    return role == Role::Owner ? "owner" : "technician";
}

std::string_view toString(Access access) {
    constexpr std::array<std::string_view, 4> names{"anyone", "technician, owner", "technician", "owner"};
    return names.at(static_cast<std::size_t>(access));
}

std::string markdownMethods() {
    std::string out = "## Methods\n\n| method | who | parameters | result |\n| --- | --- | --- | --- |\n";
    for (const Command& command : kCommands) {
        std::string parameters;
        for (const Parameter& row : command.parameters) {
            parameters += (parameters.empty() ? "`" : ", `") + std::string(row.name) + "`";
            if (row.required) parameters += "*";
        }
        out += "| `" + std::string(command.name) + "` | " + std::string(toString(command.access)) + " | " +
               parameters + " | " + std::string(command.help) + " " + std::string(command.result) + " |\n";
    }
    return out;
}

Status checkParameters(const Command& command, const nlohmann::json& parameters) {
    std::string faults;
    const auto add = [&faults](std::string_view name, std::string_view what) {
        faults += (faults.empty() ? "" : "; ") + std::string(name) + " " + std::string(what);
    };
    if (!parameters.is_object())
        return fail(ErrorKind::InvalidArgument, "expected the parameters as an object");
    for (const Parameter& row : command.parameters) {
        const auto found = parameters.find(row.name);
        if (found == parameters.end()) {
            if (row.required) add(row.name, "is missing");
        } else if (!fitsKind(*found, row.kind)) {
            add(row.name, "must be " + std::string(expectation(row.kind)));
        }
    }
    for (const auto& [key, unused] : parameters.items()) {
        const bool known = std::any_of(command.parameters.begin(), command.parameters.end(),
                                       [&](const Parameter& row) { return row.name == key; });
        if (!known) add(key, "is unknown");
    }
    if (!faults.empty()) return fail(ErrorKind::InvalidArgument, std::string(command.name) + ": " + faults);
    return {};
}

}  // namespace camgate::control
