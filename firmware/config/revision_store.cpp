#include "config/revision_store.hpp"

#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace camgate::config {
namespace {

constexpr std::uint32_t kMagic = 0x56524743;  // "CGRV"
constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kHeader_bytes = 32;
/// 20 documents of the longest kind, and their JSON escapes.
constexpr std::uint64_t kMostHistory_bytes = 64U << 20U;
constexpr std::array<const char*, 2> kSlots{"config.a", "config.b"};

struct Slot {
    std::uint64_t sequence = 0;
    History history;
};

Bytes encode(std::uint64_t sequence, std::string_view json_text) {
    ByteWriter out;
    out.put(kMagic);
    out.put(kFormat);
    out.put(sequence);
    out.put(static_cast<std::uint64_t>(json_text.size()));
    out.put(crc32c(asBytes(json_text)));
    out.put(crc32c(out.bytes()));
    out.putBytes(asBytes(json_text));
    return std::move(out).take();
}

/// Corruption: cut off, never finished, or damaged since. FailedPrecondition: of a newer firmware.
Result<Slot> readSlot(File& file) {
    Bytes head(kHeader_bytes);
    if (auto got = file.readAt(0, head); !got) return std::unexpected(got.error());
    ByteReader in(head);
    const auto magic = in.get<std::uint32_t>();
    const auto format = in.get<std::uint32_t>();
    Slot slot;
    slot.sequence = in.get<std::uint64_t>();
    const auto length = in.get<std::uint64_t>();
    const auto text_crc = in.get<std::uint32_t>();
    if (magic != kMagic || in.get<std::uint32_t>() != crc32c(ByteView(head).first(kHeader_bytes - 4)))
        return fail(ErrorKind::Corruption, "the head is damaged");
    if (format > kFormat) return fail(ErrorKind::FailedPrecondition, "a newer firmware wrote it");
    if (length > kMostHistory_bytes) return fail(ErrorKind::Corruption, "an impossible length");
    Bytes text(static_cast<std::size_t>(length));
    if (auto got = file.readAt(kHeader_bytes, text); !got) return std::unexpected(got.error());
    if (crc32c(text) != text_crc) return fail(ErrorKind::Corruption, "the checksum does not fit");
    auto history = parseHistory(asText(text));
    if (!history) return std::unexpected(history.error());
    slot.history = std::move(*history);
    return slot;
}

Result<Slot> readSlotAt(FileSystem& files, const std::string& path) {
    auto file = files.open(path, OpenMode::ReadOnly);
    if (!file) return std::unexpected(file.error());
    auto slot = readSlot(**file);
    if (!slot) return passOn(slot.error(), path);
    return slot;
}

}  // namespace

std::string RevisionStore::slotPath(std::size_t slot) const {
    return folder_ + "/" + kSlots.at(slot);
}

Result<RevisionStore> RevisionStore::open(FileSystem& files, std::string folder) {
    RevisionStore store(files, std::move(folder));
    std::vector<Error> damages;
    bool sound = false;
    for (std::size_t i = 0; i < kSlots.size(); ++i) {
        if (!files.exists(store.slotPath(i))) continue;
        auto slot = readSlotAt(files, store.slotPath(i));
        if (!slot && slot.error().kind != ErrorKind::Corruption) return std::unexpected(slot.error());
        if (!slot) {
            damages.push_back(slot.error());
            if (!sound) store.next_slot_ = i;
        } else if (!sound || slot->sequence > store.sequence_) {
            sound = true;
            store.sequence_ = slot->sequence;
            store.history_ = std::move(slot->history);
            store.next_slot_ = 1 - i;
        }
    }
    // One alone may be a first one that was never finished; two mean that something was kept here.
    if (damages.size() == kSlots.size()) store.damage_ = damages.back().describe();
    return store;
}

Status RevisionStore::save(History history) {
    const std::string path = slotPath(next_slot_);
    const bool is_new = !files_.exists(path);
    auto file = files_.open(path, OpenMode::CreateOrOpen);
    if (!file) return std::unexpected(file.error());
    const Bytes bytes = encode(sequence_ + 1, historyJson(history));
    if (auto done = (*file)->writeAt(0, bytes); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
    if (is_new) {
        if (auto done = files_.syncDirectory(folder_); !done) return done;
    }
    ++sequence_;
    next_slot_ = 1 - next_slot_;
    history_ = std::move(history);
    return {};
}

}  // namespace camgate::config
