// What uplink asks of the rest of the daemon; app/ implements these. Loop thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "clip/clip.hpp"

namespace camgate::uplink {

struct CameraStatus {
    std::string id;
    std::string name;
    std::string state;   ///< of the design's list, for example "no-frames"
    std::string detail;  ///< empty: none
    WallTime since;
};

struct Snapshot {
    WallTime at;
    Bytes jpeg;
};

/// Who looks at a camera now: fragmented MP4, as it is filmed.
class LiveViewer {
  public:
    virtual ~LiveViewer() = default;
    /// False: a fragment that is whole now is left out, and what needs it to be decoded.
    virtual bool hasRoom() const = 0;
    /// A file begins with these bytes; the one before gets no more.
    virtual void onFile(Bytes bytes) = 0;
    /// The next fragment of the file; `newest` is the capture of what comes behind it.
    virtual void onFragment(Bytes bytes, BootTime newest) = 0;
    /// Nothing follows: "paused", "removed", "failed".
    virtual void onOver(std::string_view reason) = 0;
};

class Cameras {
  public:
    virtual ~Cameras() = default;
    virtual bool exists(const std::string& id) const = 0;
    virtual std::vector<CameraStatus> list() const = 0;
    /// A live picture of at most `limit_bytes`; the answer comes later on the loop, once.
    virtual void snapshot(const std::string& id, std::size_t limit_bytes,
                          std::function<void(Result<Snapshot>)> answer) = 0;
    /// What it delivers goes to `viewer` too, one viewer at a time, until unwatch() or onOver(). NotFound: no
    /// such camera; FailedPrecondition: its owner paused it.
    [[nodiscard]] virtual Status watch(const std::string& id, clip::Quality quality, LiveViewer& viewer) = 0;
    virtual void unwatch(const std::string& id) = 0;
    /// Who looks on lost a part of the file: another begins as soon as may be.
    virtual void beginFileAnew(const std::string& id) = 0;
};

struct StorageStatus {
    std::string state = "ok";  ///< ok, full, read-only, missing, card-stalled, error, worn
    std::string detail;
    std::string sealed;  ///< for people; empty: not known yet
};

/// The machine that the daemon runs on.
class Machine {
  public:
    virtual ~Machine() = default;
    /// Why it cannot be restarted from here.
    virtual Status mayRestart() const = 0;
    virtual void restart() = 0;
};

/// A firmware update as the hub orders it, signed.
struct UpdateOrder {
    std::string id;  ///< of the command
    std::string version;
    std::string sha256;  ///< of the bundle, in hex
    std::uint64_t bytes = 0;
    std::string url;  ///< empty: the hub itself brings it, over MQTT
    std::optional<WallTime> not_before;
    bool allow_downgrade = false;
    std::string who;
};

/// A bundle that the hub is to bring over MQTT.
struct WantedBundle {
    std::string sha256;
    std::uint64_t bytes = 0;
    std::uint64_t have_bytes = 0;  ///< were taken, perhaps not written yet
    WallTime since;                ///< of the order
};

class FirmwareUpdates {
  public:
    virtual ~FirmwareUpdates() = default;
    /// The answer comes later on the loop, once: a JSON object. FailedPrecondition: "reason: words".
    virtual void order(const UpdateOrder& order, std::function<void(Result<std::string>)> answer) = 0;
    /// Of the newest update, a JSON object; empty: there was none.
    virtual std::string statusJson() const = 0;

    /// Nothing: none is to come over MQTT now.
    virtual std::optional<WantedBundle> wantedBundle() const = 0;
    /// What follows `have_bytes`, so that it moves on at once; `written` is called later or inside.
    virtual void deliver(std::uint64_t offset, Bytes bytes, std::function<void(Status)> written) = 0;
    /// The hub will not bring it.
    virtual void undeliverable(const Error& why) = 0;
};

class StatusProvider {
  public:
    virtual ~StatusProvider() = default;
    virtual StorageStatus storage() const = 0;
};

/// Counters since the daemon's start. What is not measured stays absent.
struct CameraFigures {
    std::string id;
    std::optional<std::uint64_t> bytes, frames, keyframes, stored_records, mended_times, bad_units,
        dropped_units;
};
struct StorageFigures {
    std::optional<std::uint64_t> ring_bytes, written_bytes, syncs, slow_writes;
    std::optional<Duration> stall_cover;  ///< how long the card may take nothing before footage is lost
    std::optional<WallTime> oldest;
};
struct ProcessFigures {
    std::string name;
    std::optional<double> cpu_s;
    std::optional<std::uint64_t> rss_kb;
};
struct TelemetryFigures {
    std::optional<std::uint64_t> uptime_s;
    std::vector<CameraFigures> cameras;
    StorageFigures storage;
    std::vector<ProcessFigures> processes;
};

class TelemetryProvider {
  public:
    virtual ~TelemetryProvider() = default;
    virtual TelemetryFigures telemetry() const = 0;
};

}  // namespace camgate::uplink
