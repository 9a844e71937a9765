// Chips that hold a secret, as far as a KeySource needs them. Header only, one thread.
#pragma once

#include <optional>

#include "crypto/key_source.hpp"
#include "crypto/random.hpp"

namespace camgate::test {

/// One-time programmable memory: burnt once, never again.
class FakeOtp final : public crypto::KeySource {
  public:
    std::string_view name() const override { return "OTP"; }
    Result<crypto::SourceSecret> secret() override {
        if (!burnt_) return fail(ErrorKind::NotFound, "the OTP memory is blank");
        return *burnt_;
    }
    Status create() override {
        if (burnt_) return fail(ErrorKind::FailedPrecondition, "the OTP memory is burnt already");
        return crypto::fillRandom(burnt_.emplace());
    }

  private:
    std::optional<crypto::SourceSecret> burnt_;
};

/// A TPM that gives its secret out only while the machine's software is what it was.
class FakeTpm final : public crypto::KeySource {
  public:
    int software = 1;

    std::string_view name() const override { return "TPM"; }
    Result<crypto::SourceSecret> secret() override {
        if (!sealed_) return fail(ErrorKind::NotFound, "nothing is sealed in the TPM");
        if (software != sealed_for_) {
            return fail(ErrorKind::PermissionDenied, "the TPM does not unseal: other software has started");
        }
        return *sealed_;
    }
    Status create() override {
        if (sealed_) return fail(ErrorKind::FailedPrecondition, "the TPM holds a secret already");
        sealed_for_ = software;
        return crypto::fillRandom(sealed_.emplace());
    }

  private:
    std::optional<crypto::SourceSecret> sealed_;
    int sealed_for_ = 0;
};

}  // namespace camgate::test
