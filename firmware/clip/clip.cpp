#include "clip/clip.hpp"

namespace camgate::clip {

std::string_view toString(Quality quality) {
    return quality == Quality::Preview ? "preview" : "full";
}

Result<Quality> qualityFromText(std::string_view text) {
    if (text == toString(Quality::Preview)) return Quality::Preview;
    if (text == toString(Quality::Full)) return Quality::Full;
    return fail(ErrorKind::InvalidArgument, "a quality is \"preview\" or \"full\"");
}

}  // namespace camgate::clip
