#include "uplink/live_view.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/log.hpp"
#include "uplink/messages.hpp"
#include "uplink/new_id.hpp"
#include "uplink/topics.hpp"

namespace camgate::uplink {
namespace {

/// For the last part to go.
constexpr Duration kFarewell = std::chrono::seconds(10);

}  // namespace

std::string liveEndJson(const LiveEnd& end) {
    const auto behind = std::chrono::duration_cast<std::chrono::milliseconds>(end.most_behind);
    const nlohmann::json detail{{"live", end.id},
                                {"camera", end.camera},
                                {"bytes", end.bytes},
                                {"behind_ms", behind.count()},
                                {"signer", end.signer.name}};
    return detail.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

LiveView::LiveView(LivePorts ports, std::function<void(const LiveEnd&)> ended)
    : ports_(std::move(ports)), ended_(std::move(ended)) {}

LiveView::~LiveView() {
    if (view_ && view_->watching) ports_.cameras.unwatch(view_->order.camera);
}

Result<LivePrepared> LiveView::prepare(const LiveOrder& order, LiveSigner signer) {
    if (view_) return fail(ErrorKind::Unavailable, "a camera is being looked at already");
    View view;
    view.id = toHex(newSeed());  // as long as a clip's
    view.order = order;
    view.signer = std::move(signer);
    LiveAnnouncement said{view.id, order.seconds, order.most_bytes, {}};
    if (ports_.seal_to) {
        auto sealer = evidence::ClipSealer::toHub(*ports_.seal_to, view.id, 0, newSeed());
        if (!sealer) return std::unexpected(sealer.error());
        said.sealed = SealNote{ports_.seal_to->fingerprint, sealer->ephemeral()};
        view.sealer = std::move(*sealer);
    }
    view_ = std::move(view);
    return LivePrepared{said.live, liveAnnouncementJson(said)};
}

void LiveView::start() {
    view_->started = true;
    view_->deadline =
        ports_.loop.runAfter(std::chrono::seconds(view_->order.seconds), [this] { end("expired"); });
    ports_.bulk_keeper.need();
    // It may end right here.
    view_->watching = true;
    auto watched = ports_.cameras.watch(view_->order.camera, view_->order.quality, *this);
    if (watched) return;
    view_->watching = false;
    end(watched.error().kind == ErrorKind::FailedPrecondition ? "paused" : "removed");
}

void LiveView::cancel(const std::string& id) {
    if (has(id)) end("cancelled");
}

void LiveView::stop() {
    if (moving()) end("stopped");
}

/// What comes before there is a connection would only be old when there is one.
bool LiveView::hasRoom() const {
    return ports_.bulk.up() && view_->waiting_bytes <= ports_.line.bytesPerSecond();
}

void LiveView::onFile(Bytes bytes) {
    keepWhatHasBegun();
    view_->file_from_part = view_->next_part;
    queue({std::move(bytes), true, ports_.loop.clock().bootNow()});
}

void LiveView::onFragment(Bytes bytes, BootTime newest) {
    queue({std::move(bytes), false, newest});
}

void LiveView::onOver(std::string_view reason) {
    view_->watching = false;
    end(reason);
}

void LiveView::queue(Piece piece) {
    View& view = *view_;
    if (view.bytes_sent + view.waiting_bytes + piece.bytes.size() > view.order.most_bytes)
        return end("limit");
    view.waiting_bytes += piece.bytes.size();
    view.waiting.push_back(std::move(piece));
    pump();
}

/// A fragment that was sent in part is of use when it is whole.
void LiveView::keepWhatHasBegun() {
    View& view = *view_;
    const std::size_t begun = view.cut > 0 ? 1 : 0;
    while (view.waiting.size() > begun) {
        view.waiting_bytes -= view.waiting.back().bytes.size();
        view.waiting.pop_back();
    }
}

void LiveView::pump() {
    while (sendNext()) {
    }
    ports_.line.setLiveWaits(view_ && !view_->waiting.empty());
}

/// False: it must wait, or there is nothing.
bool LiveView::sendNext() {
    if (!moving()) return false;
    if (!view_->waiting.empty()) return sendPiece();
    return !view_->end_reason.empty() && sendLast();
}

bool LiveView::sendPiece() {
    View& view = *view_;
    const Piece& piece = view.waiting.front();
    const std::size_t length =
        std::min(chunkBytes(ports_.line.bytesPerSecond()), piece.bytes.size() - view.cut);
    const bool opens = piece.starts_file && view.cut == 0;
    const ByteView part = ByteView(piece.bytes).subspan(view.cut, length);
    if (!send(opens ? kChunkStartsFile : 0, part, piece.newest)) return false;
    view.bytes_sent += length;
    view.waiting_bytes -= length;
    view.cut += length;
    if (view.cut == piece.bytes.size()) {
        view.waiting.pop_front();
        view.cut = 0;
    }
    return true;
}

bool LiveView::sendLast() {
    if (!send(kChunkLast, asBytes(view_->end_reason), ports_.loop.clock().bootNow())) return false;
    finish();
    return true;
}

bool LiveView::send(std::uint8_t flags, ByteView bytes, BootTime newest) {
    View& view = *view_;
    if (!ports_.bulk.fits(bytes.size())) return false;
    const Duration wait = ports_.line.wait(LineBudget::Use::Live, wireBytes(bytes.size()));
    if (wait > Duration::zero()) {
        pace_ = ports_.loop.runAfter(wait, [this] { pump(); });
        return false;
    }
    const evidence::ClipSealer* sealer = view.sealer ? &*view.sealer : nullptr;
    auto payload = chunkMessage(sealer, {view.next_part, view.bytes_sent, flags}, bytes);
    if (!payload) {
        logEvent(LogLevel::Warning, "uplink", "live-not-sealed", {{"why", payload.error()}});
        if (view.end_reason.empty()) end("failed");
        finish();
        return false;
    }
    HubMessage message;
    message.topic = topicSuffix(Topic::Live, {view.id});
    message.payload = std::move(*payload);
    message.content_type = "application/octet-stream";
    const auto done = lifeline_.guard([this, id = view.id, part = view.next_part, newest](Fate fate) {
        onPartDone(id, part, newest, fate);
    });
    if (!ports_.bulk.publish(std::move(message), done)) return false;
    ++view.next_part;
    return true;
}

void LiveView::onPartDone(const std::string& id, std::uint32_t part, BootTime newest, Fate fate) {
    if (!has(id)) return;
    if (brokerHas(fate)) {
        view_->most_behind = std::max(view_->most_behind, ports_.loop.clock().bootNow() - newest);
    } else if (part >= view_->file_from_part) {
        ports_.cameras.beginFileAnew(view_->order.camera);
    }
}

void LiveView::end(std::string_view reason) {
    View& view = *view_;
    if (!view.end_reason.empty()) return;
    view.end_reason = reason;
    if (std::exchange(view.watching, false)) ports_.cameras.unwatch(view.order.camera);
    keepWhatHasBegun();
    view.deadline = ports_.loop.runAfter(kFarewell, [this] { finish(); });
    ended_({view.id, view.order.camera, view.signer, view.end_reason, view.bytes_sent, view.most_behind});
    pump();
}

void LiveView::finish() {
    view_.reset();
}

}  // namespace camgate::uplink
