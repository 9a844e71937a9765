#include "app/clip_door.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace camgate;
using namespace camgate::app;

namespace {

/// Answers reads when told to, and none after its end.
class SlowSource final : public clip::ClipSource {
  public:
    explicit SlowSource(std::vector<Answer<Bytes>>& reads) : reads_(reads) {}
    ~SlowSource() override { reads_.clear(); }
    void plan(const clip::ClipRequest&, Answer<clip::PlannedClip> answer) override { answer({}); }
    void reopen(const Bytes&, Answer<clip::PlannedClip> answer) override { answer({}); }
    void read(const std::string&, std::uint64_t, std::size_t, Answer<Bytes> answer) override {
        reads_.push_back(std::move(answer));
    }
    void sign(const std::string&, const std::string&, Answer<std::string> answer) override { answer({}); }
    void prove(const std::string&, Answer<std::string> answer) override { answer({}); }
    void release(const std::string&) override {}

  private:
    std::vector<Answer<Bytes>>& reads_;
};

struct DoorFixture {
    std::vector<clip::ClipSource::Answer<Bytes>> asked;
    ClipDoor door;
    std::vector<Result<Bytes>> answers;

    void open() { door.lead(std::make_unique<SlowSource>(asked)); }
    void read() {
        door.read("clip", 0, 10, [this](Result<Bytes> answer) { answers.push_back(std::move(answer)); });
    }
};

}  // namespace

TEST_CASE("clip door: without a ring the answer is that there is none", "[app]") {
    DoorFixture f;
    f.read();
    f.door.release("clip");
    REQUIRE(f.answers.size() == 1);
    CHECK(f.answers[0].error().kind == ErrorKind::Unavailable);
}

TEST_CASE("clip door: what the ring answers is handed on", "[app]") {
    DoorFixture f;
    f.open();
    f.read();
    CHECK(f.answers.empty());
    f.asked.at(0)(Bytes{1, 2});
    REQUIRE(f.answers.size() == 1);
    CHECK(f.answers[0] == Bytes{1, 2});
    f.door.lead(nullptr);
    CHECK(f.answers.size() == 1);
}

TEST_CASE("clip door: whoever waits for a ring that goes is answered, once", "[app][fault]") {
    DoorFixture f;
    f.open();
    f.read();
    f.read();
    SECTION("none follows") {
        f.door.lead(nullptr);
    }
    SECTION("another follows") {
        std::vector<clip::ClipSource::Answer<Bytes>> next;
        f.door.lead(std::make_unique<SlowSource>(next));
        CHECK(next.empty());
        f.door.lead(nullptr);
    }
    REQUIRE(f.answers.size() == 2);
    for (const auto& answer : f.answers) CHECK(answer.error().kind == ErrorKind::Unavailable);
    CHECK(f.asked.empty());
}
