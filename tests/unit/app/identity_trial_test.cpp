#include "app/identity_trial.hpp"

#include <catch2/catch.hpp>

#include "support/base/fake_loop.hpp"
#include "support/base/temp_directory.hpp"
#include "support/uplink/made_authority.hpp"

using namespace camgate;
using namespace camgate::test;

namespace {

struct Box {
    TempDirectory folder;
    FakeClock clock;
    FakeLoop loop{clock};
    RealFileSystem files;
    std::shared_ptr<uplink::IdentityStore> store =
        std::make_shared<uplink::IdentityStore>(files, folder.path(), "cg-1");
    outbox::AsyncOutbox state{loop,
                              [this](std::function<void()> job) {
                                  loop.post(std::move(job));
                                  return true;
                              },
                              outbox::Outbox::open(folder.path())};
    int anew = 0;
    app::IdentityTrial trial{loop, state, store, true, [this] { ++anew; }};

    Box() {
        const MadeAuthority authority;
        const auto request = uplink::readEnrolmentRequest(store->request({}).value()).value();
        const auto at = parseWallTime("2030-01-01T12:00:00Z").value();
        REQUIRE(store->accept(authority.certify(request), authority.pem(), authority.pem(), at));
        trial.start();
    }
    bool onTrial() const { return store->onTrial().value().has_value(); }
    bool inForce() const { return store->current().value().has_value(); }
};

}  // namespace

TEST_CASE("identity trial: one that connects is in force", "[app][identity]") {
    Box box;
    box.loop.advance(std::chrono::seconds(100));
    box.trial.onConnected();
    box.loop.runPosted();
    CHECK(box.inForce());
    CHECK_FALSE(box.onTrial());
    box.loop.advance(std::chrono::minutes(10));
    CHECK(box.anew == 0);
}

TEST_CASE("identity trial: one that does not connect in two minutes is taken back", "[app][identity]") {
    Box box;
    box.loop.advance(app::IdentityTrial::kTime + std::chrono::seconds(1));
    CHECK(box.anew == 1);
    CHECK_FALSE(box.inForce());
    CHECK_FALSE(box.onTrial());
}
