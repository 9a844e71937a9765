// A clip of two real MP4 files as a gateway announces it, for tests of a hub. Header-only.
#pragma once

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "crypto/hash.hpp"
#include "evidence/manifest.hpp"
#include "media/mp4_writer.hpp"
#include "support/crypto/golden_pki.hpp"
#include "support/evidence/samples.hpp"

namespace camgate::test {

constexpr std::size_t kChunk_bytes = 4096;  ///< of a clip on its way

/// Starts at a random access point; `pictures` of `picture_bytes` each.
inline Bytes smallMp4(std::size_t pictures, std::uint32_t picture_bytes) {
    const media::DecoderConfig config{media::Codec::H264, 640, 360, Bytes{1, 77, 0, 30, 0xFF, 0xE0, 0}};
    Bytes file = media::initSegment(config, {WallTime{}, 9000 * pictures}).value();
    std::vector<media::Mp4Sample> samples(pictures, media::Mp4Sample{9000, picture_bytes, 0, false, false});
    samples[0].sync = true;
    const Bytes header = media::fragment(1, 0, samples).value();
    file.insert(file.end(), header.begin(), header.end());
    file.resize(file.size() + pictures * picture_bytes, 0x5A);
    return file;
}

struct TestClip {
    explicit TestClip(std::size_t pictures = 40) {
        const Bytes first = smallMp4(pictures, 500), second = smallMp4(3, 100);
        bytes = first;
        bytes.insert(bytes.end(), second.begin(), second.end());
        manifest = sampleManifest();
        manifest.clip = std::string(64, 'c');
        manifest.files = {{"a.mp4", first.size(), media::Codec::H264, 640, 360, 1},
                          {"b.mp4", second.size(), media::Codec::H264, 640, 360, 1}};
        sha256 = toHex(crypto::sha256(bytes));
    }
    std::string id() const { return manifest.clip; }
    nlohmann::json plan() const {
        return {{"v", 1},
                {"id", "01"},
                {"clip", id()},
                {"phase", "plan"},
                {"event", "e1"},
                {"correlation", nullptr},
                {"bytes", bytes.size()},
                {"chunk_bytes", kChunk_bytes},
                {"manifest", toBase64(asBytes(evidence::toJsonText(manifest)))}};
    }
    nlohmann::json complete(bool sign = true) const {
        nlohmann::json message{
            {"v", 1}, {"id", "02"}, {"clip", id()}, {"phase", "complete"}, {"sha256", sha256}};
        if (!sign) return message;
        const auto text = evidence::signManifest(manifest, sha256, goldenIdentity("evidence")).value();
        const auto document = nlohmann::json::parse(text);
        message["signature"] = {{"cert", document["cert"]}, {"sig", document["sig"]}};
        return message;
    }
    Bytes chunk(std::size_t offset, std::size_t length) const {
        length = std::min(length, bytes.size() - offset);
        return chunkOf(offset, ByteView(bytes).subspan(offset, length));
    }
    static Bytes chunkOf(std::uint64_t offset, ByteView content) {
        ByteWriter out;
        out.putBytes(asBytes("CGK1"));
        out.put(std::uint32_t{0});  // flags and zero
        out.put(static_cast<std::uint32_t>(offset / kChunk_bytes));
        out.put(offset);
        out.putBytes(content);
        return std::move(out).take();
    }

    Bytes bytes;
    evidence::Manifest manifest;
    std::string sha256;
};

}  // namespace camgate::test
