#include "tools/hub/receiver.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "base/wall_text.hpp"
#include "tools/hub/fields.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

constexpr std::size_t kRowsPerReceipt = 256;
constexpr std::size_t kCountersignaturesPerReceipt = 16;

std::string column(std::string text, std::size_t width) {
    // A gateway's text goes to a terminal: nothing in it may steer that.
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
    text.resize(std::max(width, text.size()), ' ');
    return text + ' ';
}

/// Spread, so that they do not all come back at once.
std::chrono::seconds delayOf(const std::string& gateway) {
    constexpr std::size_t kLeast_s = 5, kSpread_s = 55;
    return std::chrono::seconds(kLeast_s + std::hash<std::string>()(gateway) % kSpread_s);
}

}  // namespace

Result<std::unique_ptr<Receiver>> Receiver::open(FileSystem& files, const Clock& clock,
                                                 const ReceiverSettings& settings, HubDatabase& database,
                                                 ReceiverKeys keys, Send send, Tell tell) {
    const std::string& directory = settings.directory;
    if (auto made = files.makeDirectory(directory); !made) return std::unexpected(made.error());
    auto opener = std::make_unique<const Opener>(std::move(keys.opener));
    auto events = EventStore::open(files, directory, database, *opener);
    if (!events) return std::unexpected(events.error());
    std::unique_ptr<Receiver> receiver(new Receiver(clock, database, std::move(opener), std::move(send),
                                                    std::move(tell), std::move(*events),
                                                    std::move(keys.countersigner)));
    if (!settings.authority_folder.empty())
        receiver->renewals_.emplace(files, clock, database, settings.authority_folder);
    auto* self = receiver.get();
    auto authority = crypto::Certificate::fromPem(keys.evidence_authority.pem());
    if (!authority) return std::unexpected(authority.error());
    receiver->authority_ = std::make_unique<crypto::Certificate>(std::move(*authority));
    auto clips = ClipStore::open(
        files, clock, {directory + "/clips", settings.name}, database, std::move(keys.evidence_authority),
        *receiver->opener_,
        [self](const ClipReceipt& receipt) {
            self->send_(downTopic(receipt.gateway, "clip/" + receipt.clip + "/receipt"), receipt.payload);
        },
        [self](const json& verdict) { self->tellClip(verdict); });
    if (!clips) return std::unexpected(clips.error());
    receiver->clips_ = std::move(*clips);
    return receiver;
}

void Receiver::take(Source source, const std::string& topic, ByteView payload) {
    const auto address = parseUpTopic(topic);
    if (!address) return refuse(topic, Error{ErrorKind::InvalidArgument, 0, "an unknown topic"});
    if (address->topic == UpTopic::Chunk) return clips_->takeChunk(address->gateway, address->word, payload);
    if (address->topic == UpTopic::Enrol) return takeEnrolment(address->gateway, payload);
    if (payload.empty()) return;  // a retained status that somebody cleared
    const auto message = parseDocument(payload);
    if (!message) return refuse(topic, message.error());
    takeDocument(source, *address, *message);
}

void Receiver::takeDocument(Source source, const UpAddress& address, const json& message) {
    const std::string& gateway = address.gateway;
    switch (address.topic) {
        case UpTopic::Status:
            return takeStatus(gateway, message);
        case UpTopic::Telemetry:
            return settle(address, message, book_.takeTelemetry(gateway, message, clock_.wallNow().time));
        case UpTopic::Event:
            return settle(address, message, takeEvent(address, message));
        case UpTopic::Checkpoint:
            return settle(address, message, takeCheckpoint(address, message));
        case UpTopic::Audit:
            return settle(address, message, takeRow(RowKind::Audit, gateway, message));
        case UpTopic::Reply:
            return settle(address, message, takeRow(RowKind::Reply, gateway, message));
        case UpTopic::Manifest:
            return takeManifest(source, address, message);
        case UpTopic::Renewal:
            return takeRenewal(gateway, message);
        case UpTopic::ClipReceipt:
            return clips_->hearReceipt(gateway, address.word, message);
        case UpTopic::Chunk:
        case UpTopic::Wanted:
        case UpTopic::Enrol:
            return;
    }
}

void Receiver::takeEnrolment(const std::string& gateway, ByteView message) {
    if (!renewals_) return;
    const auto bundle = renewals_->enrol(gateway, std::string(asText(message)));
    if (!bundle) {
        logEvent(LogLevel::Warning, "hub", "enrolment-refused",
                 {{"gateway", gateway}, {"why", bundle.error()}});
        const bool told = bundle.error().kind == ErrorKind::PermissionDenied;
        const json refusal{{"v", 1}, {"refused", told ? bundle.error().context : std::string("failed")}};
        return send_(enrolTopic(gateway, "bundle"), toLine(refusal));
    }
    send_(enrolTopic(gateway, "bundle"), *bundle);
    tell_("enrol  " + column(gateway, 10) + "certificates");
}

void Receiver::takeRenewal(const std::string& gateway, const json& message) {
    if (!renewals_) return;
    const auto bundle = renewals_->answer(gateway, toLine(message));
    if (!bundle) {
        logEvent(LogLevel::Warning, "hub", "renewal-refused",
                 {{"gateway", gateway}, {"why", bundle.error()}});
        return;
    }
    send_(downTopic(gateway, "bundle"), *bundle);
    tell_("renew  " + column(gateway, 10) + "certificates");
}

void Receiver::takeManifest(Source source, const UpAddress& address, const json& message) {
    const auto ours = clips_->takeManifest(source, address.gateway, address.word, message);
    if (ours && !*ours) return;
    settle(address, message, ours ? Status() : std::unexpected(ours.error()));
}

void Receiver::settle(const UpAddress& address, const json& message, const Status& taken) {
    if (!taken) refuse(address.gateway + " " + address.word, taken.error());
    // What can never be used is receipted too, or the gateway would send it for ever; what could not be kept
    // is not.
    const bool settled = taken || taken.error().kind == ErrorKind::InvalidArgument ||
                         taken.error().kind == ErrorKind::Corruption ||
                         taken.error().kind == ErrorKind::PermissionDenied;
    const std::string id = textField(message, "id");
    if (settled && isHexId(id)) receipts_[address.gateway].ids.push_back(id);
}

Status Receiver::takeEvent(const UpAddress& address, const json& message) {
    const auto fresh = events_.take(address.gateway, address.word, message, clock_.wallNow().time);
    if (!fresh) return std::unexpected(fresh.error());
    if (!*fresh) return {};
    const std::string phase = textField(message, "phase");
    tell_("event  " + column(address.gateway, 10) + column(address.word, 10) + column(phase, 6) +
          column(textField(message, phase == "end" ? "end" : "start"), 24) +
          textField(message, "event").substr(0, 12));
    return {};
}

Status Receiver::takeCheckpoint(const UpAddress& address, const json& message) {
    auto taken =
        checkpoints_.take(address.gateway, address.word, message, *authority_, clock_.wallNow().time);
    if (!taken) return std::unexpected(taken.error());
    if (!taken->countersignature.empty())
        receipts_[address.gateway].countersignatures.push_back(std::move(taken->countersignature));
    if (taken->fresh && taken->chain == ChainState::Broken) {
        tell_("LEDGER " + column(address.gateway, 10) + column(address.word, 10) +
              "a checkpoint does not follow the one before");
    }
    return {};
}

Status Receiver::takeRow(RowKind kind, const std::string& gateway, json message) {
    const std::string id = textField(message, "id");
    if (!isHexId(id)) return fail(ErrorKind::InvalidArgument, "a row without an id");
    const std::string received = formatWallTime(clock_.wallNow().time);
    message["gateway"] = gateway;
    message["received"] = received;
    const bool is_audit = kind == RowKind::Audit;
    const Row row{gateway, id, textField(message, is_audit ? "action" : "correlation"),
                  is_audit ? textField(message, "at") : received, toLine(message)};
    if (auto added = database_.add(kind, row); !added) return std::unexpected(added.error());
    return {};
}

void Receiver::takeStatus(const std::string& gateway, const json& message) {
    const auto news = book_.takeStatus(gateway, message, clock_.wallNow().time);
    if (!news) return refuse(gateway + " status", news.error());
    if (*news == StatusNews::Online)
        tell_("online " + column(gateway, 10) + column(textField(message, "firmware"), 0));
    if (*news == StatusNews::Offline) tell_("gone   " + column(gateway, 10));
}

void Receiver::tellClip(const json& verdict) {
    const json& manifest = objectField(verdict, "manifest");
    tell_("clip   " + column(textField(verdict, "gateway"), 10) + column(textField(manifest, "camera"), 10) +
          (boolField(verdict, "verified").value_or(false) ? "verified " : "DOUBTFUL ") + "signature " +
          column(textField(objectField(verdict, "signature"), "state"), 4) +
          std::to_string(numberField(verdict, "bytes").value_or(0) / 1024) + " KiB  " +
          textField(verdict, "clip").substr(0, 12));
}

void Receiver::refuse(const std::string& topic, const Error& why) {
    ++refused_;
    logEvent(LogLevel::Warning, "hub", "message-refused", {{"topic", topic}, {"why", why}});
}

void Receiver::commit() {
    if (auto kept = database_.commit(); !kept) {
        // Without a receipt the gateways keep the rows and send them again.
        logEvent(LogLevel::Error, "hub", "rows-not-kept", {{"why", kept.error()}});
        receipts_.clear();
    }
    for (const auto& [gateway, receipts] : receipts_) sendReceipts(gateway, receipts);
    receipts_.clear();
}

void Receiver::sendReceipts(const std::string& gateway, const Receipts& receipts) {
    // Countersignatures first: a gateway forgets a row with its id.
    for (std::size_t at = 0; at < receipts.countersignatures.size(); at += kCountersignaturesPerReceipt) {
        json words = json::array();
        for (std::size_t i = at;
             i < std::min(at + kCountersignaturesPerReceipt, receipts.countersignatures.size()); ++i) {
            words.push_back(json::parse(receipts.countersignatures[i], nullptr, false));
        }
        const json receipt{{"v", 1}, {"ids", json::array()}, {"countersignatures", std::move(words)}};
        send_(downTopic(gateway, "receipt"), toLine(receipt));
    }
    for (std::size_t at = 0; at < receipts.ids.size(); at += kRowsPerReceipt) {
        const auto begin = receipts.ids.begin() + static_cast<std::ptrdiff_t>(at);
        const auto end = receipts.ids.begin() +
                         static_cast<std::ptrdiff_t>(std::min(at + kRowsPerReceipt, receipts.ids.size()));
        json receipt{{"v", 1}, {"ids", std::vector<std::string>(begin, end)}};
        if (clock_.bootNow() < slow_until_) receipt["delay_s"] = delayOf(gateway).count();
        send_(downTopic(gateway, "receipt"), toLine(receipt));
    }
}

}  // namespace camgate::hub
