#include "console/stick.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <string_view>
#include <thread>

#include "support/base/temp_directory.hpp"

using namespace camgate;
using namespace camgate::console;

namespace {

/// The box's stick writer, for one connection: says `first`, and `last` once it is hung up on.
class FakeWriter {
  public:
    FakeWriter(std::string path, std::string_view first, std::string_view last)
        : listening_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
        REQUIRE(::bind(listening_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::listen(listening_.get(), 1) == 0);
        thread_ = std::thread([this, first, last] { serve(first, last); });
    }
    ~FakeWriter() { await(); }

    /// Whether it heard that the stick was given back before it said that it is at rest.
    bool await() {
        if (thread_.joinable()) thread_.join();
        return given_back_;
    }

  private:
    void serve(std::string_view first, std::string_view last) {
        const UniqueFd client(::accept(listening_.get(), nullptr, nullptr));
        if (first.empty()) return;
        (void)::send(client.get(), first.data(), first.size(), MSG_NOSIGNAL);
        std::array<char, 8> heard{};
        given_back_ = ::read(client.get(), heard.data(), heard.size()) == 0;
        (void)::send(client.get(), last.data(), last.size(), MSG_NOSIGNAL);
    }

    UniqueFd listening_;
    bool given_back_ = false;
    std::thread thread_;
};

struct Box {
    test::TempDirectory folder;
    StickPlace place{folder.path() + "/usb", folder.path() + "/writer"};

    std::string onStick(const std::string& name) const { return place.folder + "/" + name; }
};

}  // namespace

TEST_CASE("stick: it is held while it is written, and all is on it when it is given back", "[console]") {
    const Box box;
    FakeWriter writer(box.place.socket, "writable\n", "read-only\n");
    auto stick = Stick::toWrite(box.onStick("gate.jpg"), box.place);
    REQUIRE(stick.has_value());
    CHECK(stick->held());
    CHECK(stick->giveBack().has_value());
    CHECK_FALSE(stick->held());
    CHECK(writer.await());
}

TEST_CASE("stick: whoever forgets to give it back does so by going", "[console]") {
    const Box box;
    FakeWriter writer(box.place.socket, "writable\n", "");
    { REQUIRE(Stick::toWrite(box.place.folder, box.place).has_value()); }
    CHECK(writer.await());
}

TEST_CASE("stick: none, one that cannot be written and one that is in use are told apart", "[console]") {
    struct Case {
        std::string_view said;
        const char* why;
    };
    for (const auto& [said, why] :
         {Case{"no-stick\n", "no stick with a FAT file system"},
          Case{"write-protected\n", "does not let itself be written"}, Case{"", "somebody else"}}) {
        const Box box;
        const FakeWriter writer(box.place.socket, said, "");
        const auto stick = Stick::toWrite(box.onStick("gate.jpg"), box.place);
        REQUIRE_FALSE(stick.has_value());
        CHECK(stick.error().kind == ErrorKind::FailedPrecondition);
        CHECK_THAT(stick.error().context, Catch::Contains(why));
    }
}

TEST_CASE("stick: one that was pulled out while it was written is not called whole", "[console]") {
    const Box box;
    const FakeWriter writer(box.place.socket, "writable\n", "not-read-only\n");
    auto stick = Stick::toWrite(box.onStick("gate.jpg"), box.place);
    REQUIRE(stick.has_value());
    const auto done = stick->giveBack();
    REQUIRE_FALSE(done.has_value());
    CHECK_THAT(done.error().context, Catch::Contains("pulled out"));
}

TEST_CASE("stick: other folders, and machines whose sticks are not camgate's, are written at once",
          "[console]") {
    const Box box;
    for (const std::string& path : {std::string("/tmp/gate.jpg"), box.place.folder + "/../gate.jpg",
                                    box.place.folder + "2/gate.jpg", box.onStick("gate.jpg")}) {
        auto stick = Stick::toWrite(path, box.place);
        REQUIRE(stick.has_value());
        CHECK_FALSE(stick->held());
        CHECK(stick->giveBack().has_value());
    }
}
