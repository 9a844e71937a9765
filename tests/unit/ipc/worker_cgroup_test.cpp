#include <catch2/catch.hpp>

#include "ipc/worker_cgroup.hpp"

using namespace camgate;
using camgate::ipc::workerCgroup;

TEST_CASE("worker cgroup: a worker's is taken as systemd names it", "[ipc]") {
    const auto camera =
        workerCgroup("0::/system.slice/system-camgate\\x2dcamera.slice/camgate-camera@5-1234-997.service\n");
    REQUIRE(camera);
    CHECK(*camera == "/system.slice/system-camgate\\x2dcamera.slice/camgate-camera@5-1234-997.service");
    CHECK(
        workerCgroup("0::/system.slice/system-camgate\\x2dlink\\x2dcontrol.slice/"
                     "camgate-link-control@17-9-997.service"));
}

TEST_CASE("worker cgroup: nothing else is", "[ipc]") {
    for (const char* text :
         {"", "0::/", "0::/system.slice/camgated.service", "0::/system.slice/ssh.service",
          "1:name=x:/system.slice/system-camgate\\x2dcamera.slice/camgate-camera@5.service",
          "0::/system.slice/system-camgate\\x2dcamera.slice/camgate-camera@5.service/below",
          "0::/system.slice/system-camgate\\x2dcamera.slice/camgate-camera@.service",
          "0::/system.slice/system-camgate\\x2dcamera.slice/camgate-camera@../../x.service",
          "0::/system.slice/system-camgate\\x2dcamera.slice/camgate-link-bulk@5.service",
          "0::/system.slice/system-camgate\\x2dtranscode.slice/camgate-transcode@5.service",
          "0::/user.slice/system-camgate\\x2dcamera.slice/camgate-camera@5.service"}) {
        const auto refused = workerCgroup(text);
        INFO(text);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().kind == ErrorKind::PermissionDenied);
    }
}
