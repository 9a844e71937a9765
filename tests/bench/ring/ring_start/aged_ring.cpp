#include "bench/ring/ring_start/aged_ring.hpp"

#include <cstdio>
#include <cstdlib>

#include "crypto/random.hpp"
#include "ring/index_codec.hpp"

namespace camgate::bench {
namespace {

constexpr std::uint64_t kCameras = 4;
constexpr std::int64_t kDays = 30;
constexpr std::size_t kPicturesPerRecord = 18;  // 15 fps for 1.2 s
constexpr std::size_t kMainPicture_bytes = 2'000'000 / 8 / 15;
constexpr std::size_t kSubPicture_bytes = 256'000 / 8 / 15;
constexpr double kFilled = 0.95;
constexpr std::uint64_t kFirstGeneration = 1000;

template <class T>
T must(Result<T> result) {
    if (result) return std::move(*result);
    std::fprintf(stderr, "%s\n", result.error().describe().c_str());
    std::exit(1);
}
void must(const Status& done) {
    if (done) return;
    std::fprintf(stderr, "%s\n", done.error().describe().c_str());
    std::exit(1);
}

}  // namespace

AgedRing::AgedRing(std::string folder, std::uint64_t size_bytes, std::uint8_t classes)
    : folder_(std::move(folder)), source_(files_, folder_ + "/ring.key"), classes_(classes) {
    options_.size_bytes = size_bytes;
    options_.gateway = "bench";
    options_.sealing = {.seal = true, .source = &source_};
    for (std::size_t other = 1; other < classes; ++other) options_.shares.percent.at(other - 1) = 25;
    makeKeys();
    closeAllExtents();
    fillOpenExtents();
}

std::unique_ptr<ring::Ring> AgedRing::open() {
    return must(ring::Ring::open(files_, path(), options_, clock_));
}

std::vector<ring::RecordDraft> AgedRing::round(std::size_t main_bytes, std::size_t sub_bytes) {
    std::vector<ring::RecordDraft> drafts;
    ++sequence_;
    for (std::uint64_t camera = 1; camera <= kCameras; ++camera) {
        for (const auto stream : {media::StreamKind::Main, media::StreamKind::Sub}) {
            test::DraftWish wish;
            wish.camera_tag = camera;
            wish.stream = stream;
            wish.sequence = sequence_;
            wish.samples = kPicturesPerRecord;
            wish.sample_bytes = stream == media::StreamKind::Main ? main_bytes : sub_bytes;
            wish.first_decode = clock_.bootNow();
            wish.time_map = clock_.timeMap();
            drafts.push_back(test::makeDraft(wish));
            drafts.back().retention_class = static_cast<std::uint8_t>(camera % classes_);
        }
    }
    return drafts;
}

void AgedRing::makeKeys() {
    const auto ring = open();
    for (std::int64_t day = 0; day < kDays; ++day) {
        must(ring->append(round(100, 100)));
        clock_.advance(std::chrono::hours(24));
    }
}

void AgedRing::closeAllExtents() {
    const auto file = must(files_.open(path(), OpenMode::ReadWrite));
    Bytes block(ring::kBlock_bytes);
    must(file->readAt(0, block));
    const ring::RingFileHeader header = must(ring::decodeRingHeader(block));
    const ring::RingKeys keys = must(ring::RingKeys::open(*file, header, options_.sealing));
    std::vector<std::pair<std::uint32_t, ring::KeyOwner>> days;
    for (const auto& [number, slot] : keys.slots()->slots()) {
        if (slot.owner.scope == ring::KeyScope::WallDay) days.emplace_back(number, slot.owner);
    }
    std::ranges::sort(days, {}, [](const auto& day) { return day.second.day; });
    const std::uint64_t record_bytes = (kMainPicture_bytes + kSubPicture_bytes) * kPicturesPerRecord / 2;

    for (std::uint32_t number = 0; number < header.extent_count; ++number) {
        ring::ExtentFooter footer;
        footer.extent = number;
        footer.state = ring::ExtentState::Closed;
        footer.retention_class = static_cast<std::uint8_t>(number % classes_);
        footer.generation = kFirstGeneration + number;
        footer.last_counter = (1ULL << 30U) + std::uint64_t{number} * 10'000;
        footer.records = static_cast<std::uint32_t>(header.extent_bytes / record_bytes);
        footer.index_offset =
            static_cast<std::uint32_t>(header.extent_bytes - ring::indexSpan(footer.records));
        footer.key_slot = keys.summarySlot();
        const auto cameras = static_cast<std::size_t>(kCameras);
        const std::size_t first = std::size_t{number} * days.size() / header.extent_count / cameras * cameras;
        for (std::size_t i = first; i < first + cameras; ++i) {
            for (const auto stream : {media::StreamKind::Main, media::StreamKind::Sub}) {
                ring::StreamSummary summary;
                summary.camera_tag = days.at(i).second.camera_tag;
                summary.stream = stream;
                summary.boot_session = 42;
                summary.first_decode = BootTime(std::chrono::hours(24) * days[i].second.day);
                summary.last_decode = summary.first_decode + std::chrono::hours(1);
                summary.last_sequence = number;
                summary.best_map = clock_.timeMap();
                summary.key_slot = days[i].first;
                footer.summaries.push_back(summary);
            }
        }
        ring::SummarySeal seal{must(keys.summaryKey(footer.key_slot)), {}};
        must(crypto::fillRandom(seal.nonce));
        must(file->writeAt(ring::kFront_bytes + header.extent_bytes * (number + 1ULL) - ring::kBlock_bytes,
                           must(ring::encodeFooter(footer, header.tag(), seal))));
    }
    sequence_ = header.extent_count;
}

void AgedRing::fillOpenExtents() {
    auto ring = open();
    std::array<ring::RecordLocation, ring::kRetentionClasses> last;
    const auto filled =
        static_cast<std::uint64_t>(kFilled * static_cast<double>(ring->header().extent_bytes));
    for (bool full = false; !full; clock_.advance(std::chrono::milliseconds(1200))) {
        const auto drafts = round(kMainPicture_bytes, kSubPicture_bytes);
        const auto result = must(ring->append(drafts));
        full = true;
        for (std::size_t i = 0; i < drafts.size(); ++i)
            last.at(drafts[i].retention_class) = result.records[i].at;
        // The classes fill at their cameras' rates; the slowest one decides.
        for (std::uint8_t number = 0; number < classes_; ++number)
            full = full && last.at(number).offset_bytes >= filled;
    }
    ring.reset();
    for (std::uint8_t number = 0; number < classes_; ++number) tear(last.at(number));
}

void AgedRing::tear(const ring::RecordLocation& at) {
    const auto file = must(files_.open(path(), OpenMode::ReadWrite));
    Bytes block(ring::kBlock_bytes);
    must(file->readAt(0, block));
    const std::uint64_t extent_bytes = must(ring::decodeRingHeader(block)).extent_bytes;
    const Bytes garbage(at.total_bytes / 2, 0xA5);
    must(file->writeAt(ring::kFront_bytes + extent_bytes * at.extent + at.offset_bytes + at.total_bytes / 2,
                       garbage));
    must(file->sync());
}

}  // namespace camgate::bench
