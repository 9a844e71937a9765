#include "uplink/command_handler.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/log.hpp"
#include "base/wall_text.hpp"
#include "uplink/audit_link.hpp"
#include "uplink/row_builder.hpp"

namespace camgate::uplink {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMaxCorrelation_bytes = 64;

/// Reasons that pass by: the same command may succeed later, so the refusal is not kept for repeats.
constexpr std::array<std::string_view, 2> kPassing{"busy", "storage"};

std::string withActor(const std::string& detail_json, const std::string& name) {
    Json detail = Json::parse(detail_json, nullptr, false);
    if (!detail.is_object()) detail = Json::object();
    detail["signer"] = name;
    return detail.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

struct CommandHandler::Opened {
    std::optional<outbox::CachedReply> cached;
    std::expected<evidence::OpenedEnvelope, evidence::EnvelopeFault> envelope =
        std::unexpected(evidence::EnvelopeFault{});
};

CommandHandler::CommandHandler(CommandPorts ports) : ports_(std::move(ports)) {}

void CommandHandler::onCommand(const std::string& name, const HubMessage& message) {
    const auto stop = [&](ErrorKind kind, std::string_view reason) {
        ports_.refused.add(reason);
        answerOnce(refusalJson(name, message.correlation, {kind, std::string(reason), ""}),
                   message.correlation);
    };
    if (message.correlation.empty() || message.correlation.size() > kMaxCorrelation_bytes) {
        // There is nothing to answer to.
        ports_.refused.add("malformed");
        return;
    }
    if (message.payload.size() > evidence::kMaxEnvelope_bytes)
        return stop(ErrorKind::InvalidArgument, "malformed");
    if (inProgress(message.correlation)) return;
    if (pending_.size() >= kMostPending) return stop(ErrorKind::Unavailable, "busy");
    const std::uint64_t serial = next_serial_++;
    Command& command = pending_[serial];
    command.name = name;
    command.correlation = message.correlation;
    command.deadline = ports_.loop.runAfter(kDeadline, [this, serial] {
        Command* late = pending(serial);
        if (late != nullptr) refuse(serial, {ErrorKind::Timeout, "busy", "no answer within 30 s"});
    });
    open(serial, message.payload);
}

void CommandHandler::open(std::uint64_t serial, const Bytes& envelope) {
    const Command& command = pending_.at(serial);
    const auto job = [gate = ports_.gate, name = command.name, correlation = command.correlation, envelope,
                      now = ports_.loop.clock().wallNow(),
                      challenges = challenges_.open(bootNow())](outbox::Outbox& outbox) -> Result<Opened> {
        auto cached = outbox.findReply(correlation, now.time);
        if (!cached) return std::unexpected(cached.error());
        Opened opened;
        opened.cached = std::move(*cached);
        if (opened.cached) return opened;
        if (gate) {
            opened.envelope = gate->open(asText(envelope), name, now, outbox, challenges);
        } else {
            opened.envelope = std::unexpected(
                evidence::EnvelopeFault{evidence::EnvelopeRefusal::UnknownKey, "no signers are configured"});
        }
        return opened;
    };
    ports_.store.ask<Opened>(
        job, lifeline_.guard([this, serial](Result<Opened> opened) { onOpened(serial, opened); }));
}

void CommandHandler::onOpened(std::uint64_t serial, const Result<Opened>& opened) {
    Command* command = pending(serial);
    if (command == nullptr) return;
    if (!opened) {
        return onRefusedEnvelope(serial, {evidence::EnvelopeRefusal::Storage, opened.error().describe()});
    }
    if (opened->cached) {
        answerOnce(opened->cached->json, command->correlation);
        pending_.erase(serial);
        return;
    }
    if (!opened->envelope) return onRefusedEnvelope(serial, opened->envelope.error());
    command->actor = opened->envelope->signer;
    command->actor_name = opened->envelope->signer_name;
    command->payload = opened->envelope->payload;
    if (!opened->envelope->challenge.empty()) challenges_.spend(opened->envelope->challenge);
    carryOut(serial);
}

void CommandHandler::onRefusedEnvelope(std::uint64_t serial, const evidence::EnvelopeFault& fault) {
    const Command& command = pending_.at(serial);
    const std::string reason(toString(fault.refusal));
    const bool proven = provenSigner(fault.refusal);
    ports_.refused.add(reason);
    logEvent(LogLevel::Warning, "uplink", "command-refused",
             {{"command", command.name}, {"reason", reason}, {"detail", fault.detail}});
    Refusal refusal{kindOf(fault.refusal), reason, proven ? fault.detail : std::string()};
    if (fault.refusal == evidence::EnvelopeRefusal::TimeUnsynced)
        refusal.challenge = challenges_.issue(bootNow());
    answerOnce(refusalJson(command.name, command.correlation, refusal), command.correlation);
    // A recorded envelope can be sent any number of times: what it writes to the card is bounded.
    if (proven && refusal_audits_.take(bootNow())) {
        outbox::Changes changes;
        changes.audits.push_back(auditLink({wallNow(), "unknown", command.name, reason,
                                            Json{{"correlation", toHex(command.correlation)}}.dump()}));
        ports_.sender.commit(std::move(changes));
    }
    pending_.erase(serial);
}

CommandHandler::Command* CommandHandler::pending(std::uint64_t serial) {
    const auto found = pending_.find(serial);
    return found == pending_.end() || found->second.committing ? nullptr : &found->second;
}

void CommandHandler::succeed(std::uint64_t serial, const std::string& result_json, outbox::Changes changes,
                             std::function<void(bool durable)> after) {
    const Command& command = pending_.at(serial);
    const std::string reply = replyJson(command.name, command.correlation, result_json);
    finish(serial, reply, "done", true, std::move(changes), std::move(after));
}

void CommandHandler::refuse(std::uint64_t serial, const Refusal& why) {
    const Command& command = pending_.at(serial);
    ports_.refused.add(why.reason);
    const std::string reply = refusalJson(command.name, command.correlation, why);
    const bool keep = std::ranges::find(kPassing, why.reason) == kPassing.end();
    finish(serial, reply, why.reason, keep, {}, {});
}

void CommandHandler::finish(std::uint64_t serial, const std::string& reply_json, const std::string& outcome,
                            bool keep_reply, outbox::Changes changes,
                            std::function<void(bool durable)> after) {
    Command& command = pending_.at(serial);
    command.committing = true;
    command.deadline.cancel();
    if (command.actor.empty()) {
        // Timed out before its envelope was opened: a stranger as far as anyone knows.
        answerOnce(reply_json, command.correlation);
        pending_.erase(serial);
        return;
    }
    changes.rows.push_back(replyRow(reply_json, command.correlation, wallNow()));
    changes.audits.push_back(auditLink({wallNow(), command.actor, command.name, outcome,
                                        withActor(command.detail_json, command.actor_name)}));
    if (keep_reply) changes.replies.push_back({command.correlation, reply_json, wallNow()});
    ports_.sender.commitFirst(
        std::move(changes), lifeline_.guard([this, serial, after = std::move(after)](Status done) {
            const auto found = pending_.find(serial);
            if (!done) {
                ports_.refused.add("storage");
                answerOnce(refusalJson(found->second.name, found->second.correlation,
                                       {done.error().kind, "storage", done.error().describe()}),
                           found->second.correlation);
            }
            pending_.erase(found);
            if (after) after(done.has_value());
        }));
}

void CommandHandler::answerOnce(const std::string& reply_json, ByteView correlation) {
    if (!answers_.take(bootNow())) return;
    ports_.sender.sendVolatile(replyRow(reply_json, correlation, wallNow()));
}

bool CommandHandler::inProgress(ByteView correlation) const {
    return std::ranges::any_of(pending_, [&](const auto& entry) {
        return std::ranges::equal(entry.second.correlation, correlation);
    });
}

}  // namespace camgate::uplink
