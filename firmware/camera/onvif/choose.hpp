// Which of a camera's streams to record and which to look at. Pure. Any thread. Implements
// docs/ref/camera.md (Finding cameras).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "ipc/finder_messages.hpp"

namespace camgate::onvif {

struct Choice {
    std::uint8_t main = 0;
    std::optional<std::uint8_t> sub;
    std::string why;  ///< for people
};

/// Main: the most pixels among H.264 and H.265. Sub: of the others, the one nearest to 640 pixels of width
/// from below, else the smallest. Nothing: no stream is H.264 or H.265.
std::optional<Choice> chooseStreams(std::span<const ipc::OfferedStream> streams);

}  // namespace camgate::onvif
