// One-time codes for enrolment: made for a gateway's id, good for hours, for one use, for a few wrong proofs.
// In the authority's folder, for the person who makes them and the process that asks. One thread each.
// Implements docs/design/enrolment.md.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "uplink/enrolment_request.hpp"

namespace camgate::outbox {
class Database;
}

namespace camgate::hub {

class CodeBook {
  public:
    static constexpr int kMostAttempts = 5;

    [[nodiscard]] static Result<CodeBook> open(const std::string& authority_folder);
    CodeBook(CodeBook&&) noexcept;
    CodeBook& operator=(CodeBook&&) noexcept;
    ~CodeBook();

    /// 16 letters and digits that are not mistaken for others: 80 bits. An earlier code of the gateway is
    /// void.
    [[nodiscard]] Result<std::string> make(const std::string& gateway, WallTime expires);
    /// Durable before it returns: a right proof uses the code up, but for the same request; a wrong one
    /// counts. PermissionDenied says "no-code", "expired", "too-many-attempts", "wrong-code" or "used".
    [[nodiscard]] Status spend(const uplink::EnrolmentRequest& request, WallTime now);

  private:
    explicit CodeBook(std::unique_ptr<outbox::Database> database);
    std::unique_ptr<outbox::Database> database_;
};

/// "ABCD-EFGH-JKMN-PQRS"
std::string readable(const std::string& code);

}  // namespace camgate::hub
