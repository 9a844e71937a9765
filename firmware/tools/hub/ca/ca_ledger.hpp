// What an authority has issued and revoked: one JSON line each, appended and synced before a certificate
// leaves, so that whatever was given out can be revoked. Locked while open. One thread. Implements
// docs/ref/hub.md (Certificates).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/file_system.hpp"

namespace camgate::hub {

struct IssuedCertificate {
    std::string serial;  ///< lower-case hex
    std::string role;
    std::string name;
    std::string fingerprint;
    WallTime from;
    WallTime to;
    std::optional<WallTime> revoked = {};
    std::string reason = {};  ///< of the revocation
};

class CaLedger {
  public:
    /// FailedPrecondition: another process has it; Corruption: a line in it is none of this ledger.
    [[nodiscard]] static Result<CaLedger> open(FileSystem& files, const std::string& path);

    /// Durable when it returns.
    [[nodiscard]] Status add(const IssuedCertificate& certificate);
    /// `which`: a serial or a fingerprint. NotFound; FailedPrecondition: revoked already.
    [[nodiscard]] Status revoke(const std::string& which, WallTime at, const std::string& reason);
    /// In the order in which they were issued.
    const std::vector<IssuedCertificate>& certificates() const { return certificates_; }
    bool has(const std::string& serial) const;

  private:
    explicit CaLedger(std::unique_ptr<File> file) : file_(std::move(file)) {}
    [[nodiscard]] Status load();
    [[nodiscard]] Status take(const std::string& line);
    [[nodiscard]] Status append(std::string line);

    std::unique_ptr<File> file_;
    std::uint64_t end_bytes_ = 0;
    std::vector<IssuedCertificate> certificates_;
};

}  // namespace camgate::hub
