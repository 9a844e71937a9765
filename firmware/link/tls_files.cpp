#include "link/tls_files.hpp"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/bytes.hpp"

namespace camgate::link {
namespace {

constexpr std::string_view kOpensslConfiguration =
    "openssl_conf = camgate\n"
    "[camgate]\n"
    "ssl_conf = ssl\n"
    "[ssl]\n"
    "system_default = floor\n"
    "[floor]\n"
    "MinProtocol = TLSv1.2\n"
    "CipherString = DEFAULT:@SECLEVEL=2\n";

Status writeAll(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t put = ::write(fd, content.data(), content.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return failErrno(errno, "writing a memory file");
        content.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
}

}  // namespace

Result<MemoryFile> MemoryFile::create(const char* name, std::string_view content) {
    UniqueFd fd(::memfd_create(name, MFD_CLOEXEC));
    if (!fd.valid()) return failErrno(errno, "creating a memory file");
    MemoryFile file(std::move(fd), content.size());
    if (auto done = writeAll(file.fd_.get(), content); !done) return std::unexpected(done.error());
    return file;
}

MemoryFile::~MemoryFile() {
    if (!fd_.valid() || size_bytes_ == 0) return;
    void* pages = ::mmap(nullptr, size_bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
    if (pages == MAP_FAILED) return;
    ::explicit_bzero(pages, size_bytes_);
    ::munmap(pages, size_bytes_);
}

std::string MemoryFile::path() const {
    return "/proc/self/fd/" + std::to_string(fd_.get());
}

Result<MemoryFile> setTlsFloor() {
    auto file = MemoryFile::create("openssl.cnf", kOpensslConfiguration);
    if (!file) return file;
    if (::setenv("OPENSSL_CONF", file->path().c_str(), 1) != 0)
        return failErrno(errno, "setting the TLS floor");
    return file;
}

void wipe(std::string& secret) {
    ::explicit_bzero(secret.data(), secret.size());
    secret.clear();
}

}  // namespace camgate::link
