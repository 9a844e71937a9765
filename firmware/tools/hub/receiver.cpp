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

}  // namespace

Result<std::unique_ptr<Receiver>> Receiver::open(FileSystem& files, const Clock& clock,
                                                 const ReceiverSettings& settings, ReceiverKeys keys,
                                                 Send send, Tell tell) {
    const std::string& directory = settings.directory;
    if (auto made = files.makeDirectory(directory); !made) return std::unexpected(made.error());
    auto opener = std::make_unique<const Opener>(std::move(keys.opener));
    auto events = EventStore::open(files, directory, *opener);
    if (!events) return std::unexpected(events.error());
    auto checkpoints = CheckpointStore::open(files, directory, std::move(keys.countersigner));
    if (!checkpoints) return std::unexpected(checkpoints.error());
    auto book = GatewayBook::open(files, directory + "/gateways");
    if (!book) return std::unexpected(book.error());
    auto audit = RowLog::open(files, directory + "/audit.jsonl");
    if (!audit) return std::unexpected(audit.error());
    auto replies = RowLog::open(files, directory + "/replies.jsonl");
    if (!replies) return std::unexpected(replies.error());
    std::unique_ptr<Receiver> receiver(
        new Receiver(clock, std::move(opener), std::move(send), std::move(tell), std::move(*events),
                     std::move(*checkpoints), std::move(*book), std::move(*audit), std::move(*replies)));
    auto* self = receiver.get();
    auto authority = crypto::Certificate::fromPem(keys.evidence_authority.pem());
    if (!authority) return std::unexpected(authority.error());
    receiver->authority_ = std::make_unique<crypto::Certificate>(std::move(*authority));
    auto clips = ClipStore::open(
        files, clock, {directory + "/clips", settings.name}, std::move(keys.evidence_authority),
        *receiver->opener_,
        [self](const ClipReceipt& receipt) {
            self->send_(downTopic(receipt.gateway, "clip/" + receipt.clip + "/receipt"), receipt.payload);
        },
        [self](const json& verdict) { self->tellClip(verdict); });
    if (!clips) return std::unexpected(clips.error());
    receiver->clips_ = std::move(*clips);
    return receiver;
}

void Receiver::take(const std::string& topic, ByteView payload) {
    const auto address = parseUpTopic(topic);
    if (!address) return refuse(topic, Error{ErrorKind::InvalidArgument, 0, "an unknown topic"});
    if (address->topic == UpTopic::Chunk) return clips_->takeChunk(address->gateway, address->word, payload);
    if (payload.empty()) return;  // a retained status that somebody cleared
    const auto message = parseDocument(payload);
    if (!message) return refuse(topic, message.error());
    takeDocument(*address, *message);
}

void Receiver::takeDocument(const UpAddress& address, const json& message) {
    const std::string& gateway = address.gateway;
    Status taken;
    switch (address.topic) {
        case UpTopic::Status:
            return takeStatus(gateway, message);
        case UpTopic::Telemetry:
            taken = book_.takeTelemetry(gateway, message, clock_.wallNow().time);
            break;
        case UpTopic::Event:
            taken = takeEvent(address, message);
            break;
        case UpTopic::Checkpoint:
            taken = takeCheckpoint(address, message);
            break;
        case UpTopic::Audit:
            taken = takeRow(audit_, gateway, message);
            break;
        case UpTopic::Reply:
            taken = takeRow(replies_, gateway, message);
            break;
        case UpTopic::Manifest:
            taken = clips_->takeManifest(gateway, address.word, message);
            break;
        case UpTopic::Chunk:
            return;
    }
    if (!taken) refuse(gateway + " " + address.word, taken.error());
    // What can never be used is receipted too, or the gateway would send it for ever; what could not be kept
    // is not.
    const bool settled = taken || taken.error().kind == ErrorKind::InvalidArgument ||
                         taken.error().kind == ErrorKind::Corruption ||
                         taken.error().kind == ErrorKind::PermissionDenied;
    const std::string id = textField(message, "id");
    if (settled && isHexId(id)) receipts_[gateway].ids.push_back(id);
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

Status Receiver::takeRow(RowLog& log, const std::string& gateway, json message) {
    const std::string id = textField(message, "id");
    if (!isHexId(id)) return fail(ErrorKind::InvalidArgument, "a row without an id");
    message["gateway"] = gateway;
    message["received"] = formatWallTime(clock_.wallNow().time);
    log.add(gateway, id, toLine(message));
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
    if (receipts_.empty()) return;
    for (const Status& kept : {events_.commit(), checkpoints_.commit(), audit_.commit(), replies_.commit()}) {
        if (kept) continue;
        // Without a receipt the gateways keep the rows and send them again.
        logEvent(LogLevel::Error, "hub", "rows-not-kept", {{"why", kept.error()}});
        receipts_.clear();
        return;
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
        const json receipt{{"v", 1}, {"ids", std::vector<std::string>(begin, end)}};
        send_(downTopic(gateway, "receipt"), toLine(receipt));
    }
}

}  // namespace camgate::hub
