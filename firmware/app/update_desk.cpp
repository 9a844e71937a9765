#include "app/update_desk.hpp"

#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "app/json_text.hpp"
#include "app/wired_network.hpp"
#include "base/log.hpp"
#include "base/wall_text.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;
using update::Phase;

json recordJson(const update::UpdateRecord& record, std::optional<int> percent) {
    json out{{"phase", update::toString(record.phase)}};
    if (record.phase == Phase::None) return out;
    out["since"] = formatWallTime(record.since);
    out["source"] = update::toString(record.order.source);
    if (!record.order.version.empty()) out["version"] = record.order.version;
    if (!record.from_version.empty()) out["from_version"] = record.from_version;
    if (percent) out["percent"] = *percent;
    if (!record.reason.empty()) out["reason"] = record.reason;
    if (!record.detail.empty()) out["detail"] = record.detail;
    if (record.verified && record.phase == Phase::Verifying && record.order.not_before)
        out["waits_until"] = formatWallTime(*record.order.not_before);
    return out;
}

json slotsJson(const update::Slots& slots) {
    json all = json::array();
    for (const auto slot : {update::Slot::A, update::Slot::B}) {
        json one{{"slot", update::nameOf(slot)},
                 {"runs", slot == slots.running},
                 {"first", slot == slots.first},
                 {"tries_left", slots.triesLeft(slot)}};
        if (!slots.version(slot).empty()) one["version"] = slots.version(slot);
        all.push_back(std::move(one));
    }
    return all;
}

/// What the audit trail says of a record that begins or ends.
std::string outcomeOf(Phase phase) {
    return phase == Phase::Downloading ? "started" : std::string(update::toString(phase));
}

}  // namespace

UpdateDesk::UpdateDesk(EventLoop& loop, FileSystem& files, ipc::Launcher& launcher, UpdateDeskOptions options)
    : loop_(loop),
      options_(std::move(options)),
      installer_(loop, launcher, options_.own_version),
      fetch_({loop, launcher,
              [this] { return gateway_ != nullptr ? gateway_->bundleBytesPerSecond() : std::uint64_t{0}; },
              [this](std::uint64_t offset, Bytes bytes, std::function<void(Status)> taken) {
                  updater_.deliver(offset, std::move(bytes), std::move(taken));
              },
              [this](const Error& why) { updater_.onDeliveryFailed(why); }}),
      updater_(
          {loop, installer_, [this](std::function<void()> job) { return thread_.tryPost(std::move(job)); },
           [this] { return gateway_ != nullptr ? gateway_->updateHealth() : update::Health(); },
           [this](const update::Order& order, std::uint64_t have_bytes) { fetch(order, have_bytes); },
           [this](const update::UpdateRecord& record) { audit(record); }, [this] { onChanged(); }},
          update::UpdateFiles::open(files, options_.data_folder)) {}

void UpdateDesk::lead(Updated* gateway) {
    gateway_ = gateway;
    if (gateway != nullptr) {
        for (const auto& entry : std::exchange(unsaid_, {})) gateway->audit(entry);
    }
    if (gateway != nullptr && !std::exchange(started_, true)) updater_.start();
}

void UpdateDesk::fetch(const update::Order& order, std::uint64_t have_bytes) {
    if (order.source == update::Source::Url) return fetch_.begin(order.url, order.bytes, have_bytes);
    fetch_.stop();
    from_hub_ = order.sha256;
    if (gateway_ != nullptr) gateway_->bundleWanted();
}

std::optional<uplink::WantedBundle> UpdateDesk::wantedBundle() const {
    const update::UpdateRecord& record = updater_.record();
    const update::Order& order = record.order;
    const bool from_hub = order.source == update::Source::Hub && order.sha256 == from_hub_;
    if (!from_hub || record.phase != Phase::Downloading) return std::nullopt;
    return uplink::WantedBundle{order.sha256, order.bytes, updater_.haveBytes(), record.since};
}

void UpdateDesk::deliver(std::uint64_t offset, Bytes bytes, std::function<void(Status)> written) {
    updater_.deliver(offset, std::move(bytes), std::move(written));
}

void UpdateDesk::onChanged() {
    if (updater_.record().phase != Phase::Downloading) {
        fetch_.stop();
        from_hub_.clear();
    }
    if (gateway_ != nullptr) gateway_->updateChanged();
}

void UpdateDesk::call(const std::string& who, std::string_view command, const std::string& parameters,
                      Answer answer) {
    if (command == "update.status") return showStatus(answer);
    if (command == "update.begin") return begin(who, parameters, std::move(answer));
    if (command == "update.write") return write(parameters, std::move(answer));
    if (command == "machine.restart") return restartFor(who, std::move(answer));
    if (command == "machine.network") return setNetwork(who, parameters, std::move(answer));
    answer(fail(ErrorKind::Internal, "nobody answers " + std::string(command)));
}

void UpdateDesk::begin(const std::string& who, const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    update::Order order;
    order.sha256 = asked["sha256"];
    order.id = order.sha256.substr(0, 16);
    order.bytes = asked["bytes"];
    order.who = who;
    updater_.order(std::move(order), [answer = std::move(answer)](const Result<std::uint64_t>& have) {
        if (!have) return answer(std::unexpected(have.error()));
        answer(jsonText({{"have_bytes", *have}}));
    });
}

void UpdateDesk::write(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    auto bytes = fromBase64(asked["bytes"].get<std::string>());
    if (!bytes) return answer(fail(ErrorKind::InvalidArgument, "bytes: expected base64"));
    updater_.deliver(asked["offset"], std::move(*bytes), [answer = std::move(answer)](const Status& taken) {
        if (!taken) return answer(std::unexpected(taken.error()));
        answer("{}");
    });
}

void UpdateDesk::restartFor(const std::string& who, Answer answer) {
    if (auto may = mayRestart(); !may) return answer(std::unexpected(may.error()));
    audit(who, "reboot", "started", "{}");
    installer_.restart([answer = std::move(answer)](const Status& done) {
        if (!done) return answer(std::unexpected(done.error()));
        answer("{}");
    });
}

void UpdateDesk::setNetwork(const std::string& who, const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    ipc::NetworkOrder order{asked.value("address", ""), asked.value("router", ""), {}};
    std::istringstream names(asked.value("names", ""));
    for (std::string name; std::getline(names, name, ',');) order.name_servers.push_back(name);
    // camgate-priv looks again.
    if (const auto network = wiredNetworkOf(order); !network) return answer(std::unexpected(network.error()));
    installer_.setNetwork(order, [this, who, parameters, answer = std::move(answer)](const Status& done) {
        audit(who, "network", done ? "done" : "failed", parameters);
        if (!done) return answer(std::unexpected(done.error()));
        answer("{}");
    });
}

void UpdateDesk::audit(const std::string& who, const char* action, const char* outcome,
                       const std::string& detail_json) {
    if (gateway_ != nullptr)
        gateway_->audit({loop_.clock().wallNow().time, who, action, outcome, detail_json});
}

Status UpdateDesk::mayRestart() const {
    if (!options_.on_a_box && !updater_.slots()) {
        return fail(ErrorKind::PermissionDenied,
                    "camgated runs in the foreground of somebody's machine: restart it by its own means");
    }
    if (updater_.record().phase != Phase::Installing) return {};
    return fail(ErrorKind::Unavailable, "an update is being installed, and restarts the box when it is done");
}

void UpdateDesk::restart() {
    installer_.restart([](const Status& done) {
        if (!done) logEvent(LogLevel::Error, "app", "machine-not-restarted", {{"why", done.error()}});
    });
}

void UpdateDesk::showStatus(const Answer& answer) const {
    json out = recordJson(updater_.record(), updater_.percent());
    out["running"] = options_.own_version;
    if (const auto& slots = updater_.slots()) {
        out["slots"] = slotsJson(*slots);
        out["board"] = slots->compatible;
    }
    if (!updater_.fault().empty()) out["fault"] = updater_.fault();
    answer(jsonText(out));
}

void UpdateDesk::order(const uplink::UpdateOrder& order, std::function<void(Result<std::string>)> answer) {
    update::Order taken;
    taken.id = order.id;
    taken.version = order.version;
    taken.sha256 = order.sha256;
    taken.bytes = order.bytes;
    taken.source = order.url.empty() ? update::Source::Hub : update::Source::Url;
    taken.url = order.url;
    taken.not_before = order.not_before;
    taken.allow_downgrade = order.allow_downgrade;
    taken.who = order.who;
    updater_.order(std::move(taken), [this, answer = std::move(answer)](const Result<std::uint64_t>& have) {
        if (!have) return answer(std::unexpected(have.error()));
        json result = recordJson(updater_.record(), updater_.percent());
        result["have_bytes"] = *have;
        answer(jsonText(result));
    });
}

std::string UpdateDesk::statusJson() const {
    if (updater_.record().phase == Phase::None) return {};
    return jsonText(recordJson(updater_.record(), updater_.percent()));
}

void UpdateDesk::audit(const update::UpdateRecord& record) {
    json detail = recordJson(record, std::nullopt);
    detail.erase("phase");
    detail.erase("since");
    detail["sha256"] = record.order.sha256;
    uplink::AuditRecord entry{loop_.clock().wallNow().time, record.order.who, "update",
                              outcomeOf(record.phase), jsonText(detail)};
    if (gateway_ != nullptr) return gateway_->audit(entry);
    unsaid_.push_back(std::move(entry));
}

}  // namespace camgate::app
