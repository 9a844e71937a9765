// How an order is taken and its bundle comes and is judged; what follows is in updater.cpp.
#include <utility>

#include "base/log.hpp"
#include "update/updater.hpp"
#include "update/version.hpp"

namespace camgate::update {
namespace {

constexpr std::uint64_t kLargestBundle_bytes = 1ULL << 30U;
constexpr std::size_t kHash_digits = 64;
/// Nothing came for so long.
constexpr Duration kConsolePatience = std::chrono::hours(1);
constexpr Duration kLinePatience = std::chrono::hours(24);
constexpr Duration kTimeCheck = std::chrono::seconds(30);
constexpr int kMostInspections = 10;

std::unexpected<Error> refuse(const Refusal& why) {
    return fail(ErrorKind::FailedPrecondition, why.reason + ": " + why.detail);
}

Status checkForm(const Order& order) {
    const bool hex = order.sha256.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (order.sha256.size() != kHash_digits || !hex)
        return fail(ErrorKind::InvalidArgument, "sha256: expected 64 hex digits in lower case");
    if (order.bytes == 0 || order.bytes > kLargestBundle_bytes)
        return fail(ErrorKind::InvalidArgument, "bytes: expected 1 to 1073741824");
    if (!order.version.empty() && !isVersion(order.version))
        return fail(ErrorKind::InvalidArgument, "version: expected one like 0.2.0+20260301");
    return {};
}

}  // namespace

void Updater::order(Order order, Begun begun) {
    if (auto fine = checkForm(order); !fine) return begun(std::unexpected(fine.error()));
    if (!files_) return begun(fail(ErrorKind::Unavailable, "no update can be kept: " + fault_));
    const bool same = underWay(record_.phase) && order.sha256 == record_.order.sha256;
    if (same && record_.phase != Phase::Downloading) return begun(record_.order.bytes);
    if (record_.phase > Phase::Verifying && underWay(record_.phase)) {
        return begun(
            fail(ErrorKind::Unavailable,
                 "busy: an update is " + std::string(toString(record_.phase)) + "; wait for its end"));
    }
    if (std::exchange(taking_, true))
        return begun(fail(ErrorKind::Unavailable, "busy: another order is being looked at"));
    look([this, order = std::move(order), begun = std::move(begun)](const Status& seen) {
        taking_ = false;
        if (!seen) return begun(std::unexpected(seen.error()));
        if (const auto why = judgeOrder(order, slots_->version(slots_->running))) return begun(refuse(*why));
        takeOrder(order, begun);
    });
}

void Updater::takeOrder(Order order, const Begun& begun) {
    if (record_.phase == Phase::Downloading && order.sha256 == record_.order.sha256) {
        record_.order = std::move(order);
        enter(Phase::Downloading);
        return save([this, begun] { goOnDelivering(begun); });
    }
    leavePhase();
    // What came of another goes before the record says whose the next is.
    ask<bool>(
        [](UpdateFiles& files) -> Result<bool> {
            if (auto gone = files.removeBundle(); !gone) return std::unexpected(gone.error());
            return true;
        },
        inPhase([this, order = std::move(order), begun](const Result<bool>& gone) {
            if (!gone) return begun(std::unexpected(gone.error()));
            UpdateRecord next;
            next.unknown_json = record_.unknown_json;
            next.order = order;
            record_ = std::move(next);
            enter(Phase::Downloading);
            save([this, begun] {
                ports_.audit(record_);
                goOnDelivering(begun);
            });
        }));
}

void Updater::resumeDelivery() {
    goOnDelivering([](const Result<std::uint64_t>&) {});
}

void Updater::goOnDelivering(const Begun& begun) {
    ask<std::uint64_t>([bytes = record_.order.bytes](UpdateFiles& files) { return files.beginBundle(bytes); },
                       inPhase([this, begun](const Result<std::uint64_t>& have) {
                           if (have) return onBegun(*have, begun);
                           const bool full = have.error().kind == ErrorKind::NoSpace;
                           end(Phase::Failed, full ? "no-space" : "not-delivered", have.error().describe());
                           begun(std::unexpected(have.error()));
                       }));
}

void Updater::onBegun(std::uint64_t have_bytes, const Begun& begun) {
    have_bytes_ = have_bytes;
    expectDelivery();
    begun(have_bytes_);
    if (have_bytes_ == record_.order.bytes) return verify();
    if (record_.order.source != Source::Console) ports_.fetch(record_.order, have_bytes_);
}

void Updater::expectDelivery() {
    const int percent = static_cast<int>(have_bytes_ * 100 / record_.order.bytes);
    const bool by_hand = record_.order.source == Source::Console;
    retry([this] { end(Phase::Failed, "not-delivered", "nothing came for too long; order it again"); },
          by_hand ? kConsolePatience : kLinePatience);
    // Each is said to the hub, over the line that the bundle comes by.
    if (std::exchange(percent_, percent) != percent) ports_.changed();
}

void Updater::deliver(std::uint64_t offset, Bytes bytes, std::function<void(Status)> taken) {
    if (record_.phase != Phase::Downloading)
        return taken(fail(ErrorKind::FailedPrecondition, "no bundle is being delivered"));
    if (offset != have_bytes_ || bytes.empty() || bytes.size() > record_.order.bytes - have_bytes_) {
        return taken(
            fail(ErrorKind::InvalidArgument, "expected what follows byte " + std::to_string(have_bytes_)));
    }
    const std::uint64_t end_bytes = offset + bytes.size();
    have_bytes_ = end_bytes;
    const std::function<void(const Result<bool>&)> answer =
        inPhase([this, end_bytes](const Result<bool>& done) {
            if (!done) {
                const bool full = done.error().kind == ErrorKind::NoSpace;
                return end(Phase::Failed, full ? "no-space" : "not-delivered", done.error().describe());
            }
            expectDelivery();
            if (end_bytes == record_.order.bytes) verify();
        });
    ask<bool>(
        [offset, bytes = std::move(bytes)](UpdateFiles& files) -> Result<bool> {
            if (auto done = files.writeBundle(offset, bytes); !done) return std::unexpected(done.error());
            return true;
        },
        lifeline_.guard([answer, taken = std::move(taken)](const Result<bool>& done) {
            answer(done);
            taken(done ? Status() : std::unexpected(done.error()));
        }));
}

void Updater::onDeliveryFailed(const Error& why) {
    if (record_.phase == Phase::Downloading) end(Phase::Failed, "not-delivered", why.describe());
}

void Updater::verify() {
    enter(Phase::Verifying);
    record_.verified = false;
    save([this] {
        ask<bool>(
            [order = record_.order](UpdateFiles& files) -> Result<bool> {
                if (auto fine = files.finishBundle(order.bytes, order.sha256); !fine)
                    return std::unexpected(fine.error());
                return true;
            },
            inPhase([this](const Result<bool>& whole) {
                if (whole) return inspect();
                if (whole.error().kind == ErrorKind::Corruption)
                    return end(Phase::Failed, "wrong-hash", whole.error().context);
                end(Phase::Failed, "not-delivered", whole.error().describe());
            }));
    });
}

void Updater::inspect() {
    look([this](const Status& seen) {
        if (record_.phase != Phase::Verifying) return;
        if (!seen) return onInspected(std::unexpected(seen.error()));
        ports_.installer.inspect(files_->bundlePath(),
                                 inPhase([this](const Result<BundleInfo>& bundle) { onInspected(bundle); }));
    });
}

void Updater::onInspected(const Result<BundleInfo>& bundle) {
    if (!bundle && bundle.error().kind == ErrorKind::PermissionDenied) {
        return end(Phase::Failed, "bad-signature",
                   bundle.error().context + "; use a bundle that is signed for these boxes");
    }
    if (!bundle && ++record_.attempts > kMostInspections)
        return end(Phase::Failed, "install-failed", bundle.error().describe());
    if (!bundle) return retry([this] { inspect(); });
    if (const auto why = judgeBundle(record_.order, *bundle, *slots_))
        return end(Phase::Failed, why->reason, why->detail);
    record_.order.version = bundle->version;
    record_.verified = true;
    save([this] { awaitTime(); });
}

void Updater::awaitTime() {
    const WallReading now = ports_.loop.clock().wallNow();
    const bool due = !record_.order.not_before ||
                     (now.quality != WallQuality::Unsynced && now.time >= *record_.order.not_before);
    if (!due) return retry([this] { awaitTime(); }, kTimeCheck);
    look([this](const Status& seen) {
        if (record_.phase != Phase::Verifying) return;
        if (seen) return install();
        retry([this] { awaitTime(); });
    });
}

}  // namespace camgate::update
