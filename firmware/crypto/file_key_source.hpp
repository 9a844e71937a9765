// A secret of 32 random bytes in a file that only the daemon's user may read. It protects footage as far as
// the file lies on another medium than the footage. One thread at a time.
#pragma once

#include <string>

#include "base/file_system.hpp"
#include "crypto/key_source.hpp"

namespace camgate::crypto {

class FileKeySource final : public KeySource {
  public:
    /// `files` outlives it.
    FileKeySource(FileSystem& files, std::string path) : files_(files), path_(std::move(path)) {}

    std::string_view name() const override { return "key file"; }
    Result<SourceSecret> secret() override;
    Status create() override;

  private:
    FileSystem& files_;
    std::string path_;
};

}  // namespace camgate::crypto
