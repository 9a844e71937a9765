#include "bench/motion/motion_films/grey_pipe.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace camgate::bench {
namespace {

/// What has no luma plane of its own is converted first; all else is taken as it is.
constexpr auto kLuma = "format=yuv420p|yuvj420p|yuv422p|yuvj422p|yuv444p|gray,extractplanes=y";

}  // namespace

GreyPipe::GreyPipe(const std::string& path) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("no pipe for ffmpeg");
    child_ = ::fork();
    if (child_ == 0) {
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        ::execlp("ffmpeg", "ffmpeg", "-nostdin", "-loglevel", "error", "-threads", "1", "-i", path.c_str(),
                 "-an", "-fps_mode", "passthrough", "-vf", kLuma, "-pix_fmt", "gray", "-f", "yuv4mpegpipe",
                 "-strict", "-1", "-", nullptr);
        ::_exit(127);
    }
    ::close(ends[1]);
    stream_ = ::fdopen(ends[0], "rb");
    const std::string header = line();
    if (std::sscanf(header.c_str(), "YUV4MPEG2 W%d H%d", &width_, &height_) != 2)
        throw std::runtime_error(path + ": ffmpeg made no picture of it");
    luma_.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
}

GreyPipe::~GreyPipe() {
    std::fclose(stream_);
    ::waitpid(child_, nullptr, 0);
}

std::string GreyPipe::line() {
    std::string text;
    for (int c = std::fgetc(stream_); c != EOF && c != '\n'; c = std::fgetc(stream_))
        text += static_cast<char>(c);
    return text;
}

bool GreyPipe::next() {
    if (!line().starts_with("FRAME")) return false;
    return std::fread(luma_.data(), 1, luma_.size(), stream_) == luma_.size();
}

}  // namespace camgate::bench
