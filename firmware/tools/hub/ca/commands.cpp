#include "tools/hub/ca/commands.hpp"

#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"
#include "tools/hub/ca/authority.hpp"
#include "tools/hub/ca/code_book.hpp"
#include "tools/hub/ca/revocation_lists.hpp"
#include "tools/hub/commands.hpp"
#include "tools/hub/fields.hpp"

namespace camgate::hub {

using crypto::CertificateRole;
using std::chrono::days;

namespace {

constexpr std::string_view kGateway = "gateway";

/// As a box shows it: to be compared by ear.
std::string inGroups(const std::string& fingerprint) {
    std::string text;
    for (std::size_t i = 0; i < fingerprint.size(); ++i) {
        if (i > 0 && i % 4 == 0) text += ' ';
        text += fingerprint[i];
    }
    return text;
}

Status refuseExisting(FileSystem& files, const std::vector<std::string>& paths) {
    for (const auto& path : paths) {
        if (files.exists(path))
            return fail(ErrorKind::FailedPrecondition, path + " is there already and is not overwritten");
    }
    return {};
}

std::string dayOf(WallTime time) {
    return formatWallTime(time).substr(0, 10);
}

void sayWritten(const std::string& path) {
    std::cout << path << '\n';
}

Status issueOne(FileSystem& files, Authority& authority, const CaOptions& options, CertificateRole role) {
    const std::string base = options.out_folder + "/" + options.role;
    if (auto free = refuseExisting(files, {base + ".key", base + ".crt"}); !free) return free;
    std::string wish, key_pem;
    if (options.request_file.empty()) {
        const auto key = crypto::PrivateKey::generate();
        if (!key) return std::unexpected(key.error());
        auto printed = key->toPem();
        if (!printed) return std::unexpected(printed.error());
        key_pem = std::move(*printed);
        auto made = crypto::CertificateRequest::make(*key, options.name);
        if (!made) return std::unexpected(made.error());
        wish = std::move(*made);
    } else {
        auto read = readTextFile(files, options.request_file);
        if (!read) return std::unexpected(read.error());
        wish = std::move(*read);
    }
    const auto request = crypto::CertificateRequest::fromPem(wish);
    if (!request) return std::unexpected(request.error());
    const auto pem = authority.issue({role, options.name, days(options.days), options.addresses}, *request);
    if (!pem) return std::unexpected(pem.error());
    // What was refused leaves nothing behind.
    if (!key_pem.empty()) {
        if (auto written = writeNew(files, base + ".key", key_pem); !written) return written;
        sayWritten(base + ".key");
    }
    if (auto written = writeNew(files, base + ".crt", *pem); !written) return written;
    sayWritten(base + ".crt");
    return {};
}

/// A gateway's request out of a file: only its certificates leave here, as one bundle.
Status answerRequest(FileSystem& files, Authority& authority, const CaOptions& options) {
    const auto text = readTextFile(files, options.request_file);
    if (!text) return std::unexpected(text.error());
    const auto request = uplink::readEnrolmentRequest(*text);
    if (!request) return std::unexpected(request.error());
    if (request->gateway != options.name)
        return fail(ErrorKind::InvalidArgument,
                    "the request is of \"" + request->gateway + "\", not of \"" + options.name + "\"");
    const std::string path = options.out_folder + "/" + request->gateway + ".bundle";
    if (auto free = refuseExisting(files, {path}); !free) return free;
    const auto bundle = authority.issueBundle(*request, days(options.days));
    if (!bundle) return std::unexpected(bundle.error());
    if (auto written = writeNew(files, path, toJson(*bundle)); !written) return written;
    sayWritten(path);
    return {};
}

/// Keys and certificates of a gateway, all made here: for trials.
Status issueGateway(FileSystem& files, Authority& authority, const CaOptions& options) {
    if (!options.request_file.empty()) return answerRequest(files, authority, options);
    std::vector<std::string> paths;
    for (const CertificateRole role : uplink::kGatewayRoles) {
        const std::string base = options.out_folder + "/" + std::string(crypto::rowOf(role).name);
        paths.insert(paths.end(), {base + ".key", base + ".crt"});
    }
    if (auto free = refuseExisting(files, paths); !free) return free;
    for (const CertificateRole role : uplink::kGatewayRoles) {
        CaOptions one = options;
        one.role = crypto::rowOf(role).name;
        if (auto issued = issueOne(files, authority, one, role); !issued) return issued;
    }
    return {};
}

Status issue(FileSystem& files, Authority& authority, const CaOptions& options) {
    if (auto made = files.makeDirectory(options.out_folder); !made) return made;
    if (options.role == kGateway) return issueGateway(files, authority, options);
    const auto role = crypto::roleNamed(options.role);
    if (!role) return fail(ErrorKind::InvalidArgument, "no role \"" + options.role + "\"");
    return issueOne(files, authority, options, *role);
}

Status issueAndList(const CaOptions& options) {
    RealFileSystem files;
    SystemClock clock;
    auto authority = Authority::open(files, clock, options.folder);
    if (!authority) return std::unexpected(authority.error());
    if (auto issued = issue(files, *authority, options); !issued) return issued;
    return RevocationLists(files, clock, options.folder).keep(*authority);
}

/// Anew, each a line.
Status printLists(FileSystem& files, const Clock& clock, const Authority& authority,
                  const std::string& folder) {
    const auto written = RevocationLists(files, clock, folder).write(authority);
    if (!written) return passOn(written.error(), "the revocation lists");
    for (const auto& list : *written)
        std::cout << list.path << "  " << list.revoked << " revoked, good until " << dayOf(list.to) << '\n';
    return {};
}

Result<std::size_t> revoke(Authority& authority, const CaOptions& options) {
    if (!options.name.empty()) return authority.revokeGateway(options.name, options.reason);
    if (auto revoked = authority.revoke(options.certificate, options.reason); !revoked)
        return std::unexpected(revoked.error());
    return 1;
}

void printTable(const CaLedger& ledger) {
    for (const auto& one : ledger.certificates()) {
        std::cout << std::left << std::setw(33) << one.serial << std::setw(12) << one.role << std::setw(24)
                  << one.name << dayOf(one.from) << "  " << dayOf(one.to);
        if (one.revoked) std::cout << "  revoked " << dayOf(*one.revoked) << ' ' << one.reason;
        std::cout << '\n';
    }
}

void printJson(const CaLedger& ledger) {
    for (const auto& one : ledger.certificates()) {
        nlohmann::json line{{"serial", one.serial},
                            {"role", one.role},
                            {"name", one.name},
                            {"fingerprint", one.fingerprint},
                            {"from", formatWallTime(one.from)},
                            {"to", formatWallTime(one.to)}};
        if (one.revoked) {
            line["revoked"] = formatWallTime(*one.revoked);
            line["reason"] = one.reason;
        }
        std::cout << toLine(line) << '\n';
    }
}

}  // namespace

std::vector<std::string> issuableRoles() {
    std::vector<std::string> names{std::string(kGateway)};
    for (const auto& row : crypto::roleTable()) {
        if (row.key_use != crypto::KeyUse::SignCertificates) names.emplace_back(row.name);
    }
    return names;
}

int caInit(const CaOptions& options) {
    RealFileSystem files;
    SystemClock clock;
    const auto made = Authority::init(files, clock, options.folder, options.name,
                                      {days(options.root_days), days(options.issuing_days)});
    if (!made) return complain(made.error());
    const auto pem = readTextFile(files, rootCertificateFile(options.folder));
    if (!pem) return complain(pem.error());
    const auto root = crypto::Certificate::fromPem(*pem);
    if (!root) return complain(root.error());
    const auto authority = Authority::open(files, clock, options.folder);
    if (!authority) return complain(authority.error());
    if (auto listed = RevocationLists(files, clock, options.folder).write(*authority); !listed)
        return complain(listed.error());
    std::cout << rootCertificateFile(options.folder) << "  fingerprint " << root->fingerprint() << '\n'
              << rootKeyFile(options.folder) << "  to be kept offline\n";
    return 0;
}

int caIssue(const CaOptions& options) {
    const auto issued = issueAndList(options);
    return issued ? 0 : complain(issued.error());
}

int enrolCode(const CaOptions& options) {
    SystemClock clock;
    RealFileSystem files;
    const auto pem = readTextFile(files, rootCertificateFile(options.folder));
    if (!pem) return complain(pem.error());
    const auto root = crypto::Certificate::fromPem(*pem);
    if (!root) return complain(root.error());
    auto codes = CodeBook::open(options.folder);
    if (!codes) return complain(codes.error());
    const WallTime expires = clock.wallNow().time + std::chrono::hours(options.hours);
    const auto code = codes->make(options.name, expires);
    if (!code) return complain(code.error());
    std::cout << "code         " << readable(*code) << "\nfingerprint  " << root->fingerprint()
              << "\nread out     " << inGroups(root->fingerprint()) << "\ngood until   "
              << formatWallTime(expires) << '\n';
    return 0;
}

int caRevoke(const CaOptions& options) {
    RealFileSystem files;
    SystemClock clock;
    auto authority = Authority::open(files, clock, options.folder);
    if (!authority) return complain(authority.error());
    const auto revoked = revoke(*authority, options);
    if (!revoked) return complain(revoked.error());
    std::cout << *revoked << " revoked\n";
    const auto listed = printLists(files, clock, *authority, options.folder);
    return listed ? 0 : complain(listed.error());
}

int caLists(const CaOptions& options) {
    RealFileSystem files;
    SystemClock clock;
    const auto authority = Authority::open(files, clock, options.folder);
    if (!authority) return complain(authority.error());
    const auto listed = printLists(files, clock, *authority, options.folder);
    return listed ? 0 : complain(listed.error());
}

int caList(const CaOptions& options) {
    RealFileSystem files;
    SystemClock clock;
    const auto authority = Authority::open(files, clock, options.folder);
    if (!authority) return complain(authority.error());
    options.json ? printJson(authority->ledger()) : printTable(authority->ledger());
    return 0;
}

}  // namespace camgate::hub
