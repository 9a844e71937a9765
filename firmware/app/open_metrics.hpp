// The gateway's figures as OpenMetrics text, for those who scrape. Every figure is measured; what is not
// known has no line. Any thread. Implements docs/ref/cli.md (metrics).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "uplink/messages.hpp"
#include "uplink/providers.hpp"

namespace camgate::app {

struct Metrics {
    std::string gateway;
    std::string firmware;
    std::uint64_t configuration_revision = 0;
    bool link_up = false;
    std::optional<Duration> round_trip;
    std::uint64_t link_starts = 0;
    std::vector<uplink::CameraStatus> cameras;
    uplink::StorageStatus storage;
    uplink::TelemetryFigures figures;
    uplink::UplinkFigures uplink;
};

std::string openMetrics(const Metrics& metrics);

}  // namespace camgate::app
