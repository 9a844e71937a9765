// A clip that lies in one file or several: they are one after another. One thread.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "evidence/clip_bytes.hpp"

namespace camgate::verify {

class FileClip final : public evidence::ClipBytes {
  public:
    [[nodiscard]] static Result<FileClip> open(FileSystem& files, const std::vector<std::string>& paths);

    using ClipBytes::read;
    std::uint64_t size() const override { return size_bytes_; }
    Status read(std::uint64_t offset, std::span<std::uint8_t> into) override;

  private:
    struct Part {
        std::unique_ptr<File> file;
        std::uint64_t begin = 0;
        std::uint64_t end = 0;
    };
    FileClip() = default;

    std::vector<Part> parts_;
    std::uint64_t size_bytes_ = 0;
};

}  // namespace camgate::verify
