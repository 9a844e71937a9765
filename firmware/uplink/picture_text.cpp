#include "uplink/picture_text.hpp"

#include <nlohmann/json.hpp>

#include "base/wall_text.hpp"

namespace camgate::uplink {

Result<std::string> PictureText::json(std::string_view of, WallTime at, ByteView jpeg) const {
    nlohmann::json picture{{"at", formatWallTime(at)}};
    if (!seal_to_) {
        picture["jpeg"] = toBase64(jpeg);
        return picture.dump();
    }
    const auto sealed = evidence::sealPicture(*seal_to_, gateway_, of, jpeg);
    if (!sealed) return std::unexpected(sealed.error());
    picture["sealed"] = {{"to", seal_to_->fingerprint},
                         {"ephemeral", toBase64(sealed->ephemeral)},
                         {"bytes", toBase64(sealed->bytes)}};
    return picture.dump();
}

}  // namespace camgate::uplink
