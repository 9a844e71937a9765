// What each command does; how one comes in and is answered is in command_handler.cpp.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/wall_text.hpp"
#include "evidence/manifest.hpp"
#include "uplink/command_handler.hpp"
#include "uplink/new_id.hpp"

namespace camgate::uplink {
namespace {

using Json = nlohmann::json;

constexpr std::chrono::hours kLongestClip{24};
/// An answer of this much text fits a message.
constexpr std::size_t kMostEvents_bytes = 48U << 10U;
/// For the reply to be on its way, and at the hub on most lines.
constexpr Duration kRestartAfter = std::chrono::seconds(5);

Json spanJson(const evidence::TimeSpan& span) {
    return {{"from", formatWallTime(span.from)}, {"to", formatWallTime(span.to)}};
}

std::string clipResult(const clip::PlannedClip& planned, const evidence::Manifest& manifest) {
    Json gaps = Json::array();
    for (const auto& gap : manifest.gaps) {
        Json entry = spanJson(gap.span);
        entry["reason"] = gap.reason;
        gaps.push_back(std::move(entry));
    }
    const Json result{{"clip", planned.id},
                      {"bytes", planned.bytes},
                      {"covered", spanJson(manifest.covered)},
                      {"gaps", std::move(gaps)}};
    return result.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Refusal refusalOfPlan(const Error& error) {
    if (error.kind == ErrorKind::NotFound) return {ErrorKind::NotFound, "no-footage", error.context};
    if (error.kind == ErrorKind::InvalidArgument)
        return {ErrorKind::InvalidArgument, "bad-range", error.context};
    if (error.kind == ErrorKind::Unavailable) return {error.kind, "busy", error.describe()};
    return {error.kind, "storage", error.describe()};
}

Refusal refusalOfSecret(const Error& error) {
    switch (error.kind) {
        case ErrorKind::NotFound:
            return {error.kind, "unknown-secret", error.context};
        case ErrorKind::PermissionDenied:
            return {error.kind, "not-permitted", error.context};
        case ErrorKind::Corruption:
            return {error.kind, "bad-seal", error.context};
        case ErrorKind::InvalidArgument:
            return {error.kind, "malformed", error.context};
        case ErrorKind::FailedPrecondition:
            return {error.kind, "busy", error.context};
        default:
            return {error.kind, "storage", error.describe()};
    }
}

Refusal refusalOfUpdate(const Error& error) {
    if (error.kind == ErrorKind::InvalidArgument) return {error.kind, "malformed", error.context};
    const std::string reason = error.context.substr(0, error.context.find(':'));
    if (error.kind == ErrorKind::FailedPrecondition || reason == "busy")
        return {error.kind, reason, error.context};
    return {error.kind, "no-updates", error.describe()};
}

std::string eventsDetail(const outbox::EventQuery& query) {
    Json detail{{"limit", query.limit}};
    if (query.camera) detail["camera"] = *query.camera;
    if (query.from) detail["from"] = formatWallTime(*query.from);
    if (query.to) detail["to"] = formatWallTime(*query.to);
    return detail.dump();
}

std::string eventsResult(const std::vector<outbox::EventEntry>& entries, std::size_t limit) {
    Json events = Json::array();
    Json next = nullptr;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const bool full = i >= limit || (i > 0 && bytes + entries[i].json.size() > kMostEvents_bytes);
        if (full) {
            next = placeText(entries[i - 1]);
            break;
        }
        bytes += entries[i].json.size();
        events.push_back(Json::parse(entries[i].json, nullptr, false));
    }
    return Json{{"events", std::move(events)}, {"next", std::move(next)}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

const std::array<CommandHandler::Row, 9> CommandHandler::kCommands{{
    {"clip.request", &CommandHandler::orderClip},
    {"snapshot.request", &CommandHandler::orderSnapshot},
    {"status.request", &CommandHandler::orderStatus},
    {"clip.cancel", &CommandHandler::orderCancel},
    {"events.query", &CommandHandler::orderEvents},
    {"rebirth", &CommandHandler::orderRebirth},
    {"reboot", &CommandHandler::orderReboot},
    {"secret.set", &CommandHandler::orderSecret},
    {"update.install", &CommandHandler::orderUpdate},
}};

void CommandHandler::carryOut(std::uint64_t serial) {
    const std::string& name = pending_.at(serial).name;
    const auto row = std::ranges::find(kCommands, std::string_view(name), &Row::name);
    if (row == kCommands.end())
        return refuse(serial, {ErrorKind::NotFound, "unknown-command", "no command " + name});
    (this->*row->run)(serial);
}

void CommandHandler::orderClip(std::uint64_t serial) {
    Command& command = *pending(serial);
    if (isLiveOrder(command.payload)) return orderLive(serial);
    const auto order = parseClipOrder(command.payload);
    if (!order) return refuse(serial, {ErrorKind::InvalidArgument, "malformed", order.error().context});
    command.detail_json = clipOrderJson(*order, "");
    if (!ports_.cameras.exists(order->camera))
        return refuse(serial, {ErrorKind::NotFound, "unknown-camera", "no camera " + order->camera});
    if (order->from >= order->to || order->to - order->from > kLongestClip) {
        return refuse(serial, {ErrorKind::InvalidArgument, "bad-range",
                               "expected \"from\" before \"to\", at most 24 h apart"});
    }
    const std::string& why = order->case_number.empty() ? order->purpose : order->case_number;
    ports_.source.plan({order->camera, order->from, order->to, order->quality, why},
                       lifeline_.guard([this, serial, order = *order](Result<clip::PlannedClip> planned) {
                           onClipPlanned(serial, order, planned);
                       }));
}

void CommandHandler::onClipPlanned(std::uint64_t serial, const ClipOrder& order,
                                   const Result<clip::PlannedClip>& planned) {
    Command* command = pending(serial);
    if (!planned) {
        if (command != nullptr) refuse(serial, refusalOfPlan(planned.error()));
        return;
    }
    const auto release = [this, id = planned->id] {
        if (!ports_.clips.has(id)) ports_.source.release(id);
    };
    if (command == nullptr) return release();
    if (planned->manifest.size() > evidence::kMaxManifest_bytes) {
        release();
        return refuse(serial, {ErrorKind::InvalidArgument, "bad-range",
                               "its manifest is too long; ask for shorter parts"});
    }
    const auto manifest = evidence::parseManifest(planned->manifest);
    if (!manifest) {
        release();
        return refuse(serial, {ErrorKind::Internal, "storage", manifest.error().describe()});
    }
    outbox::Changes changes;
    if (!ports_.clips.has(planned->id) && !ports_.clips.makeRoom(changes)) {
        release();
        return refuse(serial, {ErrorKind::Unavailable, "busy", "too many clips are under way"});
    }
    command->detail_json = clipOrderJson(order, planned->id);
    const outbox::OpenClip open{planned->id,    planned->plan, "",       command->correlation,
                                command->actor, wallNow(),     newSeed()};
    changes.open_clips.push_back(open);
    succeed(serial, clipResult(*planned, *manifest), std::move(changes),
            [this, open, release, clip = *planned](bool durable) {
                if (durable) return ports_.clips.add(clip, open);
                release();
            });
}

void CommandHandler::orderLive(std::uint64_t serial) {
    Command& command = *pending(serial);
    const auto order = parseLiveOrder(command.payload);
    if (!order) return refuse(serial, {ErrorKind::InvalidArgument, "malformed", order.error().context});
    command.detail_json = liveOrderJson(*order, "");
    if (!ports_.cameras.exists(order->camera))
        return refuse(serial, {ErrorKind::NotFound, "unknown-camera", "no camera " + order->camera});
    const auto prepared = ports_.live.prepare(*order, {command.actor, command.actor_name});
    if (!prepared) {
        const bool busy = prepared.error().kind == ErrorKind::Unavailable;
        return refuse(serial,
                      {prepared.error().kind, busy ? "busy" : "storage", prepared.error().describe()});
    }
    command.detail_json = liveOrderJson(*order, prepared->id);
    succeed(serial, prepared->result_json, {}, [this](bool durable) {
        if (durable) return ports_.live.start();
        ports_.live.drop();
    });
}

void CommandHandler::orderSnapshot(std::uint64_t serial) {
    Command& command = *pending(serial);
    const auto camera = parseSnapshotOrder(command.payload);
    if (!camera) return refuse(serial, {ErrorKind::InvalidArgument, "malformed", camera.error().context});
    command.detail_json = Json{{"camera", *camera}}.dump();
    if (!ports_.cameras.exists(*camera))
        return refuse(serial, {ErrorKind::NotFound, "unknown-camera", "no camera " + *camera});
    ports_.cameras.snapshot(
        *camera, kMaxStill_bytes, lifeline_.guard([this, serial](const Result<Snapshot>& snapshot) {
            if (pending(serial) == nullptr) return;
            if (!snapshot) {
                return refuse(serial, {snapshot.error().kind, "no-snapshot", snapshot.error().describe()});
            }
            if (snapshot->jpeg.size() > kMaxStill_bytes) {
                return refuse(serial,
                              {ErrorKind::InvalidArgument, "no-snapshot", "the picture is too large"});
            }
            const auto picture =
                ports_.pictures.json(toHex(pending(serial)->correlation), snapshot->at, snapshot->jpeg);
            if (!picture) {
                return refuse(serial, {picture.error().kind, "no-snapshot", picture.error().describe()});
            }
            succeed(serial, *picture);
        }));
}

void CommandHandler::orderStatus(std::uint64_t serial) {
    if (auto fine = parseEmptyOrder(pending(serial)->payload); !fine)
        return refuse(serial, {ErrorKind::InvalidArgument, "malformed", fine.error().context});
    succeed(serial, ports_.status_json());
}

void CommandHandler::orderCancel(std::uint64_t serial) {
    Command& command = *pending(serial);
    const auto clip = parseCancelOrder(command.payload);
    if (!clip) return refuse(serial, {ErrorKind::InvalidArgument, "malformed", clip.error().context});
    command.detail_json = Json{{"clip", *clip}}.dump();
    if (ports_.live.has(*clip)) {
        return succeed(serial, command.detail_json, {},
                       [this, live = *clip](bool) { ports_.live.cancel(live); });
    }
    outbox::Changes changes;
    if (!ports_.clips.cancel(*clip, changes))
        return refuse(serial, {ErrorKind::NotFound, "unknown-clip", "no such clip is under way"});
    succeed(serial, command.detail_json, std::move(changes), [this, clip = *clip](bool durable) {
        if (durable) ports_.clips.drop(clip);
    });
}

void CommandHandler::orderEvents(std::uint64_t serial) {
    Command& command = *pending(serial);
    auto query = parseEventsOrder(command.payload);
    if (!query) return refuse(serial, {ErrorKind::InvalidArgument, "malformed", query.error().context});
    command.detail_json = eventsDetail(*query);
    const std::size_t limit = query->limit++;  // one more: whether there is a next page
    using Entries = std::vector<outbox::EventEntry>;
    ports_.store.ask<Entries>(
        [query = *query](outbox::Outbox& outbox) { return outbox.events(query); },
        lifeline_.guard([this, serial, limit](const Result<Entries>& entries) {
            if (pending(serial) == nullptr) return;
            if (entries) return succeed(serial, eventsResult(*entries, limit));
            refuse(serial, {entries.error().kind, "storage", entries.error().describe()});
        }));
}

void CommandHandler::orderRebirth(std::uint64_t serial) {
    if (auto fine = parseEmptyOrder(pending(serial)->payload); !fine)
        return refuse(serial, {ErrorKind::InvalidArgument, "malformed", fine.error().context});
    succeed(serial, "{}", {}, [this](bool) { ports_.say_birth(); });
}

void CommandHandler::orderReboot(std::uint64_t serial) {
    if (auto fine = parseEmptyOrder(pending(serial)->payload); !fine)
        return refuse(serial, {ErrorKind::InvalidArgument, "malformed", fine.error().context});
    if (ports_.machine == nullptr) {
        return refuse(serial, {ErrorKind::PermissionDenied, "not-permitted",
                               "on this gateway the daemon may not restart the machine"});
    }
    if (auto may = ports_.machine->mayRestart(); !may)
        return refuse(serial, {may.error().kind, "not-permitted", may.error().describe()});
    succeed(serial, "{}", {}, [this](bool durable) {
        if (durable) restart_ = ports_.loop.runAfter(kRestartAfter, [this] { ports_.machine->restart(); });
    });
}

void CommandHandler::orderSecret(std::uint64_t serial) {
    Command& command = *pending(serial);
    const auto order = parseSecretOrder(command.payload);
    if (!order) return refuse(serial, {ErrorKind::InvalidArgument, "malformed", order.error().context});
    command.detail_json = Json{{"name", order->name}}.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (ports_.secrets == nullptr) {
        return refuse(serial,
                      {ErrorKind::PermissionDenied, "not-permitted", "this gateway takes no secrets"});
    }
    ports_.secrets->takeSecret(*order, lifeline_.guard([this, serial](const Status& taken) {
        if (pending(serial) == nullptr) return;
        if (taken) return succeed(serial, "{}");
        refuse(serial, refusalOfSecret(taken.error()));
    }));
}

void CommandHandler::orderUpdate(std::uint64_t serial) {
    Command& command = *pending(serial);
    auto order = parseUpdateOrder(command.payload);
    if (!order) return refuse(serial, {ErrorKind::InvalidArgument, "malformed", order.error().context});
    order->id = toHex(command.correlation);
    order->who = command.actor_name;
    command.detail_json = updateOrderJson(*order);
    if (ports_.updates == nullptr)
        return refuse(serial, {ErrorKind::Unavailable, "no-updates", "this gateway takes no updates"});
    ports_.updates->order(*order, lifeline_.guard([this, serial](const Result<std::string>& taken) {
        if (pending(serial) == nullptr) return;
        if (taken) return succeed(serial, *taken);
        refuse(serial, refusalOfUpdate(taken.error()));
    }));
}

}  // namespace camgate::uplink
