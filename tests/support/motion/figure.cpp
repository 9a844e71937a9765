#include "support/motion/figure.hpp"

#include <array>
#include <numbers>

namespace camgate::test::film {
namespace {

/// Focal length in picture widths: the usual 90 to 100 degrees of a household camera's lens, flattened.
constexpr float kFocal_widths = 0.8F;
constexpr float kCar_heights = 0.85F;  // in heights of a person
constexpr float kHalfCar_heights = 1.25F;
constexpr float kStep_heights = 0.42F;

void drawWalker(const Appearance& who, const Pose& pose, Patch& patch) {
    const float h = pose.person_px;
    const float facing = who.path.across_per_s >= 0 ? 1.0F : -1.0F;
    const float phase = who.gait_phase + pose.walked / kStep_heights * std::numbers::pi_v<float>;
    const float swing = pose.walking ? std::sin(phase) : 0.15F;
    const float bob = pose.walking ? 0.012F * std::cos(2 * phase) : 0.0F;
    // Seen from ahead or behind the legs cross over less.
    const float side = std::min(std::abs(who.path.across_per_s) / 0.5F, 1.0F);
    const auto at = [&](float x, float y) {
        return Spot{pose.x + x * h * facing, pose.foot - (y + bob) * h};
    };
    const Spot hip = at(0, 0.49F);
    const Spot shoulder = at(0.02F, 0.8F);
    const auto leg = [&](float reach, float grey) {
        const float lift = std::max(-reach, 0.0F) * 0.12F;
        const Spot knee = at(0.10F * reach * side + 0.02F, 0.27F + 0.5F * lift);
        const Spot ankle = at(0.19F * reach * side, 0.035F + lift);
        patch.capsule(hip, knee, 0.052F * h, grey);
        patch.capsule(knee, ankle, 0.04F * h, grey);
        patch.capsule(ankle, at(0.19F * reach * side + 0.05F * side, 0.025F + lift), 0.025F * h, 0.7F * grey);
    };
    const auto arm = [&](float reach, float grey) {
        const Spot elbow = at(0.02F + 0.08F * reach * side, 0.63F);
        const Spot hand = at(0.04F + 0.16F * reach * side, 0.49F);
        patch.capsule(shoulder, elbow, 0.038F * h, grey);
        patch.capsule(elbow, hand, 0.03F * h, grey);
        patch.capsule(hand, hand, 0.025F * h, who.skin_grey);
    };
    arm(swing, 0.85F * who.upper_grey);
    leg(-swing, 0.88F * who.lower_grey);
    leg(swing, who.lower_grey);
    patch.capsule(at(0.015F, 0.76F), at(0, 0.52F), (0.075F + 0.025F * (1 - side)) * h, who.upper_grey);
    patch.capsule(at(0.02F, 0.8F), at(0.025F, 0.86F), 0.035F * h, who.skin_grey);
    patch.capsule(at(0.025F, 0.91F), at(0.03F, 0.935F), 0.055F * h, who.skin_grey);
    arm(-swing, who.upper_grey);
}

void drawCar(const Appearance& who, const Pose& pose, Patch& patch) {
    const float h = kCar_heights * pose.person_px;
    const float half = kHalfCar_heights * pose.person_px;
    const float facing = who.path.across_per_s >= 0 ? 1.0F : -1.0F;
    const auto polygon = [&](std::array<Spot, 4> corners, float grey) {
        for (Spot& corner : corners) corner = {pose.x + corner.x * half * facing, pose.foot - corner.y * h};
        if (facing < 0) std::swap(corners[1], corners[3]);
        patch.polygon(corners, grey);
    };
    polygon({{{-0.62F, 1}, {0.28F, 1}, {0.62F, 0.58F}, {-0.86F, 0.58F}}}, 0.9F * who.upper_grey);
    polygon({{{-1, 0.64F}, {0.97F, 0.56F}, {1, 0.2F}, {-1, 0.2F}}}, who.upper_grey);
    polygon({{{-1, 0.3F}, {1, 0.3F}, {0.98F, 0.16F}, {-0.98F, 0.16F}}}, 0.6F * who.upper_grey);
    polygon({{{-0.54F, 0.93F}, {-0.1F, 0.93F}, {-0.1F, 0.63F}, {-0.7F, 0.63F}}}, who.lower_grey);
    polygon({{{-0.02F, 0.93F}, {0.24F, 0.93F}, {0.5F, 0.62F}, {-0.02F, 0.62F}}}, who.lower_grey);
    for (const float axle : {-0.6F, 0.6F}) {
        const Spot hub{pose.x + axle * half, pose.foot - 0.17F * h};
        patch.capsule(hub, hub, 0.17F * h, 28);
        patch.capsule(hub, hub, 0.08F * h, 110);
    }
    if (who.lights_on) {
        const Spot lamp{pose.x + 0.95F * half * facing, pose.foot - 0.45F * h};
        patch.capsule(lamp, lamp, 0.08F * h, 900);
    }
}

}  // namespace

Pose poseOf(const Appearance& who, const Stage& stage, float t_s) {
    const Path& path = who.path;
    const float in_s = t_s - who.from_s;
    const float paused = std::clamp(in_s - path.pause_at_s, 0.0F, path.pause_s);
    const float walked_s = in_s - paused;
    const float focal_px = kFocal_widths * real(stage.day.width);
    Pose pose;
    pose.walking = paused <= 0 || paused >= path.pause_s;
    pose.person_px =
        path.person_px / std::max(1 - path.nearer_per_s * walked_s * path.person_px / focal_px, 0.05F);
    pose.x = real(stage.day.width) / 2 + (path.start_x + path.across_per_s * walked_s) * pose.person_px;
    pose.foot = stage.footOf(pose.person_px);
    pose.walked = (std::abs(path.across_per_s) + std::abs(path.nearer_per_s)) * walked_s;
    pose.speed_x_px = pose.walking ? path.across_per_s * pose.person_px : 0;
    return pose;
}

RectF extentOf(const Appearance& who, const Pose& pose) {
    const bool car = who.kind == FigureKind::Car;
    const float half = (car ? kHalfCar_heights : 0.32F) * pose.person_px + 2;
    const float tall = (car ? kCar_heights : 1.02F) * pose.person_px + 2;
    return {pose.x - half, pose.foot - tall, pose.x + half, pose.foot + 0.03F * pose.person_px + 2};
}

void drawFigure(const Appearance& who, const Pose& pose, Patch& patch) {
    who.kind == FigureKind::Car ? drawCar(who, pose, patch) : drawWalker(who, pose, patch);
}

}  // namespace camgate::test::film
