#include "app/bundle_fetch.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"

namespace camgate::app {
namespace {

using ipc::FetchMessage;

/// The longest bundle over the slowest line; a line that is dead ends the worker much sooner.
constexpr Duration kFetchPatience = std::chrono::hours(24);

}  // namespace

void BundleFetch::begin(const std::string& url, std::uint64_t bytes, std::uint64_t have_bytes) {
    stop();
    order_ = {url, have_bytes, bytes, 0};
    written_ = have_bytes;
    wait_ = kFirstRetry;
    // Not inside the call that asks for it.
    again_ = ports_.loop.runAfter(Duration::zero(), [this] { start(); });
}

void BundleFetch::stop() {
    ++run_;
    again_.cancel();
    if (!worker_) return;
    worker_->end();
    // Perhaps inside its own callback.
    ports_.loop.post([old = std::shared_ptr<BriefWorker>(std::move(worker_))] {});
}

void BundleFetch::start() {
    order_.offset = written_;
    order_.pace_bytes_per_s = ports_.bytes_per_s();
    worker_ = std::make_unique<BriefWorker>(
        ports_.loop, ports_.launcher,
        BriefWorkerPorts{[this](std::uint16_t type, ByteView payload) { return onMessage(type, payload); },
                         [this](const Error& why) { onBreak(why); }});
    if (auto started = worker_->start(ipc::WorkerRole::Fetch, {ipc::longestFromFetch}, kFetchPatience);
        !started)
        return onBreak(started.error());
    worker_->say(FetchMessage::Get, ipc::encode(order_));
}

Status BundleFetch::onMessage(std::uint16_t type, ByteView payload) {
    switch (static_cast<FetchMessage>(type)) {
        case FetchMessage::Hello:
            return {};
        case FetchMessage::Piece:
            return onPiece(payload);
        case FetchMessage::Done:
            stop();
            return {};
        case FetchMessage::Failed: {
            const Error why = ipc::decodeFetchFailure(payload);
            onBreak(why);
            return {};
        }
        default:
            return fail(ErrorKind::Corruption, "unexpected message type " + std::to_string(type));
    }
}

Status BundleFetch::onPiece(ByteView payload) {
    auto piece = ipc::decodeFetchPiece(payload);
    if (!piece) return std::unexpected(piece.error());
    const std::uint64_t end = piece->offset + piece->bytes.size();
    if (piece->offset != order_.offset || end > order_.bytes)
        return fail(ErrorKind::Corruption, "a piece that was not due");
    order_.offset = end;
    ports_.deliver(piece->offset, std::move(piece->bytes),
                   [this, end, run = run_, alive = alive_](const Status& taken) {
                       if (!*alive || run != run_ || !taken) return;
                       written_ = end;
                       wait_ = kFirstRetry;
                       if (worker_) worker_->say(FetchMessage::Taken, {});
                   });
    return {};
}

void BundleFetch::onBreak(const Error& why) {
    stop();
    const bool for_good = why.kind == ErrorKind::NotFound || why.kind == ErrorKind::PermissionDenied ||
                          why.kind == ErrorKind::InvalidArgument;
    if (for_good) return ports_.failed(why);
    logEvent(LogLevel::Warning, "app", "bundle-fetch-broke-off",
             {{"why", why}, {"bytes", written_}, {"of", order_.bytes}});
    again_ = ports_.loop.runAfter(wait_, [this] { start(); });
    wait_ = std::min(wait_ * 2, kLastRetry);
}

}  // namespace camgate::app
