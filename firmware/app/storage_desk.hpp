// Answers the control socket's storage commands. What only the ring knows is asked on the storage thread.
// Loop thread only. Implements docs/ref/cli.md (storage).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "app/card_life.hpp"
#include "app/recorder.hpp"
#include "config/board.hpp"
#include "config/configuration.hpp"
#include "control/control_server.hpp"

namespace camgate::app {

struct StorageParts {
    EventLoop& loop;
    FileSystem& files;
    const config::Configuration& configuration;
    const config::Board& board;
    std::string ring_path;
    Recorder& recorder;
};

class StorageDesk {
  public:
    using Answer = control::ControlBackend::Answer;

    explicit StorageDesk(const StorageParts& parts) : parts_(parts) {}
    ~StorageDesk() { *alive_ = false; }

    /// The ring that is open now, or none: as Recorder says.
    void lead(ring::Ring* ring) { ring_ = ring; }
    void status(Answer answer);

  private:
    struct Reached;
    std::string statusJson(const std::vector<Reached>& reached) const;
    CardUse cardUse() const;

    StorageParts parts_;
    ring::Ring* ring_ = nullptr;
    std::shared_ptr<bool> alive_ =
        std::make_shared<bool>(true);  // answers from the storage thread look at it
};

}  // namespace camgate::app
