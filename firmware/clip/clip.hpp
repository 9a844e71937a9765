// A range of one camera's footage to a plan, a plan to bytes. A clip is resolved once: its plan names
// records, its id is the plan's hash, and the same plan gives the same bytes as long as the footage is there.
// Loop thread only; answers come later on the loop. Implements docs/ref/evidence.md (manifest).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "evidence/clip_evidence.hpp"
#include "media/access_unit.hpp"

namespace camgate::clip {

enum class Quality : std::uint8_t {
    Preview = 0,
    Full = 1
};  ///< sub-stream (or main without one), main stream
std::string_view toString(Quality quality);
[[nodiscard]] Result<Quality> qualityFromText(std::string_view text);

struct ClipRequest {
    std::string camera;
    WallTime from;
    WallTime to;
    Quality quality = Quality::Preview;
    std::string reason;  ///< event id or case number, goes into the manifest
};

struct PlannedClip {
    std::string id;           ///< SHA-256 of the plan, hex
    std::uint64_t bytes = 0;  ///< of all its files, one after another
    std::string manifest;     ///< exact JSON bytes
    Bytes plan;               ///< kept by the caller; reopen() takes it after a restart
};

template <class T>
using Answer = std::function<void(Result<T>)>;

/// Which checkpoints: of one stream in one ring, that hold any of these record numbers.
struct CheckpointQuery {
    std::string camera;
    media::StreamKind stream = media::StreamKind::Main;
    std::string ring;
    std::uint64_t first_sequence = 0;
    std::uint64_t last_sequence = 0;
};

/// The checkpoints that this gateway made, as the ledger keeps them. Loop thread only; answers on the loop.
class CheckpointBook {
  public:
    virtual ~CheckpointBook() = default;
    virtual void find(const CheckpointQuery& query,
                      Answer<std::vector<evidence::AnchoredCheckpoint>> answer) = 0;
};

class ClipSource {
  public:
    template <class T>
    using Answer = clip::Answer<T>;

    virtual ~ClipSource() = default;
    /// NotFound: no such camera, or nothing recorded there (the message says what there is).
    virtual void plan(const ClipRequest& request, Answer<PlannedClip> answer) = 0;
    virtual void reopen(const Bytes& plan, Answer<PlannedClip> answer) = 0;
    /// At most 256 KiB a call. NotFound: the footage has been overwritten since.
    virtual void read(const std::string& id, std::uint64_t offset, std::size_t length_bytes,
                      Answer<Bytes> answer) = 0;
    /// Manifest and file hash, signed (JSON text of docs/ref/evidence.md); empty without an evidence key.
    virtual void sign(const std::string& id, const std::string& sha256_hex, Answer<std::string> answer) = 0;
    /// What proves when its records existed, as far as the ledger has got and the ring still holds what the
    /// checkpoints are over: JSON text of docs/ref/evidence.md (Clip evidence).
    virtual void prove(const std::string& id, Answer<std::string> answer) = 0;
    /// The clip is done or given up: its footage need not be held any longer.
    virtual void release(const std::string& id) = 0;
};

}  // namespace camgate::clip
