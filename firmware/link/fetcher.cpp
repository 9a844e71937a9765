#include "link/fetcher.hpp"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "ipc/camera_messages.hpp"
#include "ipc/roles.hpp"

namespace camgate::link {
namespace {

using ipc::FetchMessage;

constexpr int kHungUp = 0;
constexpr int kBadMessage = 3;
constexpr long kConnect_s = 30;
constexpr long kMostRedirections = 3;
/// A line that brings less than a byte a second for so long is dead.
constexpr long kSilence_s = 60;
constexpr Duration kTurn = std::chrono::seconds(1);
constexpr long kOk = 200;
constexpr long kPartial = 206;

/// Whether it may be had later.
ErrorKind kindOf(CURLcode code, long status) {
    if (status == 404 || status == 410) return ErrorKind::NotFound;
    if (status == 401 || status == 403) return ErrorKind::PermissionDenied;
    return code == CURLE_OPERATION_TIMEDOUT ? ErrorKind::Timeout : ErrorKind::Unavailable;
}

}  // namespace

Fetcher::Fetcher(EpollLoop& loop, UniqueFd socket)
    : loop_(loop),
      channel_(
          loop, std::move(socket), {ipc::longestToFetch},
          [this](std::uint16_t type, ByteView payload) { onMessage(type, payload); },
          [this](const Error& why) { ended_ = why.kind == ErrorKind::Corruption ? kBadMessage : kHungUp; }) {
    say(FetchMessage::Hello,
        ipc::encode(ipc::WorkerHello{ipc::kProtocolVersion, static_cast<std::uint32_t>(::getpid())}));
}

int Fetcher::run() {
    while (!ended_ && !order_) loop_.turn(kTurn);
    if (!ended_) {
        const Status done = fetch();
        if (done) say(FetchMessage::Done, {});
        if (!done && !ended_) say(FetchMessage::Failed, ipc::encodeFetchFailure(done.error()));
    }
    while (!ended_) loop_.turn(kTurn);
    return *ended_;
}

void Fetcher::onMessage(std::uint16_t type, ByteView payload) {
    const auto kind = static_cast<FetchMessage>(type);
    if (kind == FetchMessage::Taken && untaken_ > 0) {
        --untaken_;
        return;
    }
    const auto order = ipc::decodeFetchOrder(payload);
    if (kind != FetchMessage::Get || order_ || !order) {
        ended_ = kBadMessage;
        return;
    }
    order_ = *order;
    offset_ = order->offset;
}

Status Fetcher::fetch() {
    const std::unique_ptr<CURL, void (*)(CURL*)> handle(curl_easy_init(), curl_easy_cleanup);
    if (!handle) return fail(ErrorKind::Internal, "libcurl could not start");
    CURL* curl = handle.get();
    curl_ = curl;
    char words[CURL_ERROR_SIZE] = "";
    const std::string range = std::to_string(order_->offset) + "-";
    curl_easy_setopt(curl, CURLOPT_URL, order_->url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kMostRedirections);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnect_s);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kSilence_s);
    if (order_->offset > 0) curl_easy_setopt(curl, CURLOPT_RANGE, range.c_str());
    if (order_->pace_bytes_per_s > 0)
        curl_easy_setopt(curl, CURLOPT_MAX_RECV_SPEED_LARGE,
                         static_cast<curl_off_t>(order_->pace_bytes_per_s));
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &Fetcher::onBytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, words);
    const CURLcode code = curl_easy_perform(curl);
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (!refused_.empty()) return fail(ErrorKind::InvalidArgument, refused_);
    if (code != CURLE_OK) {
        const std::string what = words[0] == 0 ? curl_easy_strerror(code) : words;
        return fail(kindOf(code, status), "fetching the bundle: " + what);
    }
    if (!piece_.empty() && !sendPiece()) return fail(ErrorKind::Cancelled, "camgated hung up");
    if (offset_ == order_->bytes) return {};
    return fail(ErrorKind::Unavailable, "the web server gave " + std::to_string(offset_) + " bytes of " +
                                            std::to_string(order_->bytes));
}

std::size_t Fetcher::onBytes(const char* data, std::size_t size, std::size_t count, void* self) {
    const std::size_t bytes = size * count;
    return static_cast<Fetcher*>(self)->take(asBytes(std::string_view(data, bytes)));
}

/// A server may give the whole although the rest was asked for.
Status Fetcher::beginAnswer() {
    long status = 0;
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &status);
    begun_ = true;
    if (status == kOk) skip_ = order_->offset;
    if (status == kOk || status == kPartial) return {};
    return fail(ErrorKind::Unavailable, "the web server answers with status " + std::to_string(status));
}

/// All of it was taken, or the transfer ends.
std::size_t Fetcher::take(ByteView bytes) {
    const std::size_t all = bytes.size();
    if (!begun_) {
        if (auto fine = beginAnswer(); !fine) return refused_ = fine.error().context, 0;
    }
    const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
    skip_ -= skipped;
    bytes = bytes.subspan(skipped);
    while (!bytes.empty()) {
        const std::size_t part = std::min(bytes.size(), ipc::kMostPiece_bytes - piece_.size());
        piece_.insert(piece_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(part));
        bytes = bytes.subspan(part);
        if (offset_ + piece_.size() > order_->bytes)
            return refused_ = "the web server gives more bytes than the order says", 0;
        if (piece_.size() == ipc::kMostPiece_bytes && !sendPiece()) return 0;
    }
    return all;
}

/// Waits while camgated has enough to write. False: it hung up.
bool Fetcher::sendPiece() {
    loop_.turn(Duration::zero());
    while (!ended_ && untaken_ >= ipc::kMostPieces) loop_.turn(kTurn);
    if (ended_) return false;
    say(FetchMessage::Piece, ipc::encode(ipc::FetchPiece{offset_, piece_}));
    ++untaken_;
    offset_ += piece_.size();
    piece_.clear();
    return true;
}

}  // namespace camgate::link
