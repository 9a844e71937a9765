// The PEM texts as unlinked memory files, because Paho takes file names only; and OpenSSL's configuration,
// because Paho cannot set the lowest protocol. The key's file is wiped with its owner. Any thread.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace camgate::link {

class MemoryFile {
  public:
    [[nodiscard]] static Result<MemoryFile> create(const char* name, std::string_view content);
    MemoryFile(MemoryFile&&) = default;
    MemoryFile& operator=(MemoryFile&&) = delete;
    ~MemoryFile();

    /// "/proc/self/fd/N"; valid while this lives.
    std::string path() const;

  private:
    MemoryFile(UniqueFd fd, std::size_t size_bytes) : fd_(std::move(fd)), size_bytes_(size_bytes) {}
    UniqueFd fd_;
    std::size_t size_bytes_ = 0;
};

/// TLS 1.2 or better for the whole process. Before anything uses OpenSSL, before threads; the returned file
/// lives as long as the process.
[[nodiscard]] Result<MemoryFile> setTlsFloor();

/// Overwrites a secret's memory.
void wipe(std::string& secret);

}  // namespace camgate::link
