// SOAP requests over HTTP by libcurl: no redirects, no proxy, no other protocol, bounded in time and size.
// Blocking; one thread.
#pragma once

#include <string>

#include "base/result.hpp"

namespace camgate::onvif {

/// How a device is asked. The answer is SOAP, also with HTTP 400 and 500, which carry faults.
class Http {
  public:
    virtual ~Http() = default;
    /// PermissionDenied: 401 or 403, whatever user and password do.
    [[nodiscard]] virtual Result<std::string> post(const std::string& url, const std::string& body) = 0;
};

class CurlHttp final : public Http {
  public:
    /// Digest authentication where a camera asks for it; an empty user: none.
    CurlHttp(std::string user, std::string password)
        : user_(std::move(user)), password_(std::move(password)) {}
    [[nodiscard]] Result<std::string> post(const std::string& url, const std::string& body) override;

  private:
    std::string user_, password_;
};

}  // namespace camgate::onvif
