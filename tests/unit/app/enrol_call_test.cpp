#include "app/enrol_call.hpp"

#include <catch2/catch.hpp>

#include "support/uplink/fake_transport.hpp"
#include "support/uplink/made_authority.hpp"

using namespace camgate;
using namespace camgate::test;

namespace {

struct Call {
    FakeClock clock;
    FakeLoop loop{clock};
    MadeAuthority authority;
    std::vector<ipc::LinkSettings> connections;
    FakeTransport* link = nullptr;
    std::vector<std::string> asked;
    std::optional<Result<std::string>> result;
    std::unique_ptr<app::EnrolCall> call;

    explicit Call(const std::string& request = "{}") {
        const auto root = crypto::Certificate::fromPem(authority.pem()).value();
        call = std::make_unique<app::EnrolCall>(
            loop,
            [this](const std::function<ipc::LinkSettings()>& settings) {
                connections.push_back(settings());
                auto made = std::make_unique<FakeTransport>(loop);
                link = made.get();
                link->deliver = [this](const uplink::HubMessage& message) { asked.push_back(message.topic); };
                return made;
            },
            app::EnrolOrder{"cg-1", "hub.example", 8884, request.empty() ? "" : root.fingerprint(), request},
            [this](const Result<std::string>& done) { result = done; });
        call->start();
        loop.runPosted();
    }
    void say(const std::string& topic, const std::string& text) {
        link->say("camgate/v1/enrol/" + topic, Bytes(text.begin(), text.end()));
        loop.advance(std::chrono::milliseconds(1));
    }
};

}  // namespace

TEST_CASE("enrol call: the root is fetched first, the request goes to a broker under it alone",
          "[app][enrol]") {
    Call call;
    REQUIRE(call.connections.size() == 1);
    CHECK(call.connections[0].ca_pem.empty());
    CHECK(call.connections[0].certificate_pem.empty());
    CHECK(call.asked.empty());
    call.say("authority", call.authority.pem());
    REQUIRE(call.connections.size() == 2);
    CHECK(call.connections[1].ca_pem == call.authority.pem());
    CHECK(call.asked == std::vector<std::string>{"camgate/v1/enrol/enrol-cg-1/request"});
    call.say("enrol-cg-1/bundle", R"({"v":1})");
    REQUIRE(call.result.has_value());
    CHECK(call.result->value() == R"({"v":1})");
    CHECK_FALSE(call.link->wanted());
}

TEST_CASE("enrol call: to a broker with another root nothing is said", "[app][enrol]") {
    Call call;
    call.say("authority", MadeAuthority().pem());
    REQUIRE(call.result.has_value());
    CHECK(call.result->error().kind == ErrorKind::PermissionDenied);
    CHECK(call.connections.size() == 1);
    CHECK(call.asked.empty());
}

TEST_CASE("enrol call: a refusal is told with its reason, silence with where it got stuck", "[app][enrol]") {
    Call refused;
    refused.say("authority", refused.authority.pem());
    refused.say("enrol-cg-1/bundle", R"({"v":1,"refused":"wrong-code"})");
    REQUIRE(refused.result.has_value());
    CHECK_THAT(refused.result->error().context, Catch::Contains("wrong-code"));

    Call silent;
    silent.loop.advance(app::EnrolCall::kDeadline + std::chrono::seconds(1));
    REQUIRE(silent.result.has_value());
    CHECK(silent.result->error().kind == ErrorKind::Timeout);
    CHECK_THAT(silent.result->error().context, Catch::Contains("no root"));
}

TEST_CASE("enrol call: without a request only the root's fingerprint is told, and nothing is believed",
          "[app][enrol]") {
    Call call("");
    call.say("authority", call.authority.pem());
    REQUIRE(call.result.has_value());
    CHECK(call.result->value() == crypto::Certificate::fromPem(call.authority.pem())->fingerprint());
    CHECK(call.connections.size() == 1);
    CHECK(call.asked.empty());
    CHECK_FALSE(call.link->wanted());
}
