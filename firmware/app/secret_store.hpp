// Keeps the configuration's secrets in one sealed file of the data folder. Written beside and renamed, so
// that a power cut leaves the old or the new. One thread at a time. Implements docs/ref/config-store.md
// (Secrets).
#pragma once

#include <string>

#include "base/file_system.hpp"
#include "config/secrets.hpp"
#include "crypto/file_key_source.hpp"

namespace camgate::app {

class SecretStore {
  public:
    /// `files` outlives it.
    SecretStore(FileSystem& files, const std::string& folder);

    /// None where there is no file. Corruption: it is damaged, or its key is another.
    [[nodiscard]] Result<config::Secrets> load();
    /// Durable when this returns.
    [[nodiscard]] Status save(const config::Secrets& secrets);

  private:
    FileSystem& files_;
    std::string path_;
    crypto::FileKeySource key_;
};

}  // namespace camgate::app
