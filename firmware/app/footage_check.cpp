#include "app/footage_check.hpp"

#include <utility>

#include "evidence/leaf.hpp"
#include "ring/camera_tag.hpp"
#include "ring/record_codec.hpp"

namespace camgate::app {
namespace {

/// So many records' index entries are in memory at once.
constexpr Duration kCheckWindow = std::chrono::minutes(10);

Status judgeRecord(ring::Ring& ring, const ring::RecordInfo& info) {
    const auto meta = ring.readMeta(info.at);
    if (!meta) return std::unexpected(meta.error());
    if (!(meta->header == info.header) || meta->leaf != info.leaf)
        return fail(ErrorKind::Corruption, "record and index contradict each other");
    Bytes payload(info.header.payload_bytes);
    if (auto read = ring.readPayload(info.at, 0, payload); !read) return read;
    const auto leaf =
        evidence::leafHash(ring::encodeHeader(meta->header), ring::encodeSamples(meta->samples), payload);
    if (leaf != info.leaf) return fail(ErrorKind::Corruption, "the leaf is not that of the bytes");
    return {};
}

}  // namespace

FootageCheck::FootageCheck(std::string gateway, const std::vector<std::string>& cameras) {
    for (const std::string& camera : cameras) {
        for (const auto kind : {media::StreamKind::Main, media::StreamKind::Sub})
            streams_.push_back({camera, ring::cameraTag(gateway, camera), kind});
    }
}

Result<bool> FootageCheck::step(ring::Ring& ring) {
    if (!waiting_.empty()) {
        judge(ring, waiting_.front());
        waiting_.pop_front();
        return true;
    }
    if (streams_.empty()) return false;
    if (!begun_) {
        beginStream(ring);
    } else if (window_ <= end_) {
        if (auto loaded = loadWindow(ring); !loaded) return std::unexpected(loaded.error());
    } else {
        streams_.pop_front();
        begun_ = false;
    }
    return true;
}

void FootageCheck::beginStream(const ring::Ring& ring) {
    const auto span = ring.coverage(streams_.front().tag, streams_.front().kind);
    begun_ = true;
    last_sequence_ = 0;
    window_ = span ? span->from : WallTime(Duration(1));
    end_ = span ? span->to : WallTime(Duration(0));
}

Status FootageCheck::loadWindow(ring::Ring& ring) {
    const Stream& stream = streams_.front();
    auto found = ring.find(stream.tag, stream.kind, window_, window_ + kCheckWindow);
    if (!found) return std::unexpected(found.error());
    window_ += kCheckWindow;
    for (ring::RecordInfo& info : *found) {
        if (info.header.sequence <= last_sequence_) continue;  // reaches over from the window before
        last_sequence_ = info.header.sequence;
        waiting_.push_back(std::move(info));
    }
    return {};
}

void FootageCheck::judge(ring::Ring& ring, const ring::RecordInfo& info) {
    const auto judged = judgeRecord(ring, info);
    // Overwritten while the check ran: it is no longer kept.
    if (!judged && judged.error().kind == ErrorKind::NotFound) return;
    ++report_.records;
    report_.bytes += info.at.total_bytes;
    if (!judged) note(info, judged.error().describe());
}

void FootageCheck::note(const ring::RecordInfo& info, const std::string& what) {
    ++report_.damaged_records;
    const Stream& stream = streams_.front();
    if (!report_.damages.empty()) {
        Damage& last = report_.damages.back();
        const bool goes_on = last.camera == stream.camera && last.stream == stream.kind &&
                             last.what == what && info.wallStart() - last.to < std::chrono::seconds(5);
        if (goes_on) {
            last.to = info.wallEnd();
            ++last.records;
            return;
        }
    }
    if (report_.damages.size() < kMostDamages)
        report_.damages.push_back({stream.camera, stream.kind, info.wallStart(), info.wallEnd(), 1, what});
}

}  // namespace camgate::app
