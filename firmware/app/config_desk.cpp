#include "app/config_desk.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/json_text.hpp"
#include "base/log.hpp"
#include "config/report.hpp"

namespace camgate::app {
namespace {

/// How soon a trial sees that something is back.
constexpr Duration kTrialLook = std::chrono::milliseconds(500);

}  // namespace

ConfigDesk::ConfigDesk(EventLoop& loop, FileSystem& files, const std::string& data_folder,
                       const config::Board& board, StartingConfig start)
    : loop_(loop),
      store_(std::move(start.store)),
      secret_store_(files, data_folder),
      secrets_(std::move(start.secrets)),
      keeper_({loop, *this,
               [this](config::History history, std::function<void(Status)> done) {
                   save(std::move(history), std::move(done));
               },
               [this] { onChanged(); }},
              board, std::move(start.history), std::move(start.configuration)) {
    keeper_.start();
}

ConfigDesk::~ConfigDesk() {
    *alive_ = false;
}

config::Configuration ConfigDesk::configuration() const {
    config::Configuration configuration = keeper_.configuration();
    config::applySecrets(secrets_, configuration);
    return configuration;
}

void ConfigDesk::onDesired(const uplink::DesiredConfiguration& desired) {
    keeper_.propose({desired.document, desired.base_revision, desired.revision, "hub", desired.who, {}},
                    [](const config::Outcome&) {});
}

std::string ConfigDesk::reportedJson() const {
    std::set<std::string> names;
    for (const auto& [name, value] : secrets_) names.insert(name);
    const std::string report = config::reportJson(keeper_, names);
    const std::string unwrap = gateway_ == nullptr ? std::string() : gateway_->unwrapCertificate();
    if (unwrap.empty()) return report;
    nlohmann::json document = nlohmann::json::parse(report);
    document["unwrap"] = unwrap;
    return document.dump();
}

void ConfigDesk::apply(const config::Configuration&) {
    if (gateway_ != nullptr) gateway_->follow(configuration());
    if (!keeper_.trial().running()) return;
    look_ = loop_.runEvery(kTrialLook, [this] {
        keeper_.look();
        if (!keeper_.trial().running()) look_.cancel();
    });
}

config::Health ConfigDesk::health() const {
    return gateway_ == nullptr ? config::Health() : gateway_->health();
}

void ConfigDesk::save(config::History history, std::function<void(Status)> done) {
    keepOn([this, history = std::move(history)] { return store_->save(history); }, std::move(done));
}

void ConfigDesk::setSecret(const std::string& name, const std::string& value, const std::string& who,
                           std::function<void(Status)> done, const config::Configuration* planned) {
    if (keeper_.trial().running())
        return done(fail(ErrorKind::FailedPrecondition, "a revision is on trial: wait for its end"));
    const auto takes = [&name](const config::Configuration& configuration) {
        const auto names = config::secretNames(configuration);
        return std::ranges::find(names, name) != names.end();
    };
    if (!takes(keeper_.configuration()) && (planned == nullptr || !takes(*planned)))
        return done(fail(ErrorKind::NotFound, "no setting takes a secret " + name));
    if (value.size() > config::kMostSecret_bytes) {
        return done(fail(ErrorKind::InvalidArgument,
                         "a secret has at most " + std::to_string(config::kMostSecret_bytes) + " bytes"));
    }
    config::Secrets next = secrets_;
    next.erase(name);
    if (!value.empty()) next[name] = value;
    keepOn([this, next] { return secret_store_.save(next); },
           [this, name, who, next, done = std::move(done)](const Status& kept) {
               if (kept) {
                   secrets_ = next;
                   logEvent(LogLevel::Info, "config", "secret-set", {{"name", name}});
                   if (!who.empty()) audit(who, "secret.set", "done", nlohmann::json{{"name", name}}.dump());
                   if (gateway_ != nullptr) {
                       gateway_->follow(configuration());
                       gateway_->configurationChanged();
                   }
               }
               done(kept);
           });
}

/// Runs `job` on the thread that owns the stores.
void ConfigDesk::keepOn(std::function<Status()> job, std::function<void(Status)> done) {
    if (!store_) return done(fail(ErrorKind::Unavailable, "there is no data folder to keep it in"));
    const bool posted = thread_.tryPost([this, job = std::move(job), done, alive = alive_] {
        loop_.post([kept = job(), done, alive] {
            if (*alive) done(kept);
        });
    });
    if (!posted) done(fail(ErrorKind::Unavailable, "the card is busy"));
}

void ConfigDesk::onChanged() {
    const config::Outcome& outcome = keeper_.outcome();
    const bool well = outcome.fate == config::Fate::Applied || outcome.fate == config::Fate::Trial;
    logEvent(well ? LogLevel::Info : LogLevel::Warning, "config", "config-state",
             {{"state", config::toString(outcome.fate)},
              {"revision", outcome.revision},
              {"in_force", keeper_.history().current},
              {"reason", outcome.reason}});
    audit(whoProposed(), "config.change", std::string(config::toString(outcome.fate)),
          jsonText({{"revision", outcome.revision},
                    {"in_force", keeper_.history().current},
                    {"reason", outcome.reason}}));
    if (gateway_ != nullptr) gateway_->configurationChanged();
}

std::string ConfigDesk::whoProposed() const {
    const config::Outcome& outcome = keeper_.outcome();
    if (!outcome.who.empty()) return outcome.who;
    const config::Revision* revision = keeper_.history().find(outcome.revision);
    return revision == nullptr ? "unknown" : revision->who;
}

void ConfigDesk::audit(const std::string& who, const std::string& action, const std::string& outcome,
                       const std::string& detail_json) {
    if (gateway_ != nullptr)
        gateway_->audit({loop_.clock().wallNow().time, who, action, outcome, detail_json});
}

}  // namespace camgate::app
