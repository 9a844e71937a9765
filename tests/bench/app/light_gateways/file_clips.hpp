// Clips out of one file that a real gateway exported: every plan is that file under a name of its own. Shared
// by many gateways. Loop thread only.
#pragma once

#include <set>
#include <string>

#include "base/event_loop.hpp"
#include "clip/clip.hpp"
#include "evidence/manifest.hpp"

namespace camgate::bench {

/// What was exported; held once for all.
struct ClipFile {
    Bytes bytes;
    evidence::Manifest manifest;
};
/// `manifest_path`: the signed manifest beside the MP4 file.
[[nodiscard]] Result<ClipFile> readClipFile(const std::string& path, const std::string& manifest_path);

class FileClips final : public clip::ClipSource {
  public:
    FileClips(EventLoop& loop, const ClipFile& file, std::string gateway)
        : loop_(loop), file_(file), gateway_(std::move(gateway)) {}

    void plan(const clip::ClipRequest& request, Answer<clip::PlannedClip> answer) override;
    void reopen(const Bytes& plan, Answer<clip::PlannedClip> answer) override;
    void read(const std::string& id, std::uint64_t offset, std::size_t length_bytes,
              Answer<Bytes> answer) override;
    void sign(const std::string&, const std::string&, Answer<std::string> answer) override;
    void prove(const std::string&, Answer<std::string> answer) override;
    void release(const std::string&) override {}

  private:
    template <class T>
    void later(Result<T> result, Answer<T> answer) {
        loop_.post([result = std::move(result), answer = std::move(answer)]() mutable {
            answer(std::move(result));
        });
    }
    clip::PlannedClip planned(const std::string& text) const;

    EventLoop& loop_;
    const ClipFile& file_;
    std::string gateway_;
};

}  // namespace camgate::bench
