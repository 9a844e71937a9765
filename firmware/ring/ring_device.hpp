// The ring's file as its parts read and write it: by extent, and counted. Storage thread only.
#pragma once

#include "ring/ring_file.hpp"

namespace camgate::ring {

struct DeviceCounts {
    std::uint64_t written_bytes = 0;         ///< since opening, zeros included
    std::uint64_t zeroed_bytes = 0;          ///< of these, ahead of the writer
    std::uint64_t written_before_bytes = 0;  ///< by the newest footer found at start
    std::uint64_t syncs = 0;
    std::uint64_t writtenEver() const { return written_before_bytes + written_bytes; }
};

class RingDevice {
  public:
    explicit RingDevice(RingFile file) : file_(std::move(file.file)), header_(std::move(file.header)) {}

    [[nodiscard]] Status read(std::uint32_t extent, std::uint64_t offset, std::span<std::uint8_t> into) {
        return file_->readAt(offsetOf(extent) + offset, into);
    }
    [[nodiscard]] Status write(std::uint32_t extent, std::uint64_t offset, ByteView bytes) {
        counts.written_bytes += bytes.size();
        return file_->writeAt(offsetOf(extent) + offset, bytes);
    }
    [[nodiscard]] Status writeFront(std::uint64_t offset, ByteView bytes) {
        counts.written_bytes += bytes.size();
        return file_->writeAt(offset, bytes);
    }
    [[nodiscard]] Status sync() {
        ++counts.syncs;
        return file_->sync();
    }

    const RingFileHeader& header() const { return header_; }
    std::uint64_t extentBytes() const { return header_.extent_bytes; }
    /// Where in an extent its footer lies.
    std::uint64_t footerOffset() const { return header_.extent_bytes - kBlock_bytes; }
    std::uint64_t offsetOf(std::uint32_t extent) const {
        return kFront_bytes + std::uint64_t{extent} * header_.extent_bytes;
    }
    File& file() { return *file_; }

    DeviceCounts counts;

  private:
    std::unique_ptr<File> file_;
    RingFileHeader header_;
};

}  // namespace camgate::ring
