#include "tools/hub/clip_store.hpp"

#include <nlohmann/json.hpp>

#include "base/log.hpp"
#include "tools/hub/fields.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

constexpr std::size_t kMostRanges = 64;
/// Manifest and chunks come over two connections: what is on its way gets this long before it is asked for
/// again.
constexpr std::chrono::seconds kClipPatience{2};
constexpr std::chrono::seconds kAskClipAgain{30};
/// A clip whose hash is wrong this often is not asked for any more: it would cost the family's line for
/// nothing.
constexpr int kMostFailures = 3;
constexpr std::size_t kMaxNotes_bytes = 8U << 20U;
constexpr std::uint64_t kMostParts = 128;
constexpr std::size_t kMostPart_bytes = 64U << 10U;
constexpr std::size_t kMostAnnounced = 16;

}  // namespace

ClipStore::ClipStore(FileSystem& files, const Clock& clock, ClipStoreSettings settings, HubDatabase& database,
                     crypto::Certificate authority, const Opener& opener, SendReceipt send,
                     OnFinished on_finished)
    : files_(files),
      clock_(clock),
      settings_(std::move(settings)),
      database_(database),
      authority_(std::move(authority)),
      opener_(opener),
      send_(std::move(send)),
      on_finished_(std::move(on_finished)) {}

Result<std::unique_ptr<ClipStore>> ClipStore::open(FileSystem& files, const Clock& clock,
                                                   ClipStoreSettings settings, HubDatabase& database,
                                                   crypto::Certificate evidence_authority,
                                                   const Opener& opener, SendReceipt send,
                                                   OnFinished on_finished) {
    std::unique_ptr<ClipStore> store(new ClipStore(files, clock, std::move(settings), database,
                                                   std::move(evidence_authority), opener, std::move(send),
                                                   std::move(on_finished)));
    if (auto made = files.makeDirectory(store->settings_.directory); !made)
        return std::unexpected(made.error());
    if (auto loaded = store->load(); !loaded) return std::unexpected(loaded.error());
    return store;
}

Status ClipStore::load() {
    const auto names = files_.list(settings_.directory);
    if (!names) return std::unexpected(names.error());
    for (const std::string& name : *names) {
        const std::string clip = name.substr(0, name.find('.'));
        if (!name.ends_with(".notes") || !isHexId(clip)) continue;
        if (auto loaded = loadNotes(clip); !loaded) return loaded;
    }
    return {};
}

/// Takes a clip up again. One that was settled but for its notes is finished.
Status ClipStore::loadNotes(const std::string& clip) {
    const auto text = readTextFile(files_, path(clip + ".notes"), kMaxNotes_bytes);
    if (!text) return {};
    const json document = json::parse(*text, nullptr, false);
    if (const auto verdict = readTextFile(files_, path(clip + ".json"), kMaxNotes_bytes))
        return keepFinished(clip, json::parse(*verdict, nullptr, false));
    const json& plan = objectField(document, "plan");
    auto claim = claimFromPlan(textField(document, "gateway"), clip, plan);
    if (!claim) return {};
    addComplete(*claim, objectField(document, "complete"));
    return addPending(std::move(*claim), plan);
}

bool ClipStore::isFinished(const std::string& clip) {
    const auto gateway = database_.clipGateway(clip);
    return gateway && gateway->has_value();
}

Status ClipStore::addPending(ClipClaim claim, const json& plan) {
    auto seal = opener_.clip(claim.clip, plan);
    if (!seal) return std::unexpected(seal.error());
    auto file = ClipFile::open(files_, path(claim.clip), claim.bytes);
    if (!file) return std::unexpected(file.error());
    const std::string clip = claim.clip;
    pending_[clip] =
        std::make_unique<Pending>(std::move(claim), std::move(*file), std::move(*seal), clock_.bootNow());
    return {};
}

Result<bool> ClipStore::takeManifest(Source source, const std::string& gateway, const std::string& clip,
                                     const json& message) {
    if (textField(message, "clip") != clip)
        return fail(ErrorKind::InvalidArgument, "a manifest of another clip");
    const auto done = database_.clipGateway(clip);
    if (!done) return std::unexpected(done.error());
    if (*done) {
        if (**done != gateway) return fail(ErrorKind::InvalidArgument, "the clip is another gateway's");
        sendReceipt(gateway, clip, {}, true, true);
        return true;
    }
    const auto found = pending_.find(clip);
    if (found != pending_.end() && found->second->claim.gateway != gateway) {
        return fail(ErrorKind::InvalidArgument, "the clip is another gateway's");
    }
    const std::string phase = textField(message, "phase");
    const auto ours = isOurs(source, clip, phase);
    if (ours && !*ours && source == Source::Shared && phase == "plan")
        deferred_[clip] = {gateway, toLine(message)};
    if (!ours || !*ours) return ours;
    if (auto taken = takePhase(source, gateway, clip, message); !taken) return std::unexpected(taken.error());
    return true;
}

/// What is known here is; what is not, if the broker gave it to this process and no other has answered for
/// it.
Result<bool> ClipStore::isOurs(Source source, const std::string& clip, const std::string& phase) {
    if (pending_.contains(clip) || announced_.contains(clip)) return true;
    if (source == Source::Own) return false;
    if (!claims_.others(clip)) {
        if (phase == "complete") return fail(ErrorKind::InvalidArgument, "complete, but never announced");
        return true;
    }
    if (phase == "plan") claims_.announced(clip, clock_.bootNow());
    return false;
}

Status ClipStore::takePhase(Source source, const std::string& gateway, const std::string& clip,
                            const json& message) {
    const std::string phase = textField(message, "phase");
    if (phase == "plan") return takePlan(source, gateway, clip, message);
    if (phase == "failed") {
        logEvent(LogLevel::Warning, "hub", "clip-failed",
                 {{"clip", clip}, {"reason", textField(objectField(message, "error"), "reason")}});
        return forget(clip);
    }
    if (phase != "complete") return fail(ErrorKind::InvalidArgument, "an unknown phase of a clip");
    const auto found = pending_.find(clip);
    if (found == pending_.end()) return fail(ErrorKind::InvalidArgument, "complete, but never announced");
    return takeComplete(*found->second, message);
}

void ClipStore::hearReceipt(const std::string& gateway, const std::string& clip, const json& receipt) {
    const std::string owner = textField(receipt, "owner");
    if (owner == settings_.owner || owner.empty()) return;
    claims_.heard(clip, boolField(receipt, "complete").value_or(false), clock_.bootNow());
    deferred_.erase(clip);
    const auto found = pending_.find(clip);
    if (found == pending_.end() || found->second->claim.gateway != gateway) return;
    // The gateway sends to whom the newest receipt names.
    logEvent(LogLevel::Info, "hub", "clip-ceded", {{"clip", clip}, {"owner", owner}});
    if (auto forgotten = forget(clip); !forgotten)
        logEvent(LogLevel::Warning, "hub", "clip-not-settled", {{"clip", clip}, {"why", forgotten.error()}});
}

Status ClipStore::takePlan(Source source, const std::string& gateway, const std::string& clip,
                           const json& message) {
    const auto found = pending_.find(clip);
    if (found == pending_.end()) {
        const auto plan = assemble(gateway, clip, message);
        if (!plan) return std::unexpected(plan.error());
        if (!*plan) return {};
        auto claim = claimFromPlan(gateway, clip, **plan);
        if (!claim) return std::unexpected(claim.error());
        if (claim->bytes > settings_.longest_clip_bytes)
            return fail(ErrorKind::InvalidArgument, "a clip over the limit");
        if (auto added = addPending(std::move(*claim), **plan); !added) return added;
        if (auto kept = keepNotes(clip, gateway, **plan, json::object()); !kept) {
            pending_.erase(clip);
            return kept;
        }
    } else if (auto taken = takeNewCut(*found->second, message); !taken) {
        return taken;
    }
    Pending& pending = *pending_.at(clip);
    const std::string row = textField(message, "id");
    const bool by_other_way = pending.plan_row == row && pending.plan_source != source &&
                              clock_.bootNow() - pending.quiet_since < kClipPatience;
    pending.plan_row = row;
    pending.plan_source = source;
    // Asked twice, the gateway would send twice.
    if (!by_other_way) ask(pending);
    return {};
}

Status ClipStore::takeNewCut(Pending& clip, const json& plan) {
    const std::string& id = clip.claim.clip;
    const auto text = readTextFile(files_, path(id + ".notes"), kMaxNotes_bytes);
    if (!text) return std::unexpected(text.error());
    json notes = json::parse(*text, nullptr, false);
    json kept = objectField(notes, "plan");
    const bool same = numberField(kept, "chunk_bytes") == numberField(plan, "chunk_bytes") &&
                      objectField(kept, "sealed") == objectField(plan, "sealed");
    if (same) return {};
    auto seal = opener_.clip(id, plan);
    if (!seal) return std::unexpected(seal.error());
    kept["chunk_bytes"] = numberField(plan, "chunk_bytes").value_or(0);
    kept["sealed"] = objectField(plan, "sealed");
    if (auto done = keepNotes(id, clip.claim.gateway, kept, objectField(notes, "complete")); !done)
        return done;
    clip.seal = std::move(*seal);
    return {};
}

Result<std::optional<json>> ClipStore::assemble(const std::string& gateway, const std::string& clip,
                                                const json& message) {
    const std::uint64_t parts = numberField(message, "parts").value_or(1);
    const std::uint64_t part = numberField(message, "part").value_or(0);
    if (parts == 0 || parts > kMostParts || part >= parts)
        return fail(ErrorKind::InvalidArgument, "a manifest in impossible parts");
    if (parts == 1) return message;
    auto bytes = fromBase64(textField(message, "manifest"));
    if (!bytes || bytes->size() > kMostPart_bytes)
        return fail(ErrorKind::InvalidArgument, "clip plan: the manifest's part is not base64, or too long");
    if (announced_.size() >= kMostAnnounced && !announced_.contains(clip))
        announced_.erase(announced_.begin());
    Announced& announced = announced_[clip];
    if (announced.gateway != gateway || announced.parts.size() != parts)
        announced = {gateway, std::vector<std::optional<Bytes>>(static_cast<std::size_t>(parts))};
    announced.parts[static_cast<std::size_t>(part)] = std::move(*bytes);
    Bytes whole;
    for (std::size_t i = 0; i < announced.parts.size(); ++i) {
        if (!announced.parts[i]) {
            askForPart(gateway, clip, i);
            return std::nullopt;
        }
        whole.insert(whole.end(), announced.parts[i]->begin(), announced.parts[i]->end());
    }
    announced_.erase(clip);
    json plan = message;
    plan["manifest"] = toBase64(whole);
    plan["part"] = 0;
    plan["parts"] = 1;
    return plan;
}

void ClipStore::askForPart(const std::string& gateway, const std::string& clip, std::size_t part) {
    const json receipt{{"v", 1},
                       {"owner", settings_.owner},
                       {"missing", json::array()},
                       {"complete", false},
                       {"verified", nullptr},
                       {"manifest_part", part}};
    send_({gateway, clip, toLine(receipt)});
}

Status ClipStore::takeComplete(Pending& clip, const json& message) {
    const std::string sha256 = textField(message, "sha256");
    if (!crypto::digestFromHex(sha256)) return fail(ErrorKind::InvalidArgument, "complete without a hash");
    const auto notes = readTextFile(files_, path(clip.claim.clip + ".notes"), kMaxNotes_bytes);
    if (!notes) return std::unexpected(notes.error());
    const json kept = json::parse(*notes, nullptr, false);
    if (auto done = keepNotes(clip.claim.clip, clip.claim.gateway, objectField(kept, "plan"), message); !done)
        return done;
    addComplete(clip.claim, message);
    clip.quiet_since = clock_.bootNow();
    clip.asked = false;
    if (clip.file.complete()) finish(clip);
    return {};
}

Status ClipStore::keepNotes(const std::string& clip, const std::string& gateway, const json& plan,
                            const json& complete) {
    const json notes{{"gateway", gateway}, {"plan", plan}, {"complete", complete}};
    return replaceFile(files_, path(clip + ".notes"), toLine(notes));
}

void ClipStore::takeChunk(const std::string& gateway, const std::string& clip, ByteView message) {
    const auto found = pending_.find(clip);
    const auto chunk = parseChunk(message);
    const bool ours = found != pending_.end() && found->second->claim.gateway == gateway;
    if (!chunk || !ours) {
        // Chunks of a finished clip are what was on its way when the receipt went out.
        if (!isFinished(clip)) ++refused_chunks_;
        return;
    }
    Pending& pending = *found->second;
    pending.quiet_since = clock_.bootNow();
    const auto bytes = openChunk(pending, *chunk);
    const Status written =
        bytes ? pending.file.write(chunk->offset_bytes, *bytes) : Status(std::unexpected(bytes.error()));
    if (!written) {
        ++refused_chunks_;
        logEvent(LogLevel::Warning, "hub", "chunk-not-kept", {{"clip", clip}, {"why", written.error()}});
        return;
    }
    if (pending.file.complete() && !pending.claim.sha256.empty()) finish(pending);
}

Result<Bytes> ClipStore::openChunk(const Pending& clip, const Chunk& chunk) const {
    if (chunk.starts_file || chunk.last) return fail(ErrorKind::Corruption, "a chunk of a live view");
    if (chunk.sealed != clip.seal.has_value())
        return fail(ErrorKind::Corruption, "a chunk sealed otherwise than its clip");
    if (!clip.seal) return Bytes(chunk.bytes.begin(), chunk.bytes.end());
    return clip.seal->open(chunk.index, chunk.header, chunk.bytes);
}

void ClipStore::tick() {
    const BootTime now = clock_.bootNow();
    for (const auto& clip : claims_.takeDue(now)) takeOver(clip);
    std::vector<Pending*> due;
    for (auto& [clip, pending] : pending_) {
        if (auto synced = pending->file.sync(); !synced) {
            logEvent(LogLevel::Error, "hub", "clip-not-synced", {{"clip", clip}, {"why", synced.error()}});
        }
        const bool said_complete = !pending->claim.sha256.empty() && pending->failures < kMostFailures;
        if (said_complete && now - pending->quiet_since > (pending->asked ? kAskClipAgain : kClipPatience)) {
            due.push_back(pending.get());
        }
    }
    for (Pending* pending : due) {
        if (pending->file.complete())
            finish(*pending);  // a restart came between
        else
            ask(*pending);
    }
}

/// Its row is receipted when the gateway says it again.
void ClipStore::takeOver(const std::string& clip) {
    const auto plan = deferred_.extract(clip);
    if (plan.empty()) return;
    const json message = json::parse(plan.mapped().plan, nullptr, false);
    if (auto taken = takePhase(Source::Shared, plan.mapped().gateway, clip, message); !taken)
        logEvent(LogLevel::Warning, "hub", "clip-not-settled", {{"clip", clip}, {"why", taken.error()}});
}

void ClipStore::ask(Pending& clip) {
    clip.asked = true;
    clip.quiet_since = clock_.bootNow();
    sendReceipt(clip.claim.gateway, clip.claim.clip, clip.file.missing(kMostRanges), false, std::nullopt);
}

void ClipStore::finish(Pending& clip) {
    const ClipClaim& claim = clip.claim;
    clip.asked = true;  // if anything fails below, it is tried again later
    clip.quiet_since = clock_.bootNow();
    const auto digest = clip.file.sha256();
    if (!digest) {
        logEvent(LogLevel::Error, "hub", "clip-not-read", {{"clip", claim.clip}, {"why", digest.error()}});
        return;
    }
    if (toHex(*digest) != claim.sha256) {
        logEvent(LogLevel::Warning, "hub", "clip-hash-wrong",
                 {{"clip", claim.clip}, {"time", ++clip.failures}});
        if (auto forgotten = clip.file.forget(); !forgotten || clip.failures >= kMostFailures) return;
        sendReceipt(claim.gateway, claim.clip, clip.file.missing(kMostRanges), false, false);
        return;
    }
    const json verdict = judgeClip(claim, clip.file, true, authority_, clock_.wallNow().time);
    if (auto settled = settle(clip, verdict); !settled) {
        logEvent(LogLevel::Error, "hub", "clip-not-settled",
                 {{"clip", claim.clip}, {"why", settled.error()}});
        return;
    }
    const std::string gateway = claim.gateway, id = claim.clip;
    pending_.erase(id);
    sendReceipt(gateway, id, {}, true, true);
    on_finished_(verdict);
}

Status ClipStore::settle(Pending& clip, const json& verdict) {
    const std::string& id = clip.claim.clip;
    const auto& claimed = clip.claim.plan.files;
    std::uint64_t end = clip.claim.bytes;
    // From the last file to the first, which is what is left of the part.
    for (std::size_t index = claimed.size(); index-- > 1;) {
        const auto bytes = clip.file.read({end - claimed[index].bytes, end});
        if (!bytes) return std::unexpected(bytes.error());
        end -= claimed[index].bytes;
        if (auto put = replaceFile(files_, path(clipFileName(id, index)), asText(*bytes)); !put) return put;
    }
    auto part = files_.open(path(id + ".part"), OpenMode::ReadWrite);
    if (!part) return std::unexpected(part.error());
    if (claimed.size() > 1) {
        if (auto cut = (*part)->resize(end); !cut) return cut;
    }
    // Bytes, then their name, then the verdict that says they are there, then what led here goes.
    if (auto synced = (*part)->sync(); !synced) return synced;
    if (auto renamed = files_.rename(path(id + ".part"), path(clipFileName(id, 0))); !renamed) return renamed;
    if (auto put = replaceFile(files_, path(id + ".json"), verdict.dump(2) + "\n"); !put) return put;
    return keepFinished(id, verdict);
}

Status ClipStore::keepFinished(const std::string& clip, const json& verdict) {
    const auto added =
        database_.add(StoredClip{clip, textField(verdict, "gateway"), textField(verdict, "received"),
                                 toLine(verdict), boolField(verdict, "verified").value_or(false)});
    if (!added) return added;
    if (auto durable = database_.commit(); !durable) return durable;
    return removeFiles(clip, {".notes", ".ranges"});
}

/// Nothing more will come here, and what came is not a clip.
Status ClipStore::forget(const std::string& clip) {
    pending_.erase(clip);
    // The notes last: while they are there a start takes the clip up again.
    return removeFiles(clip, {".part", ".ranges", ".notes"});
}

Status ClipStore::removeFiles(const std::string& clip, std::initializer_list<const char*> endings) {
    for (const char* ending : endings) {
        if (!files_.exists(path(clip + ending))) continue;
        if (auto removed = files_.remove(path(clip + ending)); !removed) return removed;
    }
    return {};
}

void ClipStore::sendReceipt(const std::string& gateway, const std::string& clip,
                            const std::vector<ByteRange>& missing, bool complete,
                            std::optional<bool> verified) {
    json ranges = json::array();
    for (const ByteRange& range : missing) ranges.push_back({range.from, range.to});
    json receipt{{"v", 1},
                 {"owner", settings_.owner},
                 {"missing", ranges},
                 {"complete", complete},
                 {"verified", nullptr}};
    if (verified) receipt["verified"] = *verified;
    send_({gateway, clip, toLine(receipt)});
}

}  // namespace camgate::hub
