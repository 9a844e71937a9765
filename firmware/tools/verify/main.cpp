// camgate-verify: what a clip is worth as evidence, from its files alone: docs/ref/verify.md.
#include <CLI/CLI.hpp>
#include <iostream>

#include "base/wall_text.hpp"
#include "evidence/manifest.hpp"
#include "tools/verify/file_clip.hpp"
#include "tools/verify/verdict.hpp"

namespace {

using namespace camgate;

constexpr int kUnreadable = 1;

struct Options {
    std::vector<std::string> files;  // the clip's, then the manifest
    std::string checkpoints, ca, hub_ca, at;
    bool json = false;
};

Result<crypto::Certificate> readAuthority(FileSystem& files, const std::string& path) {
    const auto pem = readTextFile(files, path);
    if (!pem) return std::unexpected(pem.error());
    auto authority = crypto::Certificate::fromPem(*pem);
    if (!authority) return passOn(authority.error(), "reading " + path);
    return authority;
}

Result<verify::Findings> run(const Options& options) {
    RealFileSystem files;
    const auto gateways = readAuthority(files, options.ca);
    if (!gateways) return std::unexpected(gateways.error());
    const auto hubs = readAuthority(files, options.hub_ca.empty() ? options.ca : options.hub_ca);
    if (!hubs) return std::unexpected(hubs.error());
    const std::string& manifest_file = options.files.back();
    const auto manifest = readTextFile(files, manifest_file, 2 * evidence::kMaxManifest_bytes);
    if (!manifest) return std::unexpected(manifest.error());
    verify::Evidence evidence{*manifest, std::nullopt};
    std::string checkpoints;
    if (!options.checkpoints.empty()) {
        auto text = readTextFile(files, options.checkpoints, evidence::kMaxClipEvidence_bytes);
        if (!text) return std::unexpected(text.error());
        checkpoints = std::move(*text);
        evidence.checkpoints = checkpoints;
    }
    WallTime at = SystemClock().wallNow().time;
    if (!options.at.empty()) {
        const auto said = parseWallTime(options.at);
        if (!said) return passOn(said.error(), "--at");
        at = *said;
    }
    auto clip = verify::FileClip::open(files, {options.files.begin(), options.files.end() - 1});
    if (!clip) return std::unexpected(clip.error());
    return verify::judge(*clip, evidence, {*gateways, *hubs, at});
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("says what a clip is worth as evidence");
    app.add_option("FILES", options.files, "CLIP.mp4 [CLIP-2.mp4 ...] MANIFEST")
        ->required()
        ->expected(2, 1000);
    app.add_option("--ca", options.ca, "authority of the gateway's evidence certificate")->required();
    app.add_option("--checkpoints", options.checkpoints, "the clip's evidence document");
    app.add_option("--hub-ca", options.hub_ca, "authority of the hub's certificate (default: --ca)");
    app.add_option("--at", options.at, "when certificates must be valid, RFC 3339 (default: now)");
    app.add_flag("--json", options.json, "one JSON object instead of words");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    const auto findings = run(options);
    if (!findings) {
        std::cerr << "camgate-verify: " << findings.error().describe() << '\n';
        return kUnreadable;
    }
    std::cout << (options.json ? toJsonText(*findings) + "\n" : toText(*findings));
    return exitStatusOf(findings->verdict);
}
