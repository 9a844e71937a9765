#include "ring/record_reader.hpp"

#include <algorithm>

#include "crypto/wipe.hpp"
#include "ring/record_front.hpp"
#include "ring/record_seal.hpp"

namespace camgate::ring {

Result<RecordMeta> RecordReader::meta(const RecordLocation& at) {
    if (auto right = checkPlace(at); !right) return std::unexpected(right.error());
    const std::uint64_t file_offset = device_.offsetOf(at.extent) + at.offset_bytes;
    const auto front = readFront(device_.file(), file_offset, at.total_bytes);
    if (!front) return passOn(front.error(), "reading a record");
    if (auto meant = isMeant(at, front->placement); !meant) return std::unexpected(meant.error());
    const auto key = keyOf(front->placement, keys_);
    if (!key) return passOn(key.error(), "reading a record");
    auto meta = readMeta(device_.file(), file_offset, at.total_bytes, *front, *key);
    if (!meta) return passOn(meta.error(), "reading a record");
    return meta;
}

Status RecordReader::payload(const RecordLocation& at, std::uint64_t offset, std::span<std::uint8_t> into) {
    if (auto right = checkPlace(at); !right) return right;
    if (cached_.empty() || cached_at_ != at) {
        if (auto loaded = load(at); !loaded) return loaded;
    }
    if (offset > cached_payload_.size() || into.size() > cached_payload_.size() - offset) {
        return fail(ErrorKind::InvalidArgument, "beyond the record's payload");
    }
    std::ranges::copy(cached_payload_.subspan(static_cast<std::size_t>(offset), into.size()), into.begin());
    return {};
}

Status RecordReader::load(const RecordLocation& at) {
    cached_.resize(at.total_bytes);
    cached_payload_ = {};
    cached_at_ = {};
    if (auto read = device_.read(at.extent, at.offset_bytes, cached_); !read) return read;
    const auto placement = decodePlacement(cached_);
    if (!placement) return passOn(placement.error(), "reading a record");
    if (auto meant = isMeant(at, *placement); !meant) return meant;
    const auto payload = check(*placement);
    if (!payload) return passOn(payload.error(), "reading a record");
    cached_payload_ = *payload;
    cached_at_ = at;
    return {};
}

Result<ByteView> RecordReader::check(const Placement& placement) {
    if (placement.seal == Seal::Clear) return checkRecord(placement, cached_);
    const auto key = keys_.recordKey(placement);
    if (!key) return std::unexpected(key.error());
    return openRecord(*key, placement, cached_);
}

void RecordReader::forget() {
    crypto::wipe(cached_);
    cached_.clear();
    cached_payload_ = {};
    cached_at_ = {};
}

Status RecordReader::checkPlace(const RecordLocation& at) const {
    if (std::uint64_t{at.offset_bytes} + at.total_bytes <= device_.extentBytes()) return {};
    return fail(ErrorKind::InvalidArgument, "a record beyond its extent");
}

Status RecordReader::isMeant(const RecordLocation& at, const Placement& placement) const {
    if (placement.counter == at.counter && placement.generation == at.generation &&
        placement.ring_tag == device_.header().tag())
        return {};
    return fail(ErrorKind::Corruption, "another record lies where the index points");
}

}  // namespace camgate::ring
