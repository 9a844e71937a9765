// What a replay tells on standard output: JSON lines for programs, or a table for people. Form:
// docs/ref/replay.md. One thread at a time.
#pragma once

#include <string>

#include "tools/replay/replay.hpp"

namespace camgate::replay {

std::string eventLine(const EventSeen& event);
std::string stateLine(std::int64_t frame, std::string_view state);
std::string summaryLine(const Summary& summary);

/// For people: a line per event, and what came of it all.
std::string eventText(const EventSeen& event);
std::string summaryText(const Summary& summary);

}  // namespace camgate::replay
