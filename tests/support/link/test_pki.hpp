// A small certificate authority made by the openssl program, for tests that talk TLS. Header-only.
#pragma once

#include "support/base/temp_directory.hpp"
#include "support/link/scratch.hpp"

namespace camgate::test {

struct TestIdentity {
    std::string certificate_path, key_path;
    std::string certificatePem() const { return readWhole(certificate_path); }
    std::string keyPem() const { return readWhole(key_path); }
};

class TestPki {
  public:
    TestPki(const TempDirectory& directory, const std::string& name) : base_(directory.file(name)) {
        shell(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=" +
            name + " -keyout " + base_ + ".key -out " + base_ +
            ".pem -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign");
    }
    std::string caPath() const { return base_ + ".pem"; }
    std::string caPem() const { return readWhole(caPath()); }

    /// `extensions`: lines of an openssl extension file, as "subjectAltName=DNS:localhost\n".
    TestIdentity issue(const std::string& common_name, const std::string& extensions,
                       bool expired = false) const {
        const std::string path = base_ + "-" + common_name + (expired ? "-expired" : "");
        std::ofstream(path + ".ext") << extensions;
        shell("openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=" + common_name +
              " -keyout " + path + ".key -out " + path + ".csr");
        shell("openssl x509 -req -in " + path + ".csr -CA " + base_ + ".pem -CAkey " + base_ +
              ".key -CAcreateserial" + " -days " + (expired ? "-1" : "30") + " -extfile " + path +
              ".ext -out " + path + ".pem");
        return {path + ".pem", path + ".key"};
    }
    TestIdentity server(const std::string& names = "DNS:localhost,IP:127.0.0.1") const {
        return issue("broker", "subjectAltName=" + names + "\nextendedKeyUsage=serverAuth\n");
    }
    TestIdentity client(const std::string& id, bool expired = false) const {
        return issue(id, "extendedKeyUsage=clientAuth\n", expired);
    }

  private:
    std::string base_;
};

}  // namespace camgate::test
