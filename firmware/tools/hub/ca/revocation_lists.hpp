// The files by which brokers learn what an authority revoked: `issuing.crl` of what the issuing authority
// signed, `root.crl` of issuing authorities, the latter while the root's key is in the folder. Whole or not
// there, never half written. One thread. Implements docs/ref/hub.md (Revocation lists).
#pragma once

#include "crypto/revocation_list.hpp"
#include "tools/hub/ca/authority.hpp"

namespace camgate::hub {

class RevocationLists {
  public:
    /// A broker whose list is older refuses everybody.
    static constexpr std::chrono::days kLifetime{180};
    static constexpr std::chrono::days kRenewed{1};

    struct Written {
        std::string path;
        std::size_t revoked = 0;
        WallTime to;
    };

    RevocationLists(FileSystem& files, const Clock& clock, std::string folder)
        : files_(files), clock_(clock), folder_(std::move(folder)) {}

    /// Makes them anew.
    [[nodiscard]] Result<std::vector<Written>> write(const Authority& authority);
    /// Does so if that of the issuing authority is older than a day, or none is there or can be read.
    [[nodiscard]] Status keep(const Authority& authority);

  private:
    [[nodiscard]] Result<Written> writeOne(const std::string& name, const crypto::Identity& issuer,
                                           std::vector<crypto::RevokedCertificate> revoked);
    bool isFresh() const;

    FileSystem& files_;
    const Clock& clock_;
    std::string folder_;
};

}  // namespace camgate::hub
