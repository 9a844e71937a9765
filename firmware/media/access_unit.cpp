#include "media/access_unit.hpp"

namespace camgate::media {
namespace {

class Fnv1a64 {
  public:
    void add(std::uint8_t byte) { hash_ = (hash_ ^ byte) * 0x100000001B3U; }
    void add16(std::uint16_t value) {
        add(static_cast<std::uint8_t>(value >> 8U));
        add(static_cast<std::uint8_t>(value & 0xFFU));
    }
    std::uint64_t value() const { return hash_; }

  private:
    std::uint64_t hash_ = 0xCBF29CE484222325U;
};

}  // namespace

std::string_view toString(Codec codec) {
    return codec == Codec::H264 ? "h264" : "h265";
}

std::string_view toString(StreamKind stream) {
    return stream == StreamKind::Main ? "main" : "sub";
}

Result<Codec> codecFromNumber(std::uint8_t number) {
    if (number == 1) return Codec::H264;
    if (number == 2) return Codec::H265;
    return fail(ErrorKind::InvalidArgument, "no codec has the number " + std::to_string(number));
}

Result<StreamKind> streamFromNumber(std::uint8_t number) {
    if (number == 0) return StreamKind::Main;
    if (number == 1) return StreamKind::Sub;
    return fail(ErrorKind::InvalidArgument, "no stream has the number " + std::to_string(number));
}

std::uint64_t DecoderConfig::id() const {
    Fnv1a64 hash;
    hash.add(static_cast<std::uint8_t>(codec));
    hash.add16(width_px);
    hash.add16(height_px);
    for (const std::uint8_t byte : box) hash.add(byte);
    return hash.value();
}

}  // namespace camgate::media
