// The trust document in force, durable: written beside and renamed, so that a power cut leaves the old or the
// new. What another authority than the configured one began is not continued. One thread. Implements
// docs/ref/trust.md (At the gateway).
#pragma once

#include <optional>
#include <string>

#include "base/file_system.hpp"
#include "uplink/trust.hpp"

namespace camgate::uplink {

class TrustKeeper {
  public:
    /// `anchor_pem`: the configured authority; `files` outlives it. Corruption: there is a file, and it is
    /// damaged.
    [[nodiscard]] static Result<TrustKeeper> open(FileSystem& files, const std::string& path,
                                                  const std::string& anchor_pem);
    /// Whatever is in the file; it stays until a document is taken.
    static TrustKeeper anew(FileSystem& files, const std::string& path, const std::string& anchor_pem);

    /// Nothing: none has come yet.
    const std::optional<Trust>& current() const { return current_; }
    /// Durable when it returns. Nothing: it is the one in force. PermissionDenied, InvalidArgument as
    /// verifyTrust(); FailedPrecondition: an older version, or another document under the same version.
    [[nodiscard]] Result<std::optional<Trust>> offer(std::string_view text);

  private:
    TrustKeeper(FileSystem& files, std::string path, std::vector<std::string> anchors)
        : files_(&files), path_(std::move(path)), anchors_(std::move(anchors)) {}
    std::string anchorName() const;
    [[nodiscard]] Status load();

    FileSystem* files_;
    std::string path_;
    std::vector<std::string> anchors_;
    std::optional<Trust> current_;
};

}  // namespace camgate::uplink
