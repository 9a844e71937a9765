#include "ring/stream_book.hpp"

#include <algorithm>

namespace camgate::ring {
namespace {

constexpr std::size_t kManyBoots = 1024;

}  // namespace

void StreamBook::note(const RecordHeader& header) {
    noteMap(header.boot_session, header.time_map);
    raise(header.camera_tag, header.stream, {header.sequence, header.boot_session, header.last_decode});
}

void StreamBook::note(const StreamSummary& summary) {
    noteMap(summary.boot_session, summary.best_map);
    raise(summary.camera_tag, summary.stream,
          {summary.last_sequence, summary.boot_session, summary.last_decode});
}

void StreamBook::raise(std::uint64_t camera_tag, media::StreamKind stream, const Watermark& to) {
    const auto [it, first] = durable_.try_emplace({camera_tag, stream}, to);
    if (!first && to.sequence > it->second.sequence) it->second = to;
}

void StreamBook::noteErased(std::uint64_t camera_tag, media::StreamKind stream, std::uint64_t sequence) {
    auto& highest = erased_[{camera_tag, stream}];
    highest = std::max(highest, sequence);
}

std::uint64_t StreamBook::lastSequence(std::uint64_t camera_tag, media::StreamKind stream) const {
    const auto kept = durable(camera_tag, stream);
    const auto erased = erased_.find({camera_tag, stream});
    return std::max(kept ? kept->sequence : 0, erased != erased_.end() ? erased->second : 0);
}

std::optional<Watermark> StreamBook::durable(std::uint64_t camera_tag, media::StreamKind stream) const {
    const auto it = durable_.find({camera_tag, stream});
    if (it == durable_.end()) return std::nullopt;
    return it->second;
}

TimeMap StreamBook::mapOf(std::uint64_t boot_session, const TimeMap& otherwise) const {
    const auto it = boot_maps_.find(boot_session);
    return it != boot_maps_.end() ? it->second : otherwise;
}

bool StreamBook::hasManyBoots() const {
    return boot_maps_.size() > kManyBoots;
}

void StreamBook::keepBoots(const std::set<std::uint64_t>& boots) {
    std::erase_if(boot_maps_, [&boots](const auto& entry) { return !boots.contains(entry.first); });
}

void StreamBook::noteMap(std::uint64_t boot_session, const TimeMap& map) {
    const auto [it, first] = boot_maps_.try_emplace(boot_session, map);
    if (!first && betterMap(map, it->second)) it->second = map;
}

}  // namespace camgate::ring
