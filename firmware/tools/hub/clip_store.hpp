// All clips of a hub: takes manifests and chunks, keeps them durable, says what is still missing, and turns a
// complete clip into `<id>.mp4` (further files `<id>-2.mp4` ...) with its verdict `<id>.json`.
// Safe to repeat at any step: doubles, restarts and reordered chunks change nothing. One thread.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>

#include "tools/hub/chunk.hpp"
#include "tools/hub/claims.hpp"
#include "tools/hub/clip_verdict.hpp"
#include "tools/hub/database.hpp"
#include "tools/hub/opener.hpp"

namespace camgate::hub {

struct ClipReceipt {
    std::string gateway;
    std::string clip;
    std::string payload;  ///< JSON
};

struct ClipStoreSettings {
    std::string directory;
    std::string owner;  ///< this hub process, 1 to 64 of `A-Z a-z 0-9 . _ -`
    std::uint64_t longest_clip_bytes = 4ULL << 30U;
};

class ClipStore {
  public:
    using SendReceipt = std::function<void(const ClipReceipt&)>;
    using OnFinished = std::function<void(const nlohmann::json& verdict)>;

    /// `database` and `opener` outlive the store.
    [[nodiscard]] static Result<std::unique_ptr<ClipStore>> open(FileSystem& files, const Clock& clock,
                                                                 ClipStoreSettings settings,
                                                                 HubDatabase& database,
                                                                 crypto::Certificate evidence_authority,
                                                                 const Opener& opener, SendReceipt send,
                                                                 OnFinished on_finished);

    /// True: durable, the row may be receipted; false: it is for another process of this hub.
    /// InvalidArgument: of no use, and never will be.
    [[nodiscard]] Result<bool> takeManifest(Source source, const std::string& gateway,
                                            const std::string& clip, const nlohmann::json& message);
    /// What a process of this hub said of a clip.
    void hearReceipt(const std::string& gateway, const std::string& clip, const nlohmann::json& receipt);
    void takeChunk(const std::string& gateway, const std::string& clip, ByteView message);
    /// Twice a second or so: makes what came durable, asks again for what did not come.
    void tick();

    std::uint64_t refusedChunks() const { return refused_chunks_; }
    std::size_t pending() const { return pending_.size(); }

  private:
    struct Pending {
        ClipClaim claim;
        ClipFile file;
        std::optional<crypto::HpkeContext> seal;  ///< none: its chunks come in clear
        BootTime quiet_since;                     ///< last chunk, or last receipt that asked
        std::string plan_row = {};                ///< of the newest plan, which comes by both ways
        Source plan_source = Source::Shared;
        int failures = 0;
        bool asked = false;

        Pending(ClipClaim of, ClipFile in, std::optional<crypto::HpkeContext> how, BootTime now)
            : claim(std::move(of)), file(std::move(in)), seal(std::move(how)), quiet_since(now) {}
    };

    /// A manifest that comes in parts. In memory only: a gateway begins again with the first.
    struct Announced {
        std::string gateway;
        std::vector<std::optional<Bytes>> parts;
    };

    ClipStore(FileSystem& files, const Clock& clock, ClipStoreSettings settings, HubDatabase& database,
              crypto::Certificate authority, const Opener& opener, SendReceipt send, OnFinished on_finished);
    [[nodiscard]] Status load();
    [[nodiscard]] Status loadNotes(const std::string& clip);
    [[nodiscard]] Result<bool> isOurs(Source source, const std::string& clip, const std::string& phase);
    [[nodiscard]] Status takePhase(Source source, const std::string& gateway, const std::string& clip,
                                   const nlohmann::json& message);
    bool isFinished(const std::string& clip);
    [[nodiscard]] Status keepFinished(const std::string& clip, const nlohmann::json& verdict);
    void takeOver(const std::string& clip);
    [[nodiscard]] Status takePlan(Source source, const std::string& gateway, const std::string& clip,
                                  const nlohmann::json& message);
    /// The whole plan once all parts of its manifest are here; nothing until then.
    [[nodiscard]] Result<std::optional<nlohmann::json>> assemble(const std::string& gateway,
                                                                 const std::string& clip,
                                                                 const nlohmann::json& message);
    void askForPart(const std::string& gateway, const std::string& clip, std::size_t part);
    [[nodiscard]] Status takeComplete(Pending& clip, const nlohmann::json& message);
    [[nodiscard]] Status forget(const std::string& clip);
    [[nodiscard]] Status removeFiles(const std::string& clip, std::initializer_list<const char*> endings);
    [[nodiscard]] Status keepNotes(const std::string& clip, const std::string& gateway,
                                   const nlohmann::json& plan, const nlohmann::json& complete);
    [[nodiscard]] Status addPending(ClipClaim claim, const nlohmann::json& plan);
    /// A gateway that starts again may cut, or seal, another way: what comes from now on is of this plan.
    [[nodiscard]] Status takeNewCut(Pending& clip, const nlohmann::json& plan);
    [[nodiscard]] Result<Bytes> openChunk(const Pending& clip, const Chunk& chunk) const;
    void ask(Pending& clip);
    void finish(Pending& clip);
    [[nodiscard]] Status settle(Pending& clip, const nlohmann::json& verdict);
    void sendReceipt(const std::string& gateway, const std::string& clip,
                     const std::vector<ByteRange>& missing, bool complete, std::optional<bool> verified);
    std::string path(const std::string& name) const { return settings_.directory + "/" + name; }

    FileSystem& files_;
    const Clock& clock_;
    ClipStoreSettings settings_;
    HubDatabase& database_;
    crypto::Certificate authority_;
    const Opener& opener_;
    SendReceipt send_;
    OnFinished on_finished_;
    std::map<std::string, std::unique_ptr<Pending>> pending_;
    std::map<std::string, Announced> announced_;
    struct Deferred {
        std::string gateway;
        std::string plan;  ///< JSON
    };
    std::map<std::string, Deferred> deferred_;  ///< plans of clips that are another's, until it answers
    Claims claims_;
    std::uint64_t refused_chunks_ = 0;
};

}  // namespace camgate::hub
