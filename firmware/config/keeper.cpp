#include "config/keeper.hpp"

#include <algorithm>
#include <utility>

#include "base/wall_text.hpp"

namespace camgate::config {
namespace {

Outcome rejected(const Proposal& proposal, std::string reason) {
    return {Fate::Rejected, proposal.number, std::move(reason), {}, proposal.who};
}

/// What worked and has a place in the new configuration as well.
Demands demandsOf(const Health& before, const Configuration& next) {
    Demands demands;
    demands.link = before.link_up;
    for (const auto& camera : next.cameras) {
        if (before.live_cameras.contains(camera.id)) demands.cameras.insert(camera.id);
    }
    return demands;
}

std::string seconds(Duration time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

Keeper::Keeper(KeeperPorts ports, Board board, History history, Configuration configuration)
    : ports_(std::move(ports)),
      board_(std::move(board)),
      history_(std::move(history)),
      configuration_(std::move(configuration)),
      trial_(ports_.loop) {
    outcome_.revision = history_.current;
    if (history_.reverted == 0) return;
    outcome_ = {Fate::Reverted, history_.reverted, history_.reverted_why, {}};
}

Keeper::~Keeper() {
    *alive_ = false;
}

void Keeper::start() {
    if (history_.trial != 0) revert("the gateway stopped during the trial");
}

void Keeper::propose(Proposal proposal, const Answer& answer) {
    Loaded loaded;
    Outcome outcome = judge(proposal, loaded);
    if (outcome.fate == Fate::Rejected) {
        // Who comes in between does not change what is told of the trial.
        if (!trial_.running() && !saving_) settle(outcome);
        return answer(outcome);
    }
    proposal.number = outcome.revision;
    proposal.document = printSparse(loaded.configuration);
    accept(proposal, std::move(loaded.configuration), answer);
}

Outcome Keeper::judge(const Proposal& proposal, Loaded& loaded) const {
    if (trial_.running() || saving_)
        return rejected(proposal, "busy: revision " + std::to_string(history_.trial) + " is on trial");
    loaded = loadConfiguration(proposal.document, board_);
    if (!loaded.secrets.empty())
        loaded.faults.push_back({"/version", "a document without secrets", "passwords of version 1"});
    if (!loaded.faults.empty()) {
        Outcome outcome = rejected(proposal, "faults");
        outcome.faults = loaded.faults;
        return outcome;
    }
    if (proposal.base != history_.current) {
        return rejected(proposal, "conflict: it was made from revision " + std::to_string(proposal.base) +
                                      ", revision " + std::to_string(history_.current) + " is in force");
    }
    const std::uint64_t next = history_.newest() + 1;
    if (proposal.number != 0 && proposal.number < next) {
        return rejected(proposal, "conflict: the next revision is " + std::to_string(next) + ", found " +
                                      std::to_string(proposal.number));
    }
    return {Fate::Trial, proposal.number == 0 ? next : proposal.number, "", {}};
}

void Keeper::accept(const Proposal& proposal, Configuration configuration, const Answer& answer) {
    const bool same = configuration == configuration_;
    History next = history_;
    const std::string at = formatWallTime(ports_.loop.clock().wallNow().time);
    (same ? next.current : next.trial) = proposal.number;
    next.add({proposal.number, proposal.base, proposal.source, proposal.who, at, proposal.document});
    next.reverted = 0;
    next.reverted_why.clear();
    saving_ = true;
    ports_.save(next, [=, this, alive = alive_, next = next](const Status& saved) {
        if (!*alive) return;
        saving_ = false;
        if (!saved) {
            settle(rejected(proposal, "it cannot be kept: " + saved.error().describe()));
        } else {
            history_ = next;
            settle({same ? Fate::Applied : Fate::Trial, proposal.number, "", {}});
        }
        answer(outcome_);
        if (saved && !same) tryOut(configuration, proposal.confirm_within);
    });
}

void Keeper::tryOut(Configuration configuration, std::optional<Duration> confirm_within) {
    Demands demands = demandsOf(ports_.applier.health(), configuration);
    demands.confirmation = confirm_within.has_value();
    const Duration least = std::chrono::seconds(configuration_.trial.confirm_timeout_s);
    const BootTime began = ports_.loop.clock().bootNow();
    const auto ended = [this, began](const std::string& lacking) {
        if (lacking.empty()) return keep();
        revert("after " + seconds(ports_.loop.clock().bootNow() - began) + ": " + lacking);
    };
    trial_.begin(std::move(demands), std::max(least, confirm_within.value_or(least)), ended);
    trying_ = std::move(configuration);
    ports_.applier.apply(*trying_);
    look();
}

void Keeper::look() {
    if (trial_.running()) trial_.look(ports_.applier.health());
}

bool Keeper::confirm() {
    if (!trial_.wantsConfirmation()) return false;
    trial_.confirm();
    return true;
}

bool Keeper::abandon(const std::string& who) {
    if (!trial_.running()) return false;
    trial_.abandon(who + " gave it up");
    return true;
}

void Keeper::keep() {
    History next = history_;
    next.current = std::exchange(next.trial, 0);
    saving_ = true;
    ports_.save(next, [this, alive = alive_, next](const Status& saved) {
        if (!*alive) return;
        saving_ = false;
        if (!saved) return revert("it cannot be kept: " + saved.error().describe());
        history_ = next;
        configuration_ = std::move(*std::exchange(trying_, std::nullopt));
        settle({Fate::Applied, history_.current, "", {}});
    });
}

void Keeper::revert(const std::string& why) {
    history_.reverted = std::exchange(history_.trial, 0);
    history_.reverted_why = why;
    if (std::exchange(trying_, std::nullopt)) ports_.applier.apply(configuration_);
    saving_ = true;
    // If this fails, the next start finds the trial open and reverts it again.
    ports_.save(history_, [this, alive = alive_](const Status&) {
        if (*alive) saving_ = false;
    });
    settle({Fate::Reverted, history_.reverted, why, {}});
}

void Keeper::settle(Outcome outcome) {
    outcome_ = std::move(outcome);
    ports_.changed();
}

}  // namespace camgate::config
