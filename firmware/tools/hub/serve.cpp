#include "tools/hub/serve.hpp"

#include <algorithm>
#include <iostream>
#include <utility>

#include "base/log.hpp"
#include "tools/hub/bundle_desk.hpp"
#include "tools/hub/commands.hpp"
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
constexpr std::uint64_t kBytesPerKbit = 125;

/// The process's two connections, that come and go together.
class Links {
  public:
    explicit Links(const ServeSettings& settings) : settings_(settings) {}

    [[nodiscard]] Status open() {
        BrokerSettings own = settings_.broker;
        own.mailbox = static_cast<int>(Source::Own);
        auto own_link = Connection::open(
            own, ownSubscriptions(settings_.name, !settings_.authority_folder.empty()), inbox_);
        if (!own_link) return std::unexpected(own_link.error());
        BrokerSettings shared = settings_.broker;
        shared.client_id += "-shared";
        shared.mailbox = static_cast<int>(Source::Shared);
        // No session: what this process does not take is for the others, at once.
        shared.session_expiry_s = 0;
        auto shared_link = Connection::open(
            shared, sharedSubscriptions(settings_.group, !settings_.bundles_folder.empty()), inbox_);
        if (!shared_link) return std::unexpected(shared_link.error());
        own_ = std::move(*own_link);
        shared_ = std::move(*shared_link);
        return sayRoot();
    }
    /// For those that enroll: they compare it with what they were told.
    [[nodiscard]] Status sayRoot() {
        if (settings_.authority_folder.empty()) return {};
        RealFileSystem files;
        const auto pem = readTextFile(files, rootCertificateFile(settings_.authority_folder));
        if (!pem) return std::unexpected(pem.error());
        return own_->publish({std::string(kEnrolAuthorityTopic), *pem, {}, {}, 0, true});
    }
    void close() {
        shared_.reset();
        own_.reset();
    }
    bool up() const { return own_ && own_->up() && shared_->up(); }
    Inbox& inbox() { return *inbox_; }
    /// Unsent receipts and pieces are no loss: the gateway sends the row or asks again and is answered then.
    void send(const std::string& topic, const std::string& payload, std::uint32_t expiry_s = 0) {
        if (!up()) return;
        if (auto sent = own_->publish({topic, payload, {}, {}, expiry_s}); !sent)
            logEvent(LogLevel::Warning, "hub", "answer-not-sent", {{"why", sent.error()}});
    }

  private:
    const ServeSettings& settings_;
    std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
    std::unique_ptr<Connection> own_, shared_;
};

/// Whom what arrives is for.
struct Desks {
    Receiver& receiver;
    std::optional<BundleDesk>& bundles;

    void take(const Arrived& message) {
        const auto address = parseUpTopic(message.topic);
        if (!bundles || !address || address->topic != UpTopic::Wanted)
            return receiver.take(static_cast<Source>(message.mailbox), message.topic, message.payload);
        if (auto taken = bundles->take(address->gateway, address->word, message.payload); !taken) {
            logEvent(LogLevel::Warning, "hub", "message-refused",
                     {{"topic", message.topic}, {"why", taken.error()}});
        }
    }
    Duration sendDue() { return bundles ? bundles->sendDue(kTick / 2) : Duration(kTick / 2); }
};

/// Until a connection or the process ends.
void work(Links& links, Desks desks, const Clock& clock, StopSignal& stop) {
    Receiver& receiver = desks.receiver;
    BootTime next_tick = clock.bootNow() + kTick;
    std::uint64_t dropped = links.inbox().dropped();
    while (links.up() && !stop.wait(milliseconds(0))) {
        auto message = links.inbox().next(std::chrono::ceil<milliseconds>(desks.sendDue()));
        for (std::size_t count = 0; message; ++count) {
            desks.take(*message);
            message = count < kMostPerBatch ? links.inbox().next(milliseconds(0)) : std::nullopt;
        }
        receiver.commit();
        if (clock.bootNow() < next_tick) continue;
        receiver.tick();
        next_tick = clock.bootNow() + kTick;
        if (const auto now = links.inbox().dropped(); std::exchange(dropped, now) != now) {
            receiver.slowDown();
            logEvent(LogLevel::Warning, "hub", "messages-dropped", {{"count", now}});
        }
    }
}

Result<crypto::Certificate> readCertificate(FileSystem& files, const std::string& path) {
    const auto pem = readTextFile(files, path);
    if (!pem) return std::unexpected(pem.error());
    auto certificate = crypto::Certificate::fromPem(*pem);
    if (!certificate) return passOn(certificate.error(), "reading " + path);
    return certificate;
}

Result<std::optional<crypto::Identity>> readCountersigner(FileSystem& files, const ServeSettings& settings) {
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

Result<ReceiverKeys> readKeys(FileSystem& files, const ServeSettings& settings) {
    auto authority = readCertificate(files, settings.evidence_ca_file);
    if (!authority) return std::unexpected(authority.error());
    auto countersigner = readCountersigner(files, settings);
    if (!countersigner) return std::unexpected(countersigner.error());
    auto opener = Opener::fromFile(files, settings.receive_key_file);
    if (!opener) return std::unexpected(opener.error());
    return ReceiverKeys{std::move(*authority), std::move(*countersigner), std::move(*opener)};
}

Result<std::optional<BundleDesk>> openBundles(FileSystem& files, const Clock& clock,
                                              const ServeSettings& settings, BundleDesk::Send send) {
    if (settings.bundles_folder.empty()) return std::nullopt;
    auto shelf = BundleShelf::open(files, clock, settings.bundles_folder);
    if (!shelf) return std::unexpected(shelf.error());
    return std::optional<BundleDesk>(std::in_place, std::move(*shelf), clock,
                                     settings.bundles_kbps * kBytesPerKbit, std::move(send));
}

}  // namespace

int serve(const ServeSettings& settings) {
    StopSignal stop;
    SystemClock clock;
    RealFileSystem files;
    auto keys = readKeys(files, settings);
    if (!keys) return complain(keys.error());
    if (auto made = files.makeDirectory(settings.directory); !made) return complain(made.error());
    const auto lock = files.open(settings.directory + "/lock", OpenMode::CreateOrOpen);
    if (!lock) return complain(lock.error());
    if (auto mine = (*lock)->lock(); !mine) return complain(mine.error());
    const auto database = HubDatabase::open(settings.directory + "/hub.db");
    if (!database) return complain(database.error());
    Links links(settings);
    const auto receiver = Receiver::open(
        files, clock, {settings.directory, settings.name, settings.authority_folder}, **database,
        std::move(*keys),
        [&links](const std::string& topic, const std::string& payload) { links.send(topic, payload); },
        [&settings](const std::string& line) {
            if (!settings.quiet) std::cout << line << std::endl;
        });
    if (!receiver) return complain(receiver.error());
    auto bundles =
        openBundles(files, clock, settings, [&links](const std::string& topic, const std::string& payload) {
            constexpr auto kGoodFor = std::chrono::duration_cast<std::chrono::seconds>(BundleDesk::kGoodFor);
            links.send(topic, payload, static_cast<std::uint32_t>(kGoodFor.count()));
        });
    if (!bundles) return complain(bundles.error());

    milliseconds back_off = kLeastBackOff;
    while (!stop.wait(milliseconds(0))) {
        const auto opened = links.open();
        if (opened) {
            logEvent(LogLevel::Info, "hub", "broker-up", {{"broker", settings.broker.host}});
            back_off = kLeastBackOff;
            work(links, {**receiver, *bundles}, clock, stop);
            links.close();
            if (stop.wait(milliseconds(0))) break;
        }
        logEvent(LogLevel::Warning, "hub", "broker-down",
                 {{"why", opened ? std::string("the connection ended") : opened.error().describe()}});
        if (stop.wait(back_off)) break;
        back_off = std::min(back_off * 2, kMostBackOff);
    }
    (*receiver)->commit();
    return 0;
}

}  // namespace camgate::hub
