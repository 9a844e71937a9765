// A clip's file as the hub and camgate-verify receive it.
#include <array>

#include "fuzz/fuzz_target.hpp"
#include "media/mp4_reader.hpp"
#include "media/mp4_writer.hpp"

namespace camgate::fuzz {

using namespace media;

bool readHostile(ByteView input) {
    const auto contents = readMp4(input);
    if (!contents) return false;
    std::size_t samples = 0;
    for (const Mp4ReadTrack& track : contents->tracks) {
        samples += track.samples.size();
        require(track.config.box.size() <= kMaxDecoderConfig_bytes, "the configuration is in bounds");
        for (const Mp4ReadSample& sample : track.samples) {
            require(sample.offset_bytes <= input.size() &&
                        sample.size_bytes <= input.size() - sample.offset_bytes,
                    "samples lie in the file");
        }
    }
    require(samples <= input.size(), "samples are no more than the bytes that describe them");
    require(contents->durationSeconds() >= 0, "a duration is not negative");
    return true;
}

std::vector<Bytes> seeds() {
    const DecoderConfig config{Codec::H264, 640, 360, Bytes{1, 77, 0, 30, 0xFF, 0xE0, 0}};
    const std::array<Mp4Sample, 3> samples{
        {{90, 5, 180, true, false}, {90, 0, -90, false, true}, {90, 7, 0, false, false}}};
    Bytes file = initSegment(config, {WallTime{}, 450}).value();
    std::uint64_t base = 0;
    for (std::uint32_t number = 1; number <= 2; ++number, base += 270) {
        const Bytes header = fragment(number, base, samples).value();
        file.insert(file.end(), header.begin(), header.end());
        file.resize(file.size() + 12, 0xAA);
    }
    const DecoderConfig hevc{Codec::H265, 1920, 1080, Bytes(23, 1)};
    return {file, initSegment(hevc, {}).value()};
}

}  // namespace camgate::fuzz
