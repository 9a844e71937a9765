// Drafts with content that tells where it belongs: a payload is made from its stream, sequence and length, so
// that a test knows a wrong frame when it reads one. Header only.
#pragma once

#include <algorithm>
#include <cstring>
#include <vector>

#include "ring/ring.hpp"

namespace camgate::test {

inline media::DecoderConfig smallConfig(std::uint8_t mark = 0x64) {
    return {media::Codec::H264, 640, 360, Bytes{1, mark, 0, 0x1F, 0xFF, 0xE0, 0}};
}

inline Bytes unitBytes(std::uint64_t camera_tag, std::uint64_t sequence, std::size_t sample,
                       std::size_t size) {
    Bytes bytes(size);
    std::uint64_t word = (camera_tag * 31 + sequence * 1009 + sample + 1) * 0x9E3779B97F4A7C15;
    for (std::size_t i = 0; i < size; i += sizeof(word)) {
        word ^= word << 13U;
        word ^= word >> 7U;
        word ^= word << 17U;
        std::memcpy(bytes.data() + i, &word, std::min(sizeof(word), size - i));
    }
    return bytes;
}

struct DraftWish {
    std::uint64_t camera_tag = 7;
    media::StreamKind stream = media::StreamKind::Main;
    std::uint64_t sequence = 1;
    std::size_t samples = 10;
    std::size_t sample_bytes = 1000;
    BootTime first_decode{std::chrono::seconds(100)};
    Duration step = std::chrono::milliseconds(100);
    bool starts_random = true;
    std::uint64_t boot_session = 42;
    TimeMap time_map{std::chrono::seconds(1'772'366'300), WallQuality::Ntp, std::chrono::milliseconds(10)};
    media::DecoderConfig config = smallConfig();
};

inline ring::RecordDraft makeDraft(const DraftWish& wish) {
    ring::RecordDraft draft;
    draft.config = wish.config;
    ring::RecordHeader& header = draft.header;
    header.camera_tag = wish.camera_tag;
    header.stream = wish.stream;
    header.codec = wish.config.codec;
    header.width_px = wish.config.width_px;
    header.height_px = wish.config.height_px;
    header.boot_session = wish.boot_session;
    header.sequence = wish.sequence;
    header.first_decode = wish.first_decode;
    header.time_map = wish.time_map;
    header.config_bytes = static_cast<std::uint32_t>(wish.config.box.size());
    header.config_id = wish.config.id();
    header.config_hash = crypto::sha256(wish.config.box);
    for (std::size_t i = 0; i < wish.samples; ++i) {
        ring::Sample sample;
        sample.size_bytes = static_cast<std::uint32_t>(wish.sample_bytes);
        sample.decode_delta_ns = i == 0 ? 0 : static_cast<std::uint32_t>(wish.step.count());
        if (i == 0 && wish.starts_random) sample.random_access = media::RandomAccess::Idr;
        draft.samples.push_back(sample);
        draft.units.push_back(unitBytes(wish.camera_tag, wish.sequence, i, wish.sample_bytes));
        header.payload_bytes += sample.size_bytes;
    }
    header.starts_with = draft.samples.front().random_access;
    header.sample_count = static_cast<std::uint32_t>(wish.samples);
    header.last_decode = wish.first_decode + wish.step * static_cast<std::int64_t>(wish.samples - 1);
    return draft;
}

/// The record's bytes are those that makeDraft() put there.
inline bool holdsItsContent(ring::Ring& ring, const ring::RecordInfo& info) {
    const auto meta = ring.readMeta(info.at);
    if (!meta || !(meta->header == info.header) || meta->leaf != info.leaf) return false;
    Bytes payload(info.header.payload_bytes);
    if (!ring.readPayload(info.at, 0, payload)) return false;
    std::size_t at = 0;
    for (std::size_t i = 0; i < meta->samples.size(); ++i) {
        const Bytes expected =
            unitBytes(info.header.camera_tag, info.header.sequence, i, meta->samples[i].size_bytes);
        if (!std::equal(expected.begin(), expected.end(), payload.begin() + static_cast<std::ptrdiff_t>(at)))
            return false;
        at += expected.size();
    }
    return true;
}

}  // namespace camgate::test
