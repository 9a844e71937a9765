#include "tools/hub/ca/trust_commands.hpp"

#include <algorithm>
#include <iostream>

#include "tools/hub/ca/authority.hpp"
#include "tools/hub/commands.hpp"
#include "tools/hub/topics.hpp"
#include "uplink/trust.hpp"

namespace camgate::hub {
namespace {

Status readAll(FileSystem& files, const std::vector<std::string>& paths, std::vector<std::string>& out) {
    for (const auto& path : paths) {
        auto pem = readTextFile(files, path);
        if (!pem) return std::unexpected(pem.error());
        out.push_back(std::move(*pem));
    }
    return {};
}

/// What gateways have to know: theirs are shut out by broker and hub, and what has ended is believed by
/// nobody.
std::vector<std::string> revokedForGateways(const CaLedger& ledger, WallTime now) {
    std::vector<std::string> revoked;
    for (const auto& one : ledger.certificates()) {
        if (one.revoked && one.to > now && !isGateways(one)) revoked.push_back(one.fingerprint);
    }
    return revoked;
}

/// 0: none was made yet.
Result<std::uint64_t> newestVersion(FileSystem& files, const std::string& path) {
    if (!files.exists(path)) return 0;
    const auto text = readTextFile(files, path);
    if (!text) return std::unexpected(text.error());
    const auto trust = uplink::readVerifiedTrust(*text);
    if (!trust) return passOn(trust.error(), "reading " + path);
    return trust->version;
}

Result<crypto::Identity> rootOf(FileSystem& files, const TrustOptions& options, const std::string& root_pem) {
    const std::string path =
        options.root_key_file.empty() ? rootKeyFile(options.folder) : options.root_key_file;
    const auto key = readTextFile(files, path);
    if (!key) return passOn(key.error(), "the root's key");
    return crypto::Identity::fromPem(*key, root_pem);
}

Result<uplink::Trust> sign(FileSystem& files, const TrustOptions& options) {
    SystemClock clock;
    const auto authority = Authority::open(files, clock, options.folder);
    if (!authority) return std::unexpected(authority.error());
    const auto root = rootOf(files, options, authority->rootPem());
    if (!root) return std::unexpected(root.error());
    const std::string path = options.folder + "/trust.json";
    const auto newest = newestVersion(files, path);
    if (!newest) return std::unexpected(newest.error());
    uplink::Trust trust{*newest + 1,
                        {authority->rootPem()},
                        {},
                        revokedForGateways(authority->ledger(), clock.wallNow().time)};
    if (auto read = readAll(files, options.authority_files, trust.authorities); !read)
        return std::unexpected(read.error());
    if (auto read = readAll(files, options.certificate_files, trust.hubs); !read)
        return std::unexpected(read.error());
    const auto text = uplink::signTrust(trust, *root);
    if (!text) return std::unexpected(text.error());
    if (auto kept = replaceFile(files, path, *text); !kept) return std::unexpected(kept.error());
    return trust;
}

}  // namespace

int trustSign(const TrustOptions& options) {
    RealFileSystem files;
    const auto trust = sign(files, options);
    if (!trust) return complain(trust.error());
    std::cout << options.folder << "/trust.json  version " << trust->version << ", " << trust->hubs.size()
              << " certificates, " << trust->revoked.size() << " revoked\n";
    return 0;
}

int trustPublish(const TrustOptions& options, const BrokerSettings& broker) {
    RealFileSystem files;
    const auto text = readTextFile(files, options.document_file);
    if (!text) return complain(text.error());
    if (auto readable = uplink::readVerifiedTrust(*text); !readable) return complain(readable.error());
    const auto wrong =
        std::ranges::find_if_not(options.gateways, [](const auto& id) { return isGatewayId(id); });
    if (wrong != options.gateways.end())
        return complain(Error{ErrorKind::InvalidArgument, 0, "\"" + *wrong + "\" is no gateway's id"});
    const auto connection = Connection::open(broker, {});
    if (!connection) return complain(connection.error());
    for (const auto& gateway : options.gateways) {
        const auto sent = (*connection)->publish({downTopic(gateway, "trust"), *text, {}, {}, 0, true});
        if (!sent) return complain(sent.error());
        std::cout << gateway << '\n';
    }
    return 0;
}

}  // namespace camgate::hub
