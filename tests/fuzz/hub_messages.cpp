// What comes down from the broker, read as uplink reads it before anything is proven: receipts, clip
// receipts, orders inside envelopes, pieces of bundles, topics; and what a hub reads of a gateway's request
// for these.
#include "uplink/hub_messages.hpp"
#include "fuzz/fuzz_target.hpp"
#include "uplink/bundle_piece.hpp"
#include "uplink/topics.hpp"

namespace camgate::fuzz {

using namespace uplink;

namespace {

constexpr std::uint64_t kClip_bytes = 100'000;

bool isHexId(const std::string& id) {
    return !id.empty() && id.size() <= 64 && id.find_first_not_of("0123456789abcdef") == std::string::npos;
}

bool readReceipt(ByteView input) {
    const auto receipt = parseReceipt(input);
    if (!receipt) return false;
    require(receipt->ids.size() <= 1024 && receipt->countersignatures.size() <= 16, "a receipt is bounded");
    for (const auto& id : receipt->ids) require(isHexId(id), "ids are hex");
    return true;
}

bool readClipReceipt(ByteView input) {
    const auto receipt = parseClipReceipt(input, kClip_bytes);
    if (!receipt) return false;
    require(isTopicWord(receipt->owner), "an owner is a word of a topic");
    require(receipt->missing.size() <= 64, "missing ranges are bounded");
    for (const auto& range : receipt->missing)
        require(range.from < range.to && range.to <= kClip_bytes, "ranges lie within the clip");
    return true;
}

bool readLiveOrder(ByteView input) {
    const auto order = parseLiveOrder(input);
    if (!order) return false;
    require(isTopicWord(order->camera), "a camera is a word");
    require(order->seconds >= 1 && order->seconds <= 1800 && order->most_bytes >= 1, "a view has an end");
    require(!liveOrderJson(*order, "").empty(), "an order can be told");
    return true;
}

bool readClipOrder(ByteView input) {
    if (isLiveOrder(input)) return readLiveOrder(input);
    const auto order = parseClipOrder(input);
    if (!order) return false;
    require(isTopicWord(order->camera), "a camera is a word");
    // What was understood can be told to the audit.
    require(!clipOrderJson(*order, "").empty(), "an order can be told");
    return true;
}

bool readUpdateOrder(ByteView input) {
    const auto order = parseUpdateOrder(input);
    if (!order) return false;
    require(order->bytes > 0 && order->sha256.size() == 64, "a bundle has a length and a hash");
    require(order->url.empty() || order->url.starts_with("http"), "a bundle comes by MQTT or a web server");
    return true;
}

bool readSecretOrder(ByteView input) {
    const auto order = parseSecretOrder(input);
    if (!order) return false;
    require(isHexId(order->sealed.to), "whom it is sealed to is a fingerprint");
    return true;
}

bool readEventsOrder(ByteView input) {
    const auto query = parseEventsOrder(input);
    if (!query) return false;
    require(query->limit >= 1 && query->limit <= kMostEventsAsked, "a page of events is bounded");
    outbox::EventEntry last;
    if (query->behind) last.start = query->behind->start, last.position = query->behind->position;
    require(!placeText(last).empty(), "a place can be told");
    return true;
}

bool readPiece(ByteView input) {
    const auto piece = parsePiece(input);
    if (!piece) return false;
    require(piece->bytes.size() <= kLongestPiece_bytes, "a piece is bounded");
    require(piece->refusal.has_value() == piece->bytes.empty(), "a piece has bytes, or says why not");
    const Bytes again = pieceMessage(*piece);
    require(Bytes(input.begin(), input.end()) == again, "a piece has one form");
    return true;
}

bool readWanted(ByteView input) {
    const auto wanted = parseWanted(input);
    if (!wanted) return false;
    require(!wanted->missing.empty() && wanted->missing.size() <= 16, "a request is bounded");
    for (const auto& range : wanted->missing) require(range.from < range.to, "no range is empty");
    require(parseWanted(asBytes(wantedJson(*wanted))).has_value(), "a request can be told");
    return true;
}

bool readTopic(ByteView input) {
    const auto topic = parseDownTopic("cg-1", asText(input));
    if (!topic) return false;
    require(topic->word.empty() || isTopicWord(topic->word), "what stands for a + is a word");
    return true;
}

}  // namespace

bool readHostile(ByteView input) {
    if (input.empty()) return false;
    const ByteView rest = input.subspan(1);
    switch (input[0] % 12) {
        case 0:
            return readReceipt(rest);
        case 1:
            return readClipReceipt(rest);
        case 2:
            return readClipOrder(rest);
        case 3:
            return parseSnapshotOrder(rest).has_value();
        case 4:
            return parseEmptyOrder(rest).has_value();
        case 6:
            return parseCancelOrder(rest).has_value();
        case 7:
            return readEventsOrder(rest);
        case 8:
            return readUpdateOrder(rest);
        case 9:
            return readSecretOrder(rest);
        case 10:
            return readPiece(rest);
        case 11:
            return readWanted(rest);
        default:
            return readTopic(rest);
    }
}

std::vector<Bytes> seeds() {
    constexpr std::string_view kCountersigned =
        R"({"v":1,"ids":["ab12","00"],"delay_s":60,"countersignatures":[{"countersignature":"","cert":"","sig":""}]})";
    constexpr std::string_view kUpdate =
        R"({"version":"0.2.0","sha256":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","bytes":9,"url":"https://a/b","not_before":"2026-03-02T02:00:00.000Z","allow_downgrade":true})";
    constexpr std::string_view kMissing =
        R"({"v":1,"owner":"hub-1","missing":[[0,100],[200,100000]],"complete":false,"verified":null,"manifest_part":3})";
    constexpr std::string_view kOrder =
        R"({"camera":"gate","from":"2030-01-01T12:00:00.000Z","to":"2030-01-01T12:00:10.000Z","quality":"full","case":"7","officer":"o","purpose":"p"})";
    constexpr std::string_view kLive =
        R"({"camera":"gate","to":"follow","seconds":60,"bytes":1000000,"quality":"preview","case":"7"})";
    constexpr std::string_view kEvents =
        R"({"camera":"gate","from":"2030-01-01T12:00:00.000Z","to":"2030-01-01T12:00:10.000Z","limit":5,"behind":"1893456000000000000_17"})";
    const std::string secret =
        R"({"name":"cameras/gate/password","sealed":{"to":")" + std::string(64, 'a') +
        R"(","ephemeral":"BGsX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfU=","bytes":"AAECAw=="}})";
    const Bytes bytes(100, 7);
    return {chosen(10, pieceMessage({5, 1'000, {}, bytes})),
            chosen(10, pieceMessage({5, 1'000, PieceRefusal::Unknown, {}})),
            chosen(11, asBytes(R"({"v":1,"request":7,"missing":[[0,100],[4096,8192]]})")),
            chosen(9, asBytes(secret)),
            chosen(6, asBytes(R"({"clip":")" + std::string(64, 'a') + R"("})")),
            chosen(8, asBytes(kUpdate)),
            chosen(7, asBytes(kEvents)),
            chosen(0, asBytes(kCountersigned)),
            chosen(1, asBytes(kMissing)),
            chosen(2, asBytes(kOrder)),
            chosen(2, asBytes(kLive)),
            chosen(3, asBytes(R"({"camera":"gate"})")),
            chosen(4, asBytes("{}")),
            chosen(5, asBytes("camgate/v1/cg-1/clip/ab12/receipt"))};
}

}  // namespace camgate::fuzz
