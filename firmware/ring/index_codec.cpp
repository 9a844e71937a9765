#include "ring/index_codec.hpp"

#include <algorithm>

namespace camgate::ring {
namespace {

constexpr std::size_t kClear_bytes = 24;
constexpr std::size_t kBody_bytes = kHeader_bytes + kLeaf_bytes;

std::unexpected<Error> corruptIndex(const char* what) {
    return fail(ErrorKind::Corruption, std::string("index: ") + what);
}

crypto::AeadNonce nonceOf(std::uint64_t counter) {
    ByteWriter out;
    out.put(counter);
    crypto::AeadNonce nonce{};
    std::ranges::copy(out.bytes(), nonce.begin());
    return nonce;
}

Bytes encodeClear(const RecordInfo& record) {
    ByteWriter out;
    out.put(record.key_slot);
    out.put(record.at.offset_bytes);
    out.put(record.at.total_bytes);
    out.put(std::uint32_t{0});
    out.put(record.at.counter);
    return std::move(out).take();
}

/// Of one call: most entries of an extent lie under a few keys.
class Keys {
  public:
    Keys(const RingKeys& keys, std::uint64_t generation) : keys_(keys), generation_(generation) {}
    const Result<crypto::AeadKey>& of(std::uint32_t slot) {
        auto it = known_.find(slot);
        if (it == known_.end()) it = known_.emplace(slot, keys_.indexKey(slot, generation_)).first;
        return it->second;
    }

  private:
    const RingKeys& keys_;
    std::uint64_t generation_;
    std::map<std::uint32_t, Result<crypto::AeadKey>> known_;
};

Status decodeBody(ByteView body, RecordInfo& record) {
    auto header = decodeHeader(body.first(kHeader_bytes));
    if (!header) return std::unexpected(header.error());
    record.header = *header;
    std::ranges::copy(body.subspan(kHeader_bytes), record.leaf.begin());
    return {};
}

}  // namespace

Result<Bytes> encodeIndex(const std::vector<RecordInfo>& records, const RingKeys& keys) {
    ByteWriter out;
    Keys known(keys, records.empty() ? 0 : records.front().at.generation);
    for (const RecordInfo& record : records) {
        const Bytes clear = encodeClear(record);
        Bytes body = encodeHeader(record.header);
        body.insert(body.end(), record.leaf.begin(), record.leaf.end());
        crypto::AeadTag tag{};
        if (record.key_slot != 0) {
            const auto& key = known.of(record.key_slot);
            if (!key) return passOn(key.error(), "sealing an index");
            const auto sealed = crypto::aeadSealInPlace(*key, nonceOf(record.at.counter), clear, body);
            if (!sealed) return std::unexpected(sealed.error());
            tag = *sealed;
        }
        out.putBytes(clear);
        out.putBytes(body);
        out.putBytes(tag);
    }
    return std::move(out).take();
}

Result<std::vector<RecordInfo>> decodeIndex(const ExtentFooter& footer, ByteView bytes,
                                            const RingKeys& keys) {
    if (bytes.size() != std::uint64_t{footer.records} * kIndexEntry_bytes) return corruptIndex("length");
    if (crc32c(bytes) != footer.index_crc) return corruptIndex("checksum");
    std::vector<RecordInfo> records;
    Keys known(keys, footer.generation);
    for (; !bytes.empty(); bytes = bytes.subspan(kIndexEntry_bytes)) {
        const ByteView clear = bytes.first(kClear_bytes);
        ByteReader in(bytes.first(kIndexEntry_bytes));
        RecordInfo record;
        record.key_slot = in.get<std::uint32_t>();
        record.at.extent = footer.extent;
        record.at.generation = footer.generation;
        record.at.offset_bytes = in.get<std::uint32_t>();
        record.at.total_bytes = in.get<std::uint32_t>();
        const auto reserved = in.get<std::uint32_t>();
        record.at.counter = in.get<std::uint64_t>();
        const ByteView sealed = in.getBytes(kBody_bytes);
        Bytes body(sealed.begin(), sealed.end());
        crypto::AeadTag tag{};
        std::ranges::copy(in.getBytes(tag.size()), tag.begin());
        const bool tagged = tag != crypto::AeadTag{};
        if (std::uint64_t{record.at.offset_bytes} + record.at.total_bytes > footer.index_offset ||
            reserved != 0 || (record.key_slot == 0 && tagged))
            return corruptIndex("entry");
        if (record.key_slot != 0) {
            const auto& key = known.of(record.key_slot);
            if (!key) continue;
            const auto opened = crypto::aeadOpenInPlace(*key, nonceOf(record.at.counter), clear, body, tag);
            if (!opened) return passOn(opened.error(), "index");
        }
        if (auto done = decodeBody(body, record); !done) return std::unexpected(done.error());
        records.push_back(std::move(record));
    }
    return records;
}

std::uint64_t indexSpan(std::size_t records) {
    const std::uint64_t index = std::uint64_t{records} * kIndexEntry_bytes;
    return (index + kBlock_bytes - 1) / kBlock_bytes * kBlock_bytes + kBlock_bytes;
}

}  // namespace camgate::ring
