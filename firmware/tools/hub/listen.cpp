#include "tools/hub/listen.hpp"

#include <algorithm>
#include <iostream>

#include "base/log.hpp"
#include "tools/hub/receiver.hpp"
#include "tools/hub/stop_signal.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLeastBackOff{1'000};
constexpr milliseconds kMostBackOff{30'000};
constexpr milliseconds kTick{500};
constexpr std::size_t kMostPerBatch = 256;

/// Until the connection or the process ends.
void serve(Connection& connection, Receiver& receiver, const Clock& clock, StopSignal& stop) {
    BootTime next_tick = clock.bootNow() + kTick;
    while (connection.up() && !stop.wait(milliseconds(0))) {
        auto message = connection.next(kTick / 2);
        for (std::size_t count = 0; message; ++count) {
            receiver.take(message->topic, message->payload);
            message = count < kMostPerBatch ? connection.next(milliseconds(0)) : std::nullopt;
        }
        receiver.commit();
        if (clock.bootNow() < next_tick) continue;
        receiver.tick();
        next_tick = clock.bootNow() + kTick;
    }
}

Result<crypto::Certificate> readCertificate(FileSystem& files, const std::string& path) {
    const auto pem = readTextFile(files, path);
    if (!pem) return std::unexpected(pem.error());
    auto certificate = crypto::Certificate::fromPem(*pem);
    if (!certificate) return passOn(certificate.error(), "reading " + path);
    return certificate;
}

Result<std::optional<crypto::Identity>> readCountersigner(FileSystem& files, const ListenSettings& settings) {
    if (settings.countersign_certificate_file.empty()) return std::nullopt;
    const auto certificate = readTextFile(files, settings.countersign_certificate_file);
    if (!certificate) return std::unexpected(certificate.error());
    const auto key = readTextFile(files, settings.countersign_key_file);
    if (!key) return std::unexpected(key.error());
    auto identity = crypto::Identity::fromPem(*key, *certificate);
    if (!identity) return passOn(identity.error(), "reading " + settings.countersign_key_file);
    if (!identity->certificate().hasPurpose(crypto::Purpose::Countersign)) {
        return fail(ErrorKind::FailedPrecondition,
                    settings.countersign_certificate_file + " lacks the purpose `countersign`");
    }
    return std::optional(std::move(*identity));
}

Result<ReceiverKeys> readKeys(FileSystem& files, const ListenSettings& settings) {
    auto authority = readCertificate(files, settings.evidence_ca_file);
    if (!authority) return std::unexpected(authority.error());
    auto countersigner = readCountersigner(files, settings);
    if (!countersigner) return std::unexpected(countersigner.error());
    auto opener = Opener::fromFile(files, settings.receive_key_file);
    if (!opener) return std::unexpected(opener.error());
    return ReceiverKeys{std::move(*authority), std::move(*countersigner), std::move(*opener)};
}

}  // namespace

int listen(const ListenSettings& settings) {
    StopSignal stop;
    SystemClock clock;
    RealFileSystem files;
    auto keys = readKeys(files, settings);
    if (!keys) return std::cerr << "camgate-hub: " << keys.error().describe() << '\n', 1;

    Connection* current = nullptr;
    auto receiver = Receiver::open(
        files, clock, {settings.directory, settings.name}, std::move(*keys),
        [&current](const std::string& topic, const std::string& payload) {
            // Unsent receipts are no loss: the gateway sends the row again and is answered then.
            if (!current) return;
            if (auto sent = current->publish({topic, payload, {}, {}, 0}); !sent) {
                logEvent(LogLevel::Warning, "hub", "receipt-not-sent", {{"why", sent.error()}});
            }
        },
        [&settings](const std::string& line) {
            if (!settings.quiet) std::cout << line << std::endl;
        });
    if (!receiver) return std::cerr << "camgate-hub: " << receiver.error().describe() << '\n', 1;

    milliseconds back_off = kLeastBackOff;
    while (!stop.wait(milliseconds(0))) {
        auto connection = Connection::open(settings.broker, hubSubscriptions(settings.name));
        if (connection) {
            logEvent(LogLevel::Info, "hub", "broker-up", {{"broker", settings.broker.host}});
            back_off = kLeastBackOff;
            current = connection->get();
            serve(**connection, **receiver, clock, stop);
            current = nullptr;
            if (stop.wait(milliseconds(0))) break;
        }
        logEvent(LogLevel::Warning, "hub", "broker-down",
                 {{"why", connection ? std::string("the connection ended") : connection.error().describe()}});
        if (stop.wait(back_off)) break;
        back_off = std::min(back_off * 2, kMostBackOff);
    }
    (*receiver)->commit();
    return 0;
}

}  // namespace camgate::hub
