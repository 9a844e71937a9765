// What follows from what: whether a bundle may be installed, what a start means for an update under way,
// whether a new version proved itself. Pure; any thread. Implements docs/design/update.md.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "update/installer.hpp"
#include "update/update_record.hpp"

namespace camgate::update {

struct Refusal {
    std::string reason;  ///< of docs/ref/update.md
    std::string detail;  ///< for people: what, and what to do
};

/// Before anything of it was fetched. Nothing: it may come.
std::optional<Refusal> judgeOrder(const Order& order, const std::string& running_version);
/// Once its signature was proven.
std::optional<Refusal> judgeBundle(const Order& order, const BundleInfo& bundle, const Slots& slots);

enum class Course : std::uint8_t {
    Idle,      ///< nothing is under way
    Deliver,   ///< go on getting it
    Verify,    ///< verify anew
    Install,   ///< begin the installation again
    Activate,  ///< the new slot is whole and was never tried
    Prove,     ///< the new version runs: the trial begins
    GoBack,    ///< it runs and was given up
    WentBack,  ///< the old one runs again
};
/// What a start with this record and these slots means.
Course courseAtStart(const UpdateRecord& record, const Slots& slots);

/// What works now.
struct Health {
    bool link_up = false;
    bool card_works = false;
    std::set<std::string> live_cameras;
    std::set<std::string> other_cameras;  ///< configured, not paused, and not live
};
/// What is to be demanded of the next version.
Demands demandsOf(const Health& health, Source source);
/// For people; empty: all that is demanded works.
std::string lacking(const Demands& demands, const Health& health);

}  // namespace camgate::update
