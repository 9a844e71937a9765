// The test-only keys and certificates of tests/golden/crypto (its script `make` made them).
#pragma once

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "crypto/identity.hpp"

#include "support/places/places.hpp"

namespace camgate::test {

inline std::string goldenText(const std::string& name) {
    std::ifstream file(places::goldenFolder() + "/" + name, std::ios::binary);
    if (!file) throw std::runtime_error("golden file missing: " + name);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
inline crypto::Certificate goldenCertificate(const std::string& name) {
    return crypto::Certificate::fromPem(goldenText("crypto/" + name + ".pem")).value();
}
inline crypto::Identity goldenIdentity(const std::string& name) {
    return crypto::Identity::fromPem(goldenText("crypto/" + name + ".key.pem"),
                                     goldenText("crypto/" + name + ".pem"))
        .value();
}

}  // namespace camgate::test
