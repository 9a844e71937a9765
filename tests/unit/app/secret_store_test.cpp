#include "app/secret_store.hpp"

#include <catch2/catch.hpp>

#include "support/base/memory_file_system.hpp"

using namespace camgate;
using namespace camgate::app;

namespace {

struct SecretStoreRig {
    test::MemoryFileSystem disk;
    SecretStoreRig() { REQUIRE(disk.makeDirectory("/data")); }
    SecretStore store() { return {disk, "/data"}; }
};

const config::Secrets kSecrets{{"cameras/gate/password", "look-4-me"}, {"cameras/yard/password", "mật khẩu"}};

}  // namespace

TEST_CASE("secret store: what is kept comes back, and is not readable", "[app][secrets]") {
    SecretStoreRig rig;
    CHECK(rig.store().load()->empty());
    REQUIRE(rig.store().save(kSecrets));
    CHECK(rig.store().load().value() == kSecrets);
    CHECK(asText(rig.disk.contentOf("/data/secrets")).find("look-4-me") == std::string::npos);
}

TEST_CASE("secret store: another key, or a changed byte, opens nothing", "[app][secrets][hostile]") {
    SecretStoreRig rig;
    REQUIRE(rig.store().save(kSecrets));
    const Bytes file = rig.disk.contentOf("/data/secrets");
    for (std::size_t at = 0; at < file.size(); ++at) {
        const std::uint8_t changed = static_cast<std::uint8_t>(file[at] ^ 1U);
        rig.disk.overwrite("/data/secrets", at, Bytes{changed});
        CAPTURE(at);
        CHECK_FALSE(rig.store().load());
        rig.disk.overwrite("/data/secrets", at, Bytes{file[at]});
    }
    REQUIRE(rig.store().load());
    rig.disk.overwrite("/data/secrets.key", 0, Bytes(32, 7));
    CHECK(rig.store().load().error().kind == ErrorKind::Corruption);
}

TEST_CASE("secret store: a cut behind any step leaves the old or the new", "[app][secrets][fault]") {
    SecretStoreRig rig;
    REQUIRE(rig.store().save({}));
    rig.disk.settle();
    REQUIRE(rig.store().save(kSecrets));
    for (std::size_t steps = 0; steps <= rig.disk.steps(); ++steps) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const auto after = rig.disk.powerCut(steps, seed);
            const auto found = SecretStore(*after, "/data").load();
            CAPTURE(steps, seed);
            REQUIRE(found.has_value());
            CHECK((found->empty() || *found == kSecrets));
        }
    }
}
