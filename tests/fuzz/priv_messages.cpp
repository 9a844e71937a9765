// The codecs between camgated and its two helpers of updates, root's and the one on the Internet: no side
// trusts another.
#include "ipc/priv_messages.hpp"

#include "fuzz/fuzz_target.hpp"
#include "ipc/fetch_messages.hpp"

namespace camgate::fuzz {

using namespace ipc;

bool readHostile(ByteView input) {
    if (input.empty()) return false;
    const ByteView rest = input.subspan(1);
    const auto encoded = [](const auto& message) { return encode(message); };
    switch (input[0] % 9) {
        case 0:
            return sameAgain(decodePrivPath(rest), rest, encodePrivPath);
        case 1:
            return sameAgain(decodePrivSlot(rest), rest, encodePrivSlot);
        case 2:
            return sameAgain(decodeSlotsReport(rest), rest, encoded);
        case 3:
            return sameAgain(decodeBundleReport(rest), rest, encoded);
        case 4:
            return sameAgain(decodePrivProgress(rest), rest, encodePrivProgress);
        case 5:
            return sameAgain(decodeFetchOrder(rest), rest, encoded);
        case 6:
            return sameAgain(decodeFetchPiece(rest), rest, encoded);
        case 7:
            return sameAgain(decodeNetworkOrder(rest), rest, encoded);
        default:
            return !decodePrivFailure(rest).context.empty();
    }
}

std::vector<Bytes> seeds() {
    return {chosen(0, encodePrivPath("/var/lib/camgate/update/bundle.raucb")),
            chosen(1, encodePrivSlot(1)),
            chosen(2, encode(SlotsReport{0, 1, {3, 0}, {"0.1.0", ""}, "camgate-test", true})),
            chosen(3, encode(BundleReport{"camgate-test", "0.2.0"})),
            chosen(4, encodePrivProgress(42)),
            chosen(5, encode(FetchOrder{"https://a/b", 5, 10, 32'000})),
            chosen(6, encode(FetchPiece{5, {1, 2, 3}})),
            chosen(7, encode(NetworkOrder{"192.168.1.50/24", "192.168.1.1", {"1.1.1.1"}})),
            chosen(8, encodePrivFailure({ErrorKind::Timeout, 0, "no answer"}))};
}

}  // namespace camgate::fuzz
