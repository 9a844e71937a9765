#include "camera/onvif/choose.hpp"

namespace camgate::onvif {
namespace {

/// Motion detection looks at no more than this.
constexpr std::uint32_t kEnough_px = 640;

std::uint64_t pixels(const ipc::OfferedStream& stream) {
    return std::uint64_t{stream.width_px} * stream.height_px;
}

bool isVideo(const ipc::OfferedStream& stream) {
    return stream.codec == "h264" || stream.codec == "h265";
}

/// Is `a` the better sub-stream?
bool suitsBetter(const ipc::OfferedStream& a, const ipc::OfferedStream& b) {
    const bool a_fits = a.width_px <= kEnough_px, b_fits = b.width_px <= kEnough_px;
    if (a_fits != b_fits) return a_fits;
    return a_fits ? pixels(a) > pixels(b) : pixels(a) < pixels(b);
}

std::string text(const ipc::OfferedStream& stream) {
    return stream.name + " (" + stream.codec + " " + std::to_string(stream.width_px) + "x" +
           std::to_string(stream.height_px) + ")";
}

}  // namespace

std::optional<Choice> chooseStreams(std::span<const ipc::OfferedStream> streams) {
    std::optional<Choice> choice;
    for (std::size_t i = 0; i < streams.size(); ++i) {
        if (!isVideo(streams[i])) continue;
        if (!choice) choice.emplace(Choice{static_cast<std::uint8_t>(i), std::nullopt, ""});
        if (pixels(streams[i]) > pixels(streams[choice->main])) choice->main = static_cast<std::uint8_t>(i);
    }
    if (!choice) return std::nullopt;
    const ipc::OfferedStream& main = streams[choice->main];
    for (std::size_t i = 0; i < streams.size(); ++i) {
        const bool smaller = isVideo(streams[i]) && pixels(streams[i]) < pixels(main);
        if (smaller && (!choice->sub || suitsBetter(streams[i], streams[*choice->sub])))
            choice->sub = static_cast<std::uint8_t>(i);
    }
    choice->why = text(main) + " is recorded: the largest picture; ";
    choice->why += choice->sub
                       ? text(streams[*choice->sub]) + " is watched: large enough for motion, cheap to decode"
                       : "there is no smaller one, so it is watched as well";
    return choice;
}

}  // namespace camgate::onvif
