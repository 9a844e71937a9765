#include "update/update_rules.hpp"

#include "update/version.hpp"

namespace camgate::update {
namespace {

std::optional<Refusal> judgeVersion(const Order& order, const std::string& version,
                                    const std::string& running) {
    if (running.empty()) return std::nullopt;
    const int newer = compareVersions(version, running);
    if (newer == 0)
        return Refusal{"already-running", "version " + running + " runs already; there is nothing to do"};
    if (newer < 0 && !order.allow_downgrade) {
        return Refusal{"downgrade", "version " + version + " is older than " + running +
                                        ", which runs; only the hub's signed order can allow that"};
    }
    return std::nullopt;
}

}  // namespace

std::optional<Refusal> judgeOrder(const Order& order, const std::string& running_version) {
    return order.version.empty() ? std::nullopt : judgeVersion(order, order.version, running_version);
}

std::optional<Refusal> judgeBundle(const Order& order, const BundleInfo& bundle, const Slots& slots) {
    if (bundle.compatible != slots.compatible) {
        return Refusal{"wrong-board", "the bundle is for " + bundle.compatible + ", this box is " +
                                          slots.compatible + "; use the bundle of this board"};
    }
    if (!isVersion(bundle.version))
        return Refusal{"wrong-version", "the bundle names no version; have it made anew"};
    if (!order.version.empty() && bundle.version != order.version) {
        return Refusal{"wrong-version", "the bundle has version " + bundle.version + ", ordered was " +
                                            order.version + "; correct the order or the bundle"};
    }
    return judgeVersion(order, bundle.version, slots.version(slots.running));
}

Course courseAtStart(const UpdateRecord& record, const Slots& slots) {
    const bool new_one_runs = slots.running == record.target;
    switch (record.phase) {
        case Phase::None:
        case Phase::RolledBack:
        case Phase::Failed:
            return Course::Idle;
        case Phase::Committed:
            return new_one_runs ? Course::Idle : Course::WentBack;
        case Phase::Downloading:
            return Course::Deliver;
        case Phase::Verifying:
            return Course::Verify;
        case Phase::Installing:
            // Never first by itself: somebody made it so by hand, and then it has to prove itself as well.
            return new_one_runs ? Course::Prove : Course::Install;
        case Phase::Rebooting:
            if (new_one_runs) return Course::Prove;
            return slots.first == record.target && slots.triesLeft(record.target) == 0 ? Course::WentBack
                                                                                       : Course::Activate;
        case Phase::Trial:
            if (!new_one_runs) return Course::WentBack;
            return record.reason.empty() ? Course::Prove : Course::GoBack;
    }
    return Course::Idle;
}

Demands demandsOf(const Health& health, Source source) {
    return {health.link_up || source != Source::Console, health.card_works, health.live_cameras};
}

std::string lacking(const Demands& demands, const Health& health) {
    std::string text;
    const auto add = [&text](const std::string& what) { text += (text.empty() ? "" : ", ") + what; };
    if (demands.link && !health.link_up) add("the hub link is not back");
    if (demands.card && !health.card_works) add("the card does not take footage");
    for (const std::string& camera : demands.cameras) {
        if (!health.live_cameras.contains(camera) && health.other_cameras.contains(camera))
            add("camera " + camera + " is not back");
    }
    return text;
}

}  // namespace camgate::update
