// A small text kept in two files that are written in turn: a power cut at any step leaves the text before or
// the one after. What a newer firmware wrote is left as it is. One thread; calls block. Implements
// docs/ref/config-store.md (the slots).
#pragma once

#include <array>
#include <functional>
#include <string>

#include "base/file_system.hpp"

namespace camgate {

struct TwoSlotsFormat {
    std::uint32_t magic = 0;
    std::uint32_t format = 1;  ///< of the text; a higher one on disk is a newer firmware's
    std::uint64_t longest_bytes = 0;
};

class TwoSlots {
  public:
    /// Says what is wrong with a text whose checksum fits.
    using Judge = std::function<Status(const std::string& text)>;

    /// `name`.a and `name`.b in `folder`; `judge` may refuse a text as Corruption. FailedPrecondition: a
    /// newer firmware wrote one. `files` outlives it.
    [[nodiscard]] static Result<TwoSlots> open(FileSystem& files, std::string folder, const std::string& name,
                                               const TwoSlotsFormat& format, const Judge& judge);

    /// Empty where there is none.
    const std::string& text() const { return text_; }
    /// Empty, or why what was kept here is lost.
    const std::string& damage() const { return damage_; }
    /// Durable when this returns; what was there before stays if it fails.
    [[nodiscard]] Status save(std::string text);

  private:
    TwoSlots(FileSystem& files, std::string folder, const std::string& name, const TwoSlotsFormat& format)
        : files_(&files),
          folder_(std::move(folder)),
          paths_{folder_ + "/" + name + ".a", folder_ + "/" + name + ".b"},
          format_(format) {}

    FileSystem* files_;
    std::string folder_;
    std::array<std::string, 2> paths_;
    TwoSlotsFormat format_;
    std::string text_;
    std::string damage_;
    std::uint64_t sequence_ = 0;  // of the slot that counts
    std::size_t next_slot_ = 0;
};

}  // namespace camgate
