// A clip plan as the outbox kept it, and what is laid out of it.
#include "clip/clip_plan.hpp"
#include "clip/clip_layout.hpp"
#include "fuzz/fuzz_target.hpp"

namespace camgate::fuzz {
namespace {

using namespace clip;
using namespace std::chrono_literals;

void checkLayout(const ClipPlan& plan) {
    const ClipLayout layout(plan);
    std::uint64_t at = 0;
    for (const Piece& piece : layout.pieces()) {
        require(piece.offset == at, "pieces follow one another");
        at += piece.bytes;
    }
    require(at == layout.bytes() && layout.fileBytes().size() == plan.files.size(),
            "pieces are all of the clip");
    for (const PlannedFile& file : plan.files) (void)fileTicks(file);
    (void)manifestOf(plan, std::string(64, 'a'), layout.fileBytes());
}

PlannedRecord record(std::uint64_t sequence) {
    PlannedRecord out;
    out.at = {1, 4096, 300, 3, sequence};
    out.boot_session = 42;
    out.sequence = sequence;
    out.first_decode = BootTime(100s + std::chrono::seconds(sequence));
    out.last_decode = out.first_decode + 800ms;
    out.to_wall = 1'772'366'300s;
    out.samples = 9;
    out.payload_bytes = 5000;
    return out;
}

}  // namespace

bool readHostile(ByteView input) {
    const auto plan = decodePlan(input);
    if (!plan) return false;
    require(std::ranges::equal(encodePlan(*plan), input), "a plan has one encoding: its id is its hash");
    checkLayout(*plan);
    return true;
}

std::vector<Bytes> seeds() {
    ClipPlan plan;
    plan.gateway = "gw-1";
    plan.request = {"gate", WallTime(1'772'366'401s), WallTime(1'772'366'404s), Quality::Full, "case 7"};
    plan.time_quality = WallQuality::Ntp;
    plan.error_bound = 12ms;
    PlannedFile file{{media::Codec::H264, 640, 360, Bytes{1, 77, 0, 30, 0xFF, 0xE0, 0}},
                     {record(1), record(2)}};
    file.records[0].skipped_samples = 2;
    file.records[0].skipped_bytes = 900;
    plan.files = {file, file};
    plan.gaps = {{WallTime(1'772'366'402s), WallTime(1'772'366'403s), "camera-lost"}};
    return {encodePlan(plan)};
}

}  // namespace camgate::fuzz
