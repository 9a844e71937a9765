// From a verified bundle to its end; how one comes is in updater_delivery.cpp.
#include "update/updater.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace camgate::update {
namespace {

constexpr Duration kHealthInterval = std::chrono::seconds(1);
/// For a machine that was told to restart.
constexpr Duration kRestartPatience = std::chrono::minutes(5);
/// Somebody's installation is under way.
constexpr Duration kBusyWait = std::chrono::seconds(10);
constexpr Duration kMostRare = std::chrono::hours(1);

}  // namespace

Updater::Updater(UpdaterPorts ports, Result<UpdateFiles> files) : ports_(std::move(ports)) {
    if (!files) {
        fault_ = files.error().describe();
        logEvent(LogLevel::Error, "update", "update-store-unusable", {{"why", files.error()}});
        return;
    }
    files_.emplace(std::move(*files));
    record_ = files_->store().record();
    if (const std::string& damage = files_->store().damage(); !damage.empty())
        logEvent(LogLevel::Error, "update", "update-store-damaged", {{"why", damage}});
}

void Updater::start() {
    if (!files_) return;
    look(inPhase([this](const Status& seen) {
        if (seen) return follow(courseAtStart(record_, *slots_));
        retry([this] { start(); }, look_again_);
        // A machine without slots will never answer otherwise; one in the middle of an update will soon.
        if (!underWay(record_.phase)) look_again_ = std::min(look_again_ * 2, kMostRare);
    }));
}

void Updater::look(std::function<void(Status)> seen) {
    ports_.installer.slots(lifeline_.guard([this, seen = std::move(seen)](Result<Slots> slots) {
        if (slots) {
            slots_ = std::move(*slots);
            fault_.clear();
        } else {
            fault_ = slots.error().describe();
        }
        seen(slots ? Status() : std::unexpected(slots.error()));
        ports_.changed();
    }));
}

void Updater::follow(Course course) {
    switch (course) {
        case Course::Idle:
            return settle();
        case Course::Deliver:
            return resumeDelivery();
        case Course::Verify:
            return verify();
        case Course::Install:
            return install();
        case Course::Activate:
            return activateAndRestart();
        case Course::Prove:
            return prove();
        case Course::GoBack:
            return goBack();
        case Course::WentBack:
            return wentBack();
    }
}

void Updater::enter(Phase phase) {
    record_.phase = phase;
    record_.attempts = 0;
    record_.since = ports_.loop.clock().wallNow().time;
    leavePhase();
    logEvent(LogLevel::Info, "update", "update-phase",
             {{"phase", toString(phase)},
              {"version", record_.order.version},
              {"reason", record_.reason},
              {"detail", record_.detail}});
    ports_.changed();
}

void Updater::leavePhase() {
    percent_.reset();
    timer_.cancel();
    health_.cancel();
    phase_.emplace();
}

void Updater::save(Then then) {
    ask<bool>(
        [record = record_](UpdateFiles& files) -> Result<bool> {
            if (auto done = files.store().save(record); !done) return std::unexpected(done.error());
            return true;
        },
        inPhase([this, then = std::move(then)](const Result<bool>& saved) {
            if (saved) return then();
            logEvent(LogLevel::Error, "update", "update-not-recorded", {{"why", saved.error()}});
            retry([this, then] { save(then); });
        }));
}

void Updater::retry(Then then, Duration after) {
    timer_ = ports_.loop.runAfter(after, std::move(then));
}

/// Each start costs a try: one that went well gives them back. The bundle of an update that has ended goes.
void Updater::settle() {
    if (underWay(record_.phase)) return;
    ask<bool>(
        [](UpdateFiles& files) -> Result<bool> {
            if (auto gone = files.removeBundle(); !gone) return std::unexpected(gone.error());
            return true;
        },
        lifeline_.guard([](const Result<bool>& gone) {
            if (!gone) logEvent(LogLevel::Error, "update", "bundle-not-removed", {{"why", gone.error()}});
        }));
    settled_ = ports_.loop.runAfter(kSettled, [this] { giveTriesBack(); });
}

/// Until it is done, or an installation does it.
void Updater::giveTriesBack() {
    if (record_.phase > Phase::Verifying && underWay(record_.phase)) return;
    const bool fell_back = slots_->first != slots_->running && slots_->triesLeft(slots_->first) == 0;
    const Installer::Done done = lifeline_.guard([this](const Status& marked) {
        if (marked) return;
        logEvent(LogLevel::Error, "update", "slot-not-marked-good", {{"why", marked.error()}});
        settled_ = ports_.loop.runAfter(kRetry, [this] { giveTriesBack(); });
    });
    if (!fell_back) return ports_.installer.markGood(done);
    ports_.installer.activate(slots_->running, lifeline_.guard([this, done](const Status& activated) {
        if (!activated) return done(activated);
        ports_.installer.markGood(done);
    }));
}

void Updater::install() {
    if (record_.phase == Phase::Installing && record_.attempts >= kMostAttempts)
        return end(Phase::Failed, "install-failed",
                   "it was begun three times and never came to its end; see the log");
    if (slots_->installing) {
        return retry([this] { look([this](const Status&) { install(); }); }, kBusyWait);
    }
    const int attempts = record_.phase == Phase::Installing ? record_.attempts : 0;
    settled_.cancel();
    enter(Phase::Installing);
    record_.attempts = attempts + 1;
    record_.from = slots_->running;
    record_.target = other(slots_->running);
    record_.from_version = slots_->version(slots_->running);
    demandWhatWorks();
    // What a failure falls back to has all its tries.
    save([this] {
        ports_.installer.markGood(inPhase([this](const Status& marked) {
            if (marked) return beginInstalling();
            logEvent(LogLevel::Error, "update", "slot-not-marked-good", {{"why", marked.error()}});
            retry([this] { install(); });
        }));
    });
}

void Updater::beginInstalling() {
    const auto progress = inPhase([this](int percent) {
        percent_ = percent;
        ports_.changed();
    });
    ports_.installer.install(files_->bundlePath(), progress,
                             inPhase([this](const Status& done) { onInstalled(done); }));
}

void Updater::onInstalled(const Status& done) {
    if (done) return reboot();
    if (done.error().kind != ErrorKind::Unavailable)
        return end(Phase::Failed, "install-failed", done.error().context);
    // Whoever was asked is gone: what became of it shows in a while.
    retry([this] {
        look([this](const Status& seen) {
            if (seen) return install();
            onInstalled(seen);
        });
    });
}

/// Besides what is demanded already: a camera that reconnects just now worked when the installation began.
void Updater::demandWhatWorks() {
    const Demands now = demandsOf(ports_.health(), record_.order.source);
    record_.demands.link |= now.link;
    record_.demands.card |= now.card;
    record_.demands.cameras.insert(now.cameras.begin(), now.cameras.end());
}

void Updater::reboot() {
    enter(Phase::Rebooting);
    demandWhatWorks();
    save([this] { activateAndRestart(); });
}

void Updater::activateAndRestart() {
    if (record_.attempts >= kMostAttempts) return giveUpStarting();
    ++record_.attempts;
    save([this] {
        ports_.installer.activate(
            record_.target, inPhase([this](const Status& done) {
                if (done) return restart();
                logEvent(LogLevel::Error, "update", "slot-not-activated", {{"why", done.error()}});
                retry([this] { activateAndRestart(); });
            }));
    });
}

/// Whether the new slot is first is not known: a failed update leaves the one that runs so.
void Updater::giveUpStarting() {
    ports_.installer.activate(record_.from, inPhase([this](const Status& done) {
                                  if (done) {
                                      return end(
                                          Phase::Failed, "not-started",
                                          "version " + record_.order.version +
                                              " is installed, and three times the box did not start it");
                                  }
                                  retry([this] { giveUpStarting(); });
                              }));
}

void Updater::restart() {
    ports_.installer.restart(inPhase([this](const Status& done) {
        if (!done) logEvent(LogLevel::Error, "update", "not-restarted", {{"why", done.error()}});
        retry([this] { restart(); }, done ? kRestartPatience : kRetry);
    }));
}

void Updater::prove() {
    if (record_.phase != Phase::Trial) enter(Phase::Trial);
    save([this] {
        trial_ends_ = ports_.loop.clock().bootNow() + kTrial;
        health_ = ports_.loop.runEvery(kHealthInterval, [this] { lookAtHealth(); });
        lookAtHealth();
    });
}

void Updater::lookAtHealth() {
    const std::string what = lacking(record_.demands, ports_.health());
    if (what.empty()) return keep();
    if (ports_.loop.clock().bootNow() < trial_ends_) return;
    record_.detail = what;
    giveUp();
}

void Updater::keep() {
    health_.cancel();
    ports_.installer.markGood(inPhase([this](const Status& marked) {
        if (marked) return end(Phase::Committed, "", "");
        logEvent(LogLevel::Error, "update", "slot-not-marked-good", {{"why", marked.error()}});
        if (ports_.loop.clock().bootNow() < trial_ends_)
            return retry([this] { keep(); }, std::chrono::seconds(10));
        record_.detail = "the slot could not be marked good: " + marked.error().describe();
        giveUp();
    }));
}

void Updater::giveUp() {
    record_.reason = "not-healthy";
    enter(Phase::Trial);
    save([this] { goBack(); });
}

void Updater::goBack() {
    ports_.installer.activate(
        record_.from, inPhase([this](const Status& done) {
            if (done) return restart();
            logEvent(LogLevel::Error, "update", "slot-not-activated", {{"why", done.error()}});
            retry([this] { goBack(); });
        }));
}

void Updater::wentBack() {
    if (record_.phase == Phase::Committed)
        return end(Phase::RolledBack, "given-up-later",
                   "version " + record_.order.version + " used up all of its starts and was good in none");
    if (!record_.reason.empty()) return end(Phase::RolledBack, record_.reason, record_.detail);
    end(Phase::RolledBack, "did-not-start",
        "version " + record_.order.version + " was started three times and did not prove itself");
}

void Updater::end(Phase phase, const std::string& reason, const std::string& detail) {
    taking_ = false;
    record_.reason = reason;
    record_.detail = detail;
    enter(phase);
    save([this] {
        ports_.audit(record_);
        look([this](const Status&) { settle(); });
    });
}

}  // namespace camgate::update
