#include "app/credentials.hpp"

#include <catch2/catch.hpp>

#include "support/base/temp_directory.hpp"
#include "support/crypto/golden_pki.hpp"

using namespace camgate;
using namespace camgate::app;

namespace {

struct PkiFixture {
    test::TempDirectory folder;
    RealFileSystem files;
    config::Configuration configuration;

    PkiFixture() {
        configuration.gateway = "cg-1";
        configuration.hub.ca_file = put("ca.pem", golden("ca.pem"));
        configuration.hub.certificate_file = put("transport.pem", golden("transport.pem"));
        configuration.hub.key_file = put("transport.key.pem", golden("transport.key.pem"));
        configuration.hub.signers_file =
            put("signers.pem", golden("hub-command.pem") + golden("hub-other.pem"));
        configuration.evidence.certificate_file = put("evidence.pem", golden("evidence.pem"));
        configuration.evidence.key_file = put("evidence.key.pem", golden("evidence.key.pem"));
    }
    static std::string golden(const std::string& name) { return test::goldenText("crypto/" + name); }
    std::string put(const std::string& name, const std::string& text) {
        REQUIRE(replaceFile(files, folder.file(name), text));
        return name;
    }
    Credentials read() { return readCredentials(files, configuration, folder.path(), folder.path()); }
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("credentials: what is configured is read, faults there are none", "[app]") {
    PkiFixture f;
    const Credentials read = f.read();
    CHECK(read.faults.empty());
    REQUIRE(read.transport);
    CHECK(read.transport->ca_pem == PkiFixture::golden("ca.pem"));
    CHECK(read.transport->certificate_pem == PkiFixture::golden("transport.pem"));
    CHECK(read.transport->key_pem == PkiFixture::golden("transport.key.pem"));
    REQUIRE(read.authority);
    CHECK(read.authority->commonName() == "camgate test CA");
    REQUIRE(read.evidence);
    CHECK(read.evidence->certificate_pem == PkiFixture::golden("evidence.pem"));
    CHECK(read.evidence->key_pem == PkiFixture::golden("evidence.key.pem"));
}

TEST_CASE("credentials: each certificate of the signers' file that may command is a signer", "[app]") {
    PkiFixture f;
    const auto hub1 = test::goldenCertificate("hub-command");
    const auto hub2 = test::goldenCertificate("hub-other");
    SECTION("one after another") {}
    SECTION("with the authority that certified it behind each") {
        const std::string authority = PkiFixture::golden("ca.pem");
        f.put("signers.pem", PkiFixture::golden("hub-command.pem") + authority +
                                 PkiFixture::golden("hub-other.pem") + authority);
    }
    SECTION("with words around them, as openssl writes them") {
        f.put("signers.pem", "subject=CN = hub-1\n" + PkiFixture::golden("hub-command.pem") +
                                 "\nsubject=CN = hub-2\n" + PkiFixture::golden("hub-other.pem") + "end\n");
    }
    const Credentials read = f.read();
    CHECK(read.faults.empty());
    REQUIRE(read.signers.size() == 2);
    CHECK(read.signers[0].fingerprint() == hub1.fingerprint());
    CHECK(read.signers[0].commonName() == "hub-1");
    CHECK(read.signers[1].fingerprint() == hub2.fingerprint());
}

TEST_CASE("credentials: a signer that cannot be read does not take the others along", "[app][hostile]") {
    PkiFixture f;
    std::string broken = PkiFixture::golden("hub-command.pem");
    broken.replace(broken.size() / 2, 8, "????????");
    f.put("signers.pem", broken + PkiFixture::golden("hub-other.pem"));
    const Credentials read = f.read();
    REQUIRE(read.faults.size() == 1);
    CHECK(holds(read.faults[0], "signers.pem"));
    REQUIRE(read.signers.size() == 1);
    CHECK(read.signers[0].commonName() == "hub-2");
    CHECK(read.transport);
}

TEST_CASE("credentials: a fault of the link's files names the file and leaves the rest", "[app]") {
    PkiFixture f;
    std::string named;
    SECTION("no authority") {
        named = "ca.pem";
        REQUIRE(f.files.remove(f.folder.file(named)));
    }
    SECTION("no certificate") {
        named = "transport.pem";
        REQUIRE(f.files.remove(f.folder.file(named)));
    }
    SECTION("no key") {
        named = "transport.key.pem";
        REQUIRE(f.files.remove(f.folder.file(named)));
    }
    SECTION("an authority that is none") {
        named = f.put("ca.pem", "not a certificate\n");
    }
    SECTION("a certificate that is none") {
        named = f.put("transport.pem", "not a certificate\n");
    }
    SECTION("another one's key") {
        f.put("transport.key.pem", PkiFixture::golden("stranger.key.pem"));
        named = "transport.pem";
    }
    SECTION("a file far too large") {
        named = f.put("ca.pem", std::string((1U << 20U) + 1, '-'));
    }
    const Credentials read = f.read();
    REQUIRE(read.faults.size() == 1);
    CHECK(holds(read.faults[0], named));
    CHECK_FALSE(read.transport);
    CHECK_FALSE(read.authority);
    CHECK(read.signers.size() == 2);
    CHECK(read.evidence);
}

TEST_CASE("credentials: each missing file is a fault of its own", "[app]") {
    PkiFixture f;
    for (const char* name : {"ca.pem", "transport.pem", "transport.key.pem"}) {
        REQUIRE(f.files.remove(f.folder.file(name)));
    }
    CHECK(f.read().faults.size() == 3);
}

TEST_CASE("credentials: a certificate of another gateway is not used", "[app]") {
    PkiFixture f;
    f.configuration.gateway = "cg-9";
    const Credentials read = f.read();
    REQUIRE(read.faults.size() == 1);
    CHECK(holds(read.faults[0], "transport.pem"));
    CHECK(holds(read.faults[0], "cg-1"));
    CHECK(holds(read.faults[0], "cg-9"));
    CHECK_FALSE(read.transport);
}

TEST_CASE("credentials: a fault of the evidence key leaves the link", "[app]") {
    PkiFixture f;
    std::string named;
    SECTION("no key") {
        named = "evidence.key.pem";
        REQUIRE(f.files.remove(f.folder.file(named)));
    }
    SECTION("no certificate") {
        named = "evidence.pem";
        REQUIRE(f.files.remove(f.folder.file(named)));
    }
    SECTION("another one's certificate") {
        named = f.put("evidence.pem", PkiFixture::golden("stranger.pem"));
    }
    SECTION("a key that is certified for commands") {
        f.put("evidence.key.pem", PkiFixture::golden("hub-command.key.pem"));
        named = f.put("evidence.pem", PkiFixture::golden("hub-command.pem"));
    }
    const Credentials read = f.read();
    REQUIRE(read.faults.size() == 1);
    CHECK(holds(read.faults[0], named));
    CHECK_FALSE(read.evidence);
    CHECK(read.transport);
}

TEST_CASE("credentials: what is not configured is no fault, a file without signers is", "[app]") {
    PkiFixture f;
    SECTION("neither signers nor an evidence key") {
        f.configuration.hub.signers_file.clear();
        f.configuration.evidence = {};
        const Credentials read = f.read();
        CHECK(read.faults.empty());
        CHECK(read.signers.empty());
        CHECK_FALSE(read.evidence);
        CHECK(read.transport);
    }
    SECTION("a signers' file without a certificate") {
        f.put("signers.pem", "");
        const Credentials read = f.read();
        REQUIRE(read.faults.size() == 1);
        CHECK(holds(read.faults[0], "signers.pem"));
    }
}

TEST_CASE("credentials: a path from the root is taken as it is", "[app]") {
    PkiFixture f;
    f.configuration.hub.key_file = f.folder.file("transport.key.pem");
    const Credentials read = readCredentials(f.files, f.configuration, f.folder.path(), f.folder.path());
    CHECK(read.faults.empty());
    f.configuration.hub.ca_file = f.folder.file("nowhere.pem");
    const Credentials without = f.read();
    REQUIRE(without.faults.size() == 1);
    CHECK(holds(without.faults[0], f.folder.file("nowhere.pem")));
}

TEST_CASE("credentials: without the receive key that is configured the hub stays away: never in clear",
          "[app][sealing]") {
    PkiFixture f;
    CHECK_FALSE(f.read().receive.has_value());
    CHECK(f.read().transport);
    f.configuration.hub.receive_certificate_file = f.put("receive.pem", PkiFixture::golden("receive.pem"));
    const Credentials read = f.read();
    CHECK(read.faults.empty());
    REQUIRE(read.receive);
    const auto certificate = crypto::Certificate::fromPem(PkiFixture::golden("receive.pem")).value();
    CHECK(read.receive->fingerprint == certificate.fingerprint());
    CHECK(read.receive->point == certificate.publicPoint().value());
    for (const std::string name : {"release.pem", "stranger.pem", "receive.key.pem"}) {
        f.put("receive.pem", PkiFixture::golden(name));
        const Credentials refused = f.read();
        REQUIRE(refused.faults.size() == 1);
        CHECK(holds(refused.faults[0], "receive.pem"));
        CHECK_FALSE(refused.receive);
        CHECK_FALSE(refused.transport);
    }
}

TEST_CASE("credentials: footage is released to a release key that the hub's CA vouches for, to no other",
          "[app][sealing]") {
    PkiFixture f;
    f.configuration.storage.release_certificate_file =
        f.put("release.pem", PkiFixture::golden("release.pem"));
    const auto key = crypto::AgreementKey::fromPem(PkiFixture::golden("release.key.pem")).value();
    Credentials read = f.read();
    CHECK(read.faults.empty());
    REQUIRE(read.release);
    CHECK(*read.release == key.publicPoint());
    for (const std::string name : {"hub-command.pem", "stranger.pem", "transport.key.pem"}) {
        f.configuration.storage.release_certificate_file = f.put("release.pem", PkiFixture::golden(name));
        read = f.read();
        CHECK(read.faults.size() == 1);
        CHECK_FALSE(read.release.has_value());
    }
    f.configuration.storage.release_certificate_file = "not-there.pem";
    CHECK(f.read().faults.size() == 1);
    f.configuration.storage.release_certificate_file.clear();
    CHECK(f.read().faults.empty());
}
