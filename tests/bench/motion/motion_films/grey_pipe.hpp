// Luma of a film on disk, as the ffmpeg program decodes it: every frame of the file in decode order, the
// plane as it is coded (no change of range). One thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace camgate::bench {

class GreyPipe {
  public:
    /// Throws where ffmpeg cannot be started or makes nothing of the file.
    explicit GreyPipe(const std::string& path);
    ~GreyPipe();
    GreyPipe(const GreyPipe&) = delete;
    GreyPipe& operator=(const GreyPipe&) = delete;

    bool next();
    const std::vector<std::uint8_t>& luma() const { return luma_; }
    int width() const { return width_; }
    int height() const { return height_; }

  private:
    std::string line();

    int child_ = -1;
    std::FILE* stream_ = nullptr;
    int width_ = 0, height_ = 0;
    std::vector<std::uint8_t> luma_;
};

}  // namespace camgate::bench
