#include "ring/record.hpp"

namespace camgate::ring {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(GapReason::Count)> kReasonNames{
    "none", "daemon-start", "quota-full", "camera-lost", "storage-error", "card-stalled", "paused"};

bool sameMap(const TimeMap& a, const TimeMap& b) {
    return a.offset == b.offset && a.quality == b.quality && a.error_bound == b.error_bound;
}

}  // namespace

std::string_view toString(GapReason reason) {
    return kReasonNames.at(static_cast<std::size_t>(reason));
}

bool operator==(const RecordHeader& a, const RecordHeader& b) {
    return a.camera_tag == b.camera_tag && a.stream == b.stream && a.codec == b.codec &&
           a.starts_with == b.starts_with && a.width_px == b.width_px && a.height_px == b.height_px &&
           a.boot_session == b.boot_session && a.sequence == b.sequence && a.first_decode == b.first_decode &&
           a.last_decode == b.last_decode && sameMap(a.time_map, b.time_map) && a.gap == b.gap &&
           a.sample_count == b.sample_count && a.payload_bytes == b.payload_bytes &&
           a.config_bytes == b.config_bytes && a.config_id == b.config_id && a.config_hash == b.config_hash;
}

}  // namespace camgate::ring
