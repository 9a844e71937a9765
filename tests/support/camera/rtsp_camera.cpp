// camgate-rtsp-camera: a simulated IP camera for tests and the demo. Serves /main and /sub over RTSP until it
// is ended, with the faults that real cameras have.
#include <gst/rtsp-server/rtsp-server.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "support/camera/mount.hpp"
#include "support/camera/truth_log.hpp"

namespace {

using namespace camgate;
using namespace camgate::test;

struct Options {
    int port = 0;
    std::string user, password;
    bool basic = false;
    std::string main = "yard", sub, codec = "h264", unknown_codec, size, sub_size = "640x360", truth;
    int fps = 10, bitrate_kbps = 1500, key_interval = 20, stop_after_s = 0, empty_s = 20, walk_s = 6;
    std::uint32_t seed = 1;
    bool garbage = false, b_frames = false;
};

void declare(CLI::App& app, Options& o) {
    app.add_option("--port", o.port, "TCP port on 127.0.0.1; 0 picks one");
    app.add_option("--user", o.user, "viewers must be this user (digest)");
    app.add_option("--password", o.password);
    app.add_flag("--basic", o.basic, "basic instead of digest authentication");
    app.add_option("--main", o.main, "file:PATH or yard");
    app.add_option("--sub", o.sub, "file:PATH or yard; without it there is no /sub");
    app.add_option("--codec", o.codec)->check(CLI::IsMember({"h264", "h265"}));
    app.add_option("--size", o.size, "of the main stream, WIDTHxHEIGHT");
    app.add_option("--sub-size", o.sub_size, "of the sub-stream");
    app.add_option("--fps", o.fps)->check(CLI::Range(1, 60));
    app.add_option("--bitrate", o.bitrate_kbps,
                   "of an H.264 main stream, kbit/s; the sub-stream takes a quarter");
    app.add_option("--key-interval", o.key_interval, "frames from keyframe to keyframe");
    app.add_option("--seed", o.seed, "of the yard");
    app.add_option("--empty", o.empty_s, "seconds that the yard is empty before each walker");
    app.add_option("--walk", o.walk_s, "seconds that a walk takes");
    app.add_option("--truth", o.truth, "JSON lines with when walkers enter and leave the main yard");
    app.add_option("--stop-after", o.stop_after_s, "fault: silent after so many seconds of pictures");
    app.add_flag("--garbage", o.garbage, "fault: random bytes in the place of video");
    app.add_flag("--bframes", o.b_frames, "with frames out of order");
    app.add_option("--unknown-codec", o.unknown_codec, "fault: mpeg4 or vp8")
        ->check(CLI::IsMember({"mpeg4", "vp8"}));
}

bool takeSize(const std::string& text, FeedSettings& feed) {
    return text.empty() || std::sscanf(text.c_str(), "%dx%d", &feed.width_px, &feed.height_px) == 2;
}

std::optional<MountSettings> mountOf(const Options& o, const std::string& source, const std::string& size,
                                     int bitrate_kbps) {
    MountSettings mount;
    mount.feed.source = source;
    mount.feed.fps = o.fps;
    mount.feed.seed = o.seed;
    mount.feed.empty = std::chrono::seconds(o.empty_s);
    mount.feed.walk = std::chrono::seconds(o.walk_s);
    mount.feed.stop_after = std::chrono::seconds(o.stop_after_s);
    mount.codec = o.unknown_codec.empty() ? o.codec : o.unknown_codec;
    mount.bitrate_kbps = bitrate_kbps;
    mount.key_interval_frames = o.key_interval;
    mount.garbage = o.garbage;
    mount.b_frames = o.b_frames;
    mount.authenticated = !o.user.empty();
    if (!takeSize(size, mount.feed)) return std::nullopt;
    return mount;
}

void requireUser(GstRTSPServer* server, const Options& o) {
    GstRTSPAuth* auth = gst_rtsp_auth_new();
    GstRTSPToken* token =
        gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, kViewerRole, nullptr);
    gst_rtsp_auth_set_supported_methods(auth, o.basic ? GST_RTSP_AUTH_BASIC : GST_RTSP_AUTH_DIGEST);
    if (o.basic) {
        gchar* basic = gst_rtsp_auth_make_basic(o.user.c_str(), o.password.c_str());
        gst_rtsp_auth_add_basic(auth, basic, token);
        g_free(basic);
    } else {
        gst_rtsp_auth_add_digest(auth, o.user.c_str(), o.password.c_str(), token);
    }
    gst_rtsp_token_unref(token);
    gst_rtsp_server_set_auth(server, auth);
    g_object_unref(auth);
}

struct TruthTicker {
    TruthLog log;
    const Clock& clock;
};

std::optional<TruthTicker> truthTicker(const Options& o, const FeedSettings& feed, const Clock& clock,
                                       BootTime epoch) {
    if (o.truth.empty() || o.main != "yard") return std::nullopt;
    motion::SyntheticSettings yard;
    yard.fps = feed.fps;
    yard.seed = feed.seed;
    yard.empty = feed.empty;
    yard.walk = feed.walk;
    auto scene = motion::SyntheticScene::create(yard);
    if (!scene) return std::nullopt;
    return TruthTicker{TruthLog(o.truth, std::move(*scene), epoch), clock};
}

int serve(const Options& o) {
    const SystemClock clock;
    const BootTime epoch = clock.bootNow();
    GstRTSPServer* server = gst_rtsp_server_new();
    gst_rtsp_server_set_address(server, "127.0.0.1");
    gst_rtsp_server_set_service(server, std::to_string(o.port).c_str());
    if (!o.user.empty()) requireUser(server, o);
    const auto main = mountOf(o, o.main, o.size, o.bitrate_kbps);
    const auto sub =
        mountOf(o, o.sub.empty() ? o.main : o.sub, o.sub_size, std::max(200, o.bitrate_kbps / 4));
    if (!main || !sub) return 2;
    for (const auto& [path, mount] : {std::pair("/main", &*main), std::pair("/sub", &*sub)}) {
        if (path == std::string("/sub") && o.sub.empty()) continue;
        if (auto added = addMount(server, path, *mount, clock, epoch); !added) {
            std::fprintf(stderr, "%s: %s\n", path, added.error().describe().c_str());
            return 1;
        }
    }
    if (gst_rtsp_server_attach(server, nullptr) == 0) {
        std::fprintf(stderr, "port %d cannot be listened on\n", o.port);
        return 1;
    }
    auto truth = truthTicker(o, main->feed, clock, epoch);
    if (truth) {
        g_timeout_add(
            50,
            [](gpointer data) -> gboolean {
                auto& ticker = *static_cast<TruthTicker*>(data);
                ticker.log.advance(ticker.clock);
                return G_SOURCE_CONTINUE;
            },
            &*truth);
    }
    std::printf("ready rtsp://127.0.0.1:%d/main\n", gst_rtsp_server_get_bound_port(server));
    std::fflush(stdout);
    g_main_loop_run(g_main_loop_new(nullptr, FALSE));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("camgate-rtsp-camera: a simulated camera");
    Options options;
    declare(app, options);
    CLI11_PARSE(app, argc, argv);
    gst_init(nullptr, nullptr);
    return serve(options);
}
