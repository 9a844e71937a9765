// CPU that sealing costs: per MB of records of one stream's size, per record key, per key wrapped to a
// release key. Beside it what a record costs anyway, its leaf's SHA-256 and its checksum.
#include <cstdio>
#include <ctime>
#include <string_view>

#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/hpke.hpp"

using namespace camgate;
using namespace camgate::crypto;

namespace {

/// A main stream of 2 Mbit/s in batches of 1.2 s.
constexpr std::size_t kRecord_bytes = 300'000;
constexpr int kRecords = 200;
constexpr int kKeys = 20'000;
constexpr int kWraps = 100;

double cpuSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

template <class Work>
void perMb(std::string_view what, Work work) {
    const double before = cpuSeconds();
    for (int i = 0; i < kRecords; ++i) work();
    const double mb = kRecords * static_cast<double>(kRecord_bytes) / 1e6;
    std::printf("{\"bench\":\"seal-cost\",\"what\":\"%s\",\"cpu_ms_per_mb\":%.3f}\n", what.data(),
                (cpuSeconds() - before) * 1e3 / mb);
}

template <class Work>
void perTime(std::string_view what, int times, Work work) {
    const double before = cpuSeconds();
    for (int i = 0; i < times; ++i) work();
    std::printf("{\"bench\":\"seal-cost\",\"what\":\"%s\",\"cpu_us_each\":%.2f}\n", what.data(),
                (cpuSeconds() - before) * 1e6 / times);
}

}  // namespace

int main() {
    const AeadKey key{1, 2, 3};
    Bytes record(kRecord_bytes, 0x5A);
    unsigned sum = 0;
    perMb("seal in place", [&] { sum += aeadSealInPlace(key, {}, {}, record).value()[0]; });
    perMb("sha256", [&] { sum += sha256(record)[0]; });
    perMb("crc32c", [&] { sum += crc32c(record); });
    const Bytes salt(24, 7);
    perTime("record key", kKeys,
            [&] { sum += hkdfSha256(salt, key, asBytes("camgate-record"), sizeof key).value()[0]; });
    const auto release = AgreementKey::generate().value();
    perTime("wrap to a release key", kWraps, [&] {
        const auto ephemeral = AgreementKey::generate().value();
        const auto to = HpkeContext::toReceiver(release.publicPoint(), {}, ephemeral).value();
        sum += to.seal(0, {}, key).value()[0];
    });
    return sum == 0 ? 1 : 0;
}
