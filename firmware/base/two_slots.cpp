#include "base/two_slots.hpp"

#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace camgate {
namespace {

constexpr std::size_t kSlotHead_bytes = 32;

struct Slot {
    std::uint64_t sequence = 0;
    std::string text;
};

Bytes encode(const TwoSlotsFormat& format, std::uint64_t sequence, std::string_view text) {
    ByteWriter out;
    out.put(format.magic);
    out.put(format.format);
    out.put(sequence);
    out.put(static_cast<std::uint64_t>(text.size()));
    out.put(crc32c(asBytes(text)));
    out.put(crc32c(out.bytes()));
    out.putBytes(asBytes(text));
    return std::move(out).take();
}

/// Corruption: cut off, never finished, or damaged since. FailedPrecondition: of a newer firmware.
Result<Slot> readSlot(File& file, const TwoSlotsFormat& known) {
    Bytes head(kSlotHead_bytes);
    if (auto got = file.readAt(0, head); !got) return std::unexpected(got.error());
    ByteReader in(head);
    const auto magic = in.get<std::uint32_t>();
    const auto format = in.get<std::uint32_t>();
    Slot slot;
    slot.sequence = in.get<std::uint64_t>();
    const auto length = in.get<std::uint64_t>();
    const auto text_crc = in.get<std::uint32_t>();
    if (magic != known.magic || in.get<std::uint32_t>() != crc32c(ByteView(head).first(kSlotHead_bytes - 4)))
        return fail(ErrorKind::Corruption, "the head is damaged");
    if (format > known.format) return fail(ErrorKind::FailedPrecondition, "a newer firmware wrote it");
    if (length > known.longest_bytes) return fail(ErrorKind::Corruption, "an impossible length");
    Bytes text(static_cast<std::size_t>(length));
    if (auto got = file.readAt(kSlotHead_bytes, text); !got) return std::unexpected(got.error());
    if (crc32c(text) != text_crc) return fail(ErrorKind::Corruption, "the checksum does not fit");
    slot.text = asText(text);
    return slot;
}

Result<Slot> readSlotAt(FileSystem& files, const std::string& path, const TwoSlotsFormat& known,
                        const TwoSlots::Judge& judge) {
    auto file = files.open(path, OpenMode::ReadOnly);
    if (!file) return std::unexpected(file.error());
    auto slot = readSlot(**file, known);
    if (!slot) return passOn(slot.error(), path);
    if (auto fine = judge(slot->text); !fine) return passOn(fine.error(), path);
    return slot;
}

}  // namespace

Result<TwoSlots> TwoSlots::open(FileSystem& files, std::string folder, const std::string& name,
                                const TwoSlotsFormat& format, const Judge& judge) {
    TwoSlots store(files, std::move(folder), name, format);
    std::vector<Error> damages;
    bool sound = false;
    for (std::size_t i = 0; i < store.paths_.size(); ++i) {
        if (!files.exists(store.paths_.at(i))) continue;
        auto slot = readSlotAt(files, store.paths_.at(i), format, judge);
        if (!slot && slot.error().kind != ErrorKind::Corruption) return std::unexpected(slot.error());
        if (!slot) {
            damages.push_back(slot.error());
            if (!sound) store.next_slot_ = i;
        } else if (!sound || slot->sequence > store.sequence_) {
            sound = true;
            store.sequence_ = slot->sequence;
            store.text_ = std::move(slot->text);
            store.next_slot_ = 1 - i;
        }
    }
    // One alone may be a first one that was never finished; two mean that something was kept here.
    if (damages.size() == store.paths_.size()) store.damage_ = damages.back().describe();
    return store;
}

Status TwoSlots::save(std::string text) {
    const std::string& path = paths_.at(next_slot_);
    const bool is_new = !files_->exists(path);
    auto file = files_->open(path, OpenMode::CreateOrOpen);
    if (!file) return std::unexpected(file.error());
    if (auto done = (*file)->writeAt(0, encode(format_, sequence_ + 1, text)); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
    if (is_new) {
        if (auto done = files_->syncDirectory(folder_); !done) return done;
    }
    ++sequence_;
    next_slot_ = 1 - next_slot_;
    text_ = std::move(text);
    return {};
}

}  // namespace camgate
