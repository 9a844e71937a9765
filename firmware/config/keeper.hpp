// Decides what becomes of a proposed configuration: refused with every fault, a conflict, or on trial and
// then kept or reverted; what counts is durable before it is acted on. Loop thread only. Implements
// docs/design/configuration.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/board.hpp"
#include "config/fault.hpp"
#include "config/history.hpp"
#include "config/reader.hpp"
#include "config/trial.hpp"

namespace camgate::config {

/// Whoever runs by the configuration.
class Applier {
  public:
    virtual ~Applier() = default;
    /// Restarts what is different, and that alone.
    virtual void apply(const Configuration& configuration) = 0;
    virtual Health health() const = 0;
};

struct Proposal {
    std::string document;
    std::uint64_t base = 0;    ///< revision that it was made from
    std::uint64_t number = 0;  ///< as the hub counts; 0: the next
    std::string source;
    std::string who;
    std::optional<Duration> confirm_within;  ///< besides working, somebody must say confirm in this time
};

enum class Fate : std::uint8_t { Applied, Trial, Reverted, Rejected };

/// What became of the newest proposal.
struct Outcome {
    Fate fate = Fate::Applied;
    std::uint64_t revision = 0;  ///< the proposal's; 0: it came with no number and got none
    std::string reason;          ///< empty: nothing is wrong
    std::vector<Fault> faults;
    std::string who = {};  ///< proposed what was refused, and is in no history
};

struct KeeperPorts {
    EventLoop& loop;
    Applier& applier;
    /// Makes it durable; answers later on the loop, or at once.
    std::function<void(History, std::function<void(Status)>)> save;
    std::function<void()> changed;  ///< report() is another now
};

class Keeper {
  public:
    using Answer = std::function<void(const Outcome&)>;

    /// `history` has a current revision that `configuration` was read from; no secret is in either.
    Keeper(KeeperPorts ports, Board board, History history, Configuration configuration);
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;
    ~Keeper();

    /// A trial that a stop cut short is over: says so and makes it durable.
    void start();
    void propose(Proposal proposal, const Answer& answer);
    /// False: no trial waits for it.
    bool confirm();
    /// Ends a trial as failed. False: none is on.
    bool abandon(const std::string& who);
    /// What Health was asked for may be another now.
    void look();

    const History& history() const { return history_; }
    /// In force, or on trial.
    const Configuration& configuration() const { return trying_ ? *trying_ : configuration_; }
    const Outcome& outcome() const { return outcome_; }
    const Trial& trial() const { return trial_; }

  private:
    Outcome judge(const Proposal& proposal, Loaded& loaded) const;
    void settle(Outcome outcome);
    void accept(const Proposal& proposal, Configuration configuration, const Answer& answer);
    void tryOut(Configuration configuration, std::optional<Duration> confirm_within);
    void keep();
    void revert(const std::string& why);

    KeeperPorts ports_;
    Board board_;
    History history_;
    Configuration configuration_;
    std::optional<Configuration> trying_;
    Outcome outcome_;
    bool saving_ = false;
    Trial trial_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // what save answers may come later
};

}  // namespace camgate::config
