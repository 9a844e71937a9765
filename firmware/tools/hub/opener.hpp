// The hub's receive key: opens what gateways seal to it. A hub without one takes clips and pictures in clear
// only. One thread. Implements docs/ref/mqtt.md (Sealed to the hub).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "base/file_system.hpp"
#include "evidence/sealed_delivery.hpp"

namespace camgate::hub {

class Opener {
  public:
    Opener() = default;
    explicit Opener(crypto::AgreementKey key) : key_(std::move(key)) {}
    /// `path` empty: without a key.
    [[nodiscard]] static Result<Opener> fromFile(FileSystem& files, const std::string& path);

    /// For the chunks of an announced clip; nothing: they come in clear. FailedPrecondition: sealed, and this
    /// hub has no key; InvalidArgument: no such announcement.
    [[nodiscard]] Result<std::optional<crypto::HpkeContext>> clip(const std::string& clip,
                                                                  const nlohmann::json& plan) const;
    /// Of an event's still or a snapshot, sealed or not; `of` as in evidence::sealPicture().
    [[nodiscard]] Result<Bytes> picture(const std::string& gateway, const std::string& of,
                                        const nlohmann::json& picture) const;

  private:
    std::optional<crypto::AgreementKey> key_;
};

}  // namespace camgate::hub
