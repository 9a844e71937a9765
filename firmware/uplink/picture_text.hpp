// A picture inside a message: in base64, or sealed to the hub. Loop thread only. Implements docs/ref/mqtt.md
// (event, Sealed to the hub).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "evidence/sealed_delivery.hpp"

namespace camgate::uplink {

class PictureText {
  public:
    /// Without a key pictures go as they are.
    PictureText(std::string gateway, const std::optional<evidence::DeliveryKey>& seal_to)
        : gateway_(std::move(gateway)), seal_to_(seal_to) {}

    /// {"at",...} as a JSON object. `of`: evidence::sealPicture().
    [[nodiscard]] Result<std::string> json(std::string_view of, WallTime at, ByteView jpeg) const;

  private:
    std::string gateway_;
    std::optional<evidence::DeliveryKey> seal_to_;
};

}  // namespace camgate::uplink
