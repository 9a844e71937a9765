// Which cameras pause, by whose will: the owner's word, for a time or until he says otherwise, and the daily
// hours of the configuration. A value over an injected clock, kept as text over restarts. Loop thread only.
// Implements docs/design/pause.md.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "config/configuration.hpp"

namespace camgate::app {

enum class PausedBy : std::uint8_t { Owner, Schedule };

struct Pause {
    PausedBy by = PausedBy::Owner;
    std::optional<WallTime> until = {};  ///< none: without an end, or the time is not known
    std::optional<Duration> left = {};   ///< of the owner's with an end
};

struct PauseChange {
    std::string camera;
    PausedBy by = PausedBy::Owner;
    bool paused = false;
};

class PauseBook {
  public:
    static constexpr Duration kLongest = std::chrono::hours(24 * 31);

    /// `text`: of text(), empty at the first start. Corruption: it is of no use, and nobody pauses.
    [[nodiscard]] static Result<PauseBook> read(const Clock& clock, const std::string& text);
    explicit PauseBook(const Clock& clock) : clock_(&clock) {}

    /// Also over a pause that runs. No `length`: until resume().
    void pause(const std::string& camera, std::optional<Duration> length);
    /// False: the owner has not paused it.
    bool resume(const std::string& camera);
    /// What time has changed since the last look. Hours are judged only while the time is known.
    std::vector<PauseChange> look(const config::Configuration& configuration);
    /// Cameras whose pause began while nobody knew the time, and whose end is known from now on.
    std::vector<std::string> learnEnds();

    /// The owner's word goes before the hours.
    std::optional<Pause> of(const std::string& camera) const;
    std::string text() const;

  private:
    struct Timed {
        std::optional<BootTime> end;
        std::optional<WallTime> until;  ///< none: not known, as the time was not
        Duration length{};              ///< as asked
    };

    const Clock* clock_;
    std::map<std::string, Timed> owner_;
    std::set<std::string> scheduled_;
};

}  // namespace camgate::app
