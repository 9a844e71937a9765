#include "tools/hub/commands.hpp"

#include <iostream>
#include <nlohmann/json.hpp>

#include "base/file_system.hpp"
#include "base/wall_text.hpp"
#include "crypto/random.hpp"
#include "evidence/envelope.hpp"
#include "tools/hub/counter_file.hpp"
#include "tools/hub/fields.hpp"
#include "tools/hub/opener.hpp"
#include "tools/hub/stop_signal.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr seconds kRepeatAfter{5};
constexpr std::chrono::minutes kCommandLifetime{5};
constexpr std::size_t kCorrelation_bytes = 16;
/// With a challenge in it each but the first; what was on its way is refused once more.
constexpr int kMostEnvelopes = 4;
constexpr int kRefused = 1;
constexpr int kNoReply = 3;

Result<crypto::Identity> readSigner(FileSystem& files, const CommandSettings& settings) {
    const auto certificate = readTextFile(files, settings.signer_certificate_file);
    if (!certificate) return std::unexpected(certificate.error());
    const auto key = readTextFile(files, settings.signer_key_file);
    if (!key) return std::unexpected(key.error());
    return crypto::Identity::fromPem(*key, *certificate);
}

/// The reply with this correlation, if it is what arrived.
std::optional<json> replyIn(const Arrived& arrived, const std::string& correlation_hex) {
    auto reply = parseDocument(arrived.payload);
    if (!reply || textField(*reply, "correlation") != correlation_hex) return std::nullopt;
    return std::move(*reply);
}

/// What a gateway that does not know the time wants to see signed; empty: nothing.
std::string challengeIn(const json& reply) {
    const json& error = objectField(reply, "error");
    return textField(error, "reason") == "time-unsynced" ? textField(error, "challenge") : std::string();
}

/// The reply to what is published again and again, while the connection lasts.
std::optional<json> repeatUntilReply(Connection& connection, const Outgoing& message, BootTime give_up,
                                     std::deque<Arrived>& others) {
    const SystemClock clock;
    const std::string correlation = toHex(asBytes(message.correlation));
    for (BootTime now = clock.bootNow(); now < give_up && connection.up(); now = clock.bootNow()) {
        if (auto sent = connection.publish(message); !sent) return std::nullopt;
        const BootTime again = std::min(now + kRepeatAfter, give_up);
        while (clock.bootNow() < again && connection.up()) {
            auto arrived = connection.next(std::chrono::ceil<milliseconds>(again - clock.bootNow()));
            if (!arrived) continue;
            if (auto reply = replyIn(*arrived, correlation)) return reply;
            others.push_back(std::move(*arrived));
        }
    }
    return std::nullopt;
}

/// `path`: without an ending.
int awaitClip(const std::string& path, std::uint32_t wait_s) {
    StopSignal stop;
    RealFileSystem files;
    const SystemClock clock;
    const BootTime give_up = clock.bootNow() + seconds(wait_s);
    while (!files.exists(path + ".json")) {
        if (clock.bootNow() > give_up)
            return complain(Error{ErrorKind::Timeout, 0, "the clip has not come: " + path});
        if (stop.wait(milliseconds(200)))
            return complain(Error{ErrorKind::Cancelled, 0, "waiting for the clip"});
    }
    std::cout << path << ".mp4\n";
    return 0;
}

bool accepted(const json& reply) {
    return boolField(reply, "ok").value_or(false);
}

}  // namespace

Result<std::string> sealFor(const CommandSettings& settings, const std::string& command,
                            const std::string& payload, std::chrono::minutes lifetime) {
    RealFileSystem files;
    const auto signer = readSigner(files, settings);
    if (!signer) return std::unexpected(signer.error());
    const WallTime now = SystemClock().wallNow().time;
    const std::string counter_file =
        settings.counter_file.empty() ? settings.signer_key_file + ".counter" : settings.counter_file;
    const auto counter = nextCounter(files, counter_file, now);
    if (!counter) return std::unexpected(counter.error());
    const ByteView bytes = asBytes(payload);
    return evidence::sealEnvelope(
        {command, settings.gateway, *counter, now, now + lifetime, Bytes(bytes.begin(), bytes.end())},
        *signer);
}

Result<std::unique_ptr<Connection>> openForReplies(const CommandSettings& settings,
                                                   std::vector<std::string> topics) {
    Bytes name(4);
    if (auto filled = crypto::fillRandom(name); !filled) return std::unexpected(filled.error());
    BrokerSettings broker = settings.broker;
    broker.client_id += "-" + toHex(name);
    topics.push_back(downTopic(settings.gateway, "reply"));
    return Connection::open(broker, topics);
}

Result<json> ask(Connection& connection, const CommandSettings& settings, const std::string& command,
                 json payload, std::deque<Arrived>& others) {
    Bytes correlation(kCorrelation_bytes);
    if (auto filled = crypto::fillRandom(correlation); !filled) return std::unexpected(filled.error());
    const BootTime give_up = SystemClock().bootNow() + seconds(settings.wait_s);
    for (int envelopes = 1;; ++envelopes) {
        const auto envelope = sealFor(settings, command, payload.dump(), kCommandLifetime);
        if (!envelope) return std::unexpected(envelope.error());
        const Outgoing message{downTopic(settings.gateway, "command/" + command), *envelope,
                               downTopic(settings.gateway, "reply"), std::string(asText(correlation)),
                               static_cast<std::uint32_t>(kRepeatAfter.count())};
        auto reply = repeatUntilReply(connection, message, give_up, others);
        if (!reply) break;
        const std::string challenge = challengeIn(*reply);
        if (challenge.empty() || envelopes >= kMostEnvelopes) return std::move(*reply);
        payload["challenge"] = challenge;
    }
    return fail(ErrorKind::Timeout,
                "no reply from " + settings.gateway + " within " + std::to_string(settings.wait_s) + " s");
}

Result<json> ask(const CommandSettings& settings, const std::string& command, json payload) {
    auto connection = openForReplies(settings, {});
    if (!connection) return std::unexpected(connection.error());
    std::deque<Arrived> others;
    return ask(**connection, settings, command, std::move(payload), others);
}

int complain(const Error& error) {
    std::cerr << "camgate-hub: " << error.describe() << '\n';
    return error.kind == ErrorKind::Timeout ? kNoReply : kRefused;
}

int requestClip(const CommandSettings& settings, const ClipOrder& order, const std::string& serve_directory) {
    json payload{
        {"camera", order.camera}, {"from", order.from}, {"to", order.to}, {"quality", order.quality}};
    if (!order.case_number.empty()) payload["case"] = order.case_number;
    if (!order.officer.empty()) payload["officer"] = order.officer;
    if (!order.purpose.empty()) payload["purpose"] = order.purpose;
    const auto reply = ask(settings, "clip.request", payload);
    if (!reply) return complain(reply.error());
    std::cout << reply->dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    if (!accepted(*reply)) return kRefused;
    if (serve_directory.empty()) return 0;
    const std::string clip = textField(objectField(*reply, "result"), "clip");
    if (!isHexId(clip)) return complain(Error{ErrorKind::Corruption, 0, "a reply without a clip"});
    return awaitClip(serve_directory + "/clips/" + clip, settings.wait_s);
}

int request(const CommandSettings& settings, const std::string& command, const std::string& payload) {
    const json document = json::parse(payload, nullptr, false);
    if (!document.is_object())
        return complain(Error{ErrorKind::InvalidArgument, 0, "not a JSON object: " + payload});
    const auto reply = ask(settings, command, document);
    if (!reply) return complain(reply.error());
    std::cout << reply->dump(2, ' ', false, json::error_handler_t::replace) << '\n';
    return accepted(*reply) ? 0 : kRefused;
}

int requestSnapshot(const CommandSettings& settings, const std::string& camera, const std::string& out_file) {
    const auto reply = ask(settings, "snapshot.request", {{"camera", camera}});
    if (!reply) return complain(reply.error());
    if (!accepted(*reply)) {
        std::cout << reply->dump(2, ' ', false, json::error_handler_t::replace) << '\n';
        return kRefused;
    }
    RealFileSystem files;
    const auto opener = Opener::fromFile(files, settings.receive_key_file);
    if (!opener) return complain(opener.error());
    const json& result = objectField(*reply, "result");
    const auto jpeg = opener->picture(settings.gateway, textField(*reply, "correlation"), result);
    if (!jpeg) return complain(jpeg.error());
    if (auto put = replaceFile(files, out_file, asText(*jpeg)); !put) return complain(put.error());
    std::cout << out_file << "  taken " << textField(result, "at") << '\n';
    return 0;
}

}  // namespace camgate::hub
