#include "app/clip_desk.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "app/json_text.hpp"
#include "base/wall_text.hpp"

namespace camgate::app {
namespace {

using nlohmann::json;

constexpr std::size_t kMostGiven = 8;
constexpr std::string_view kAction = "clip.export";

Result<clip::ClipRequest> requestOf(const json& parameters) {
    clip::ClipRequest request;
    request.camera = parameters["camera"];
    const auto from = parseWallTime(parameters["from"].get<std::string>());
    const auto to = parseWallTime(parameters["to"].get<std::string>());
    const auto quality = clip::qualityFromText(parameters.value("quality", "full"));
    if (!from) return std::unexpected(from.error());
    if (!to) return std::unexpected(to.error());
    if (!quality) return std::unexpected(quality.error());
    request.from = *from;
    request.to = *to;
    request.quality = *quality;
    request.reason = "owner";
    return request;
}

json detailOf(const clip::ClipRequest& request) {
    return {{"camera", request.camera},
            {"from", formatWallTime(request.from)},
            {"to", formatWallTime(request.to)},
            {"quality", clip::toString(request.quality)}};
}

std::unexpected<Error> notGiven() {
    return fail(ErrorKind::NotFound, "the clip is not open: clip.plan opens it");
}

}  // namespace

void ClipDesk::plan(const std::string& who, const std::string& parameters, Answer answer) {
    const auto request = requestOf(json::parse(parameters));
    if (!request) return answer(std::unexpected(request.error()));
    json detail = detailOf(*request);
    clips_.plan(*request, [this, who, detail = std::move(detail),
                           answer = std::move(answer)](const Result<clip::PlannedClip>& planned) mutable {
        if (!planned) return answer(std::unexpected(planned.error()));
        detail["clip"] = planned->id;
        give(*planned, {planned->id, who, jsonText(detail)}, std::move(answer));
    });
}

void ClipDesk::give(const clip::PlannedClip& planned, Given given, Answer answer) {
    const uplink::AuditRecord entry{clock_.wallNow().time, given.who, std::string(kAction), "given",
                                    given.detail_json};
    audit_(entry, [this, planned, given = std::move(given), answer = std::move(answer)](const Status& kept) {
        if (!kept) {
            clips_.release(planned.id);
            Error error = kept.error();
            error.context = "no footage is given out without an audit entry: " + error.context;
            return answer(std::unexpected(error));
        }
        forget(given.clip);
        given_.push_back(given);
        if (given_.size() > kMostGiven) {
            clips_.release(given_.front().clip);
            given_.pop_front();
        }
        answer(jsonText({{"clip", planned.id},
                         {"bytes", planned.bytes},
                         {"manifest", json::parse(planned.manifest, nullptr, false)}}));
    });
}

void ClipDesk::read(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    if (find(asked["clip"]) == nullptr) return answer(notGiven());
    clips_.read(asked["clip"], asked["offset"], asked["length"],
                [answer = std::move(answer)](const Result<Bytes>& bytes) {
                    if (!bytes) return answer(std::unexpected(bytes.error()));
                    answer(jsonText({{"bytes", toBase64(*bytes)}}));
                });
}

void ClipDesk::finish(const std::string& parameters, Answer answer) {
    const json asked = json::parse(parameters);
    const std::string clip = asked["clip"];
    const std::string sha256 = asked["sha256"];
    const Given* given = find(clip);
    if (given == nullptr) return answer(notGiven());
    json detail = json::parse(given->detail_json);
    detail["sha256"] = sha256;
    const uplink::AuditRecord entry{clock_.wallNow().time, given->who, std::string(kAction), "written",
                                    jsonText(detail)};
    clips_.sign(clip, sha256,
                [this, clip, entry, answer = std::move(answer)](const Result<std::string>& made) {
                    if (!made) return answer(std::unexpected(made.error()));
                    clips_.release(clip);
                    forget(clip);
                    audit_(entry, [answer, document = *made](const Status& kept) {
                        if (!kept) return answer(std::unexpected(kept.error()));
                        answer(jsonText({{"signed", document}}));
                    });
                });
}

void ClipDesk::release(const std::string& parameters, const Answer& answer) {
    const std::string clip = json::parse(parameters)["clip"];
    if (find(clip) != nullptr) clips_.release(clip);
    forget(clip);
    answer(std::string("{}"));
}

const ClipDesk::Given* ClipDesk::find(const std::string& clip) const {
    const auto found = std::ranges::find(given_, clip, &Given::clip);
    return found == given_.end() ? nullptr : &*found;
}

void ClipDesk::forget(const std::string& clip) {
    std::erase_if(given_, [&clip](const Given& given) { return given.clip == clip; });
}

}  // namespace camgate::app
