#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/epoll_loop.hpp"
#include "control/command_table.hpp"
#include "control/control_server.hpp"
#include "control/json_rpc.hpp"
#include "support/base/fake_loop.hpp"
#include "support/base/temp_directory.hpp"

using namespace camgate;
using namespace camgate::control;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

struct EchoBackend final : ControlBackend {
    std::vector<Answer> waiting;
    std::vector<std::string> callers;
    void call(const std::string& who, std::string_view command, const std::string& parameters,
              Answer answer) override {
        callers.push_back(who);
        if (command == "snapshot") return waiting.push_back(std::move(answer));
        if (command == "cameras") return answer(fail(ErrorKind::Unavailable, "not yet"));
        answer(json{{"command", command}, {"params", json::parse(parameters)}}.dump());
    }
};

/// Nobody has set a PIN: who runs the daemon may do all.
LoginPorts openPorts(const Clock& clock) {
    LoginPorts ports{clock, ::getuid(), {}, {}, {}, {}};
    ports.hash = [](const std::string& pin, const std::string& salt) { return salt + "/" + pin; };
    ports.random = [n = 0]() mutable -> Result<std::string> { return "r" + std::to_string(++n); };
    ports.save = [](const std::string&) {};
    ports.audit = [](std::string_view, std::string_view, std::optional<Role>, const std::string&) {};
    return ports;
}

struct ServerFixture {
    SystemClock clock;
    std::unique_ptr<EpollLoop> loop = EpollLoop::open(clock).value();
    test::TempDirectory directory;
    std::string path = directory.file("socket");
    EchoBackend backend;
    Tickets tickets;
    Login login{openPorts(clock), "", tickets};
    std::unique_ptr<ControlServer> server = ControlServer::open(*loop, path, backend, login).value();

    UniqueFd connect() const {
        UniqueFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        REQUIRE(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        return client;
    }
    /// What the server has said to this client; empty at the end of the connection.
    std::string read(const UniqueFd& client) const {
        std::array<char, 8192> buffer{};
        for (int turn = 0; turn < 20; ++turn) {
            loop->turn(1ms);
            const auto got = ::recv(client.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (got >= 0) return {buffer.data(), static_cast<std::size_t>(got)};
        }
        return "nothing";
    }
    json ask(const UniqueFd& client, const std::string& line) const {
        REQUIRE(::send(client.get(), line.data(), line.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(line.size()));
        return json::parse(read(client), nullptr, false);
    }
};

}  // namespace

TEST_CASE("control: a call reaches the backend and its result comes back under its id", "[control]") {
    ServerFixture f;
    const auto client = f.connect();
    const json reply = f.ask(client, writeCall(7, "events", {{"camera", "gate"}, {"limit", 3}}));
    CHECK(reply["id"] == 7);
    CHECK(reply["result"]["params"]["camera"] == "gate");
}

TEST_CASE("control: errors carry their kind", "[control]") {
    ServerFixture f;
    const auto client = f.connect();
    const json reply = f.ask(client, writeCall(1, "cameras", json::object()));
    CHECK(reply["error"]["data"]["kind"] == "unavailable");
}

TEST_CASE("control: parameters are checked by the table, all at once", "[control]") {
    ServerFixture f;
    const auto client = f.connect();
    const json reply =
        f.ask(client, writeCall(1, "clip.plan", {{"from", "yesterday"}, {"to", 5}, {"speed", 1}}));
    CHECK(
        reply["error"]["message"] ==
        "clip.plan: camera is missing; from must be a time like 2026-03-01T22:15:00Z; to must be a time like "
        "2026-03-01T22:15:00Z; speed is unknown");
}

TEST_CASE("control: what is no call is answered, not obeyed", "[control][hostile]") {
    ServerFixture f;
    const auto client = f.connect();
    CHECK(f.ask(client, "hello\n")["error"]["code"] == -32700);
    CHECK(f.ask(client, "[]\n")["error"]["code"] == -32600);
    CHECK(f.ask(client, "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"status\"}\n")["error"]["code"] ==
          -32600);
    CHECK(f.ask(client, writeCall(1, "format-everything", json::object()))["error"]["code"] == -32601);
    CHECK(f.ask(client, std::string(2000, '[') + "\n")["error"]["code"] == -32700);
}

TEST_CASE("control: a line without end closes that client only", "[control][hostile]") {
    ServerFixture f;
    const auto flooding = f.connect();
    const auto polite = f.connect();
    const std::string flood(70'000, 'x');
    REQUIRE(::send(flooding.get(), flood.data(), flood.size(), 0) > 0);
    CHECK(f.read(flooding).empty());
    CHECK(f.ask(polite, writeCall(1, "status", json::object())).contains("result"));
}

namespace {

/// The same over a clock that the test moves.
struct PatientFixture {
    test::FakeClock clock;
    test::FakeLoop loop{clock};
    test::TempDirectory directory;
    std::string path = directory.file("socket");
    EchoBackend backend;
    Tickets tickets;
    Login login{openPorts(loop.clock()), "", tickets};
    std::unique_ptr<ControlServer> server = ControlServer::open(loop, path, backend, login).value();

    UniqueFd connect() {
        UniqueFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        REQUIRE(::connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        loop.makeAllReadable();
        return client;
    }
    void say(const UniqueFd& client, const std::string& text) {
        REQUIRE(::send(client.get(), text.data(), text.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(text.size()));
        loop.makeAllReadable();
    }
    static bool ended(const UniqueFd& client) {
        std::array<char, 8192> buffer{};
        for (;;) {
            const auto got = ::recv(client.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            if (got == 0) return true;
            if (got < 0) return errno != EAGAIN;
        }
    }
};

}  // namespace

TEST_CASE("control: half a line that stays ends its client, an idle one may stay", "[control][hostile]") {
    PatientFixture f;
    const auto half = f.connect();
    const auto idle = f.connect();
    f.say(half, "{\"jsonrpc\"");
    f.loop.advance(9s);
    CHECK_FALSE(f.ended(half));
    f.loop.advance(6s);
    CHECK(f.ended(half));
    f.loop.advance(10min);
    CHECK_FALSE(f.ended(idle));
    f.say(idle, writeCall(1, "status", json::object()));
    CHECK_FALSE(f.ended(idle));
}

TEST_CASE("control: one client too many takes the place of the longest silent one that waits for nothing",
          "[control][hostile]") {
    PatientFixture f;
    std::vector<UniqueFd> clients;
    for (std::size_t i = 0; i < ControlServer::kMostClients; ++i) {
        clients.push_back(f.connect());
        f.loop.advance(1s);
    }
    f.say(clients[0], writeCall(1, "snapshot", {{"camera", "gate"}}));  // silent longest, but it waits
    clients.push_back(f.connect());
    CHECK_FALSE(f.ended(clients[0]));
    CHECK(f.ended(clients[1]));
    CHECK_FALSE(f.ended(clients[2]));
    f.say(clients.back(), writeCall(2, "status", json::object()));
    CHECK_FALSE(f.ended(clients.back()));
    for (std::size_t i = 2; i < clients.size(); ++i)
        f.say(clients[i], writeCall(3, "snapshot", {{"camera", "gate"}}));
    const auto refused = f.connect();
    CHECK(f.ended(refused));  // all wait for something
}

TEST_CASE("control: an answer for a client or server that is gone is dropped", "[control]") {
    ServerFixture f;
    auto client = f.connect();
    f.ask(client, writeCall(1, "snapshot", {{"camera", "gate"}}));
    REQUIRE(f.backend.waiting.size() == 1);
    client.reset();
    f.loop->turn(1ms);
    f.backend.waiting[0](std::string("{}"));
    f.server.reset();
    f.backend.waiting[0](std::string("{}"));
}

TEST_CASE("control: a second daemon on one socket is refused, a dead one's socket is replaced", "[control]") {
    ServerFixture f;
    CHECK(ControlServer::open(*f.loop, f.path, f.backend, f.login).error().kind ==
          ErrorKind::FailedPrecondition);
    f.server.reset();
    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, f.path.c_str(), sizeof address.sun_path - 1);
    REQUIRE(::bind(left, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    ::close(left);
    f.server = ControlServer::open(*f.loop, f.path, f.backend, f.login).value();
    CHECK(f.ask(f.connect(), writeCall(1, "status", json::object())).contains("result"));
}

TEST_CASE("control: once a PIN is set, a connection does nothing but diagnosis before it logs in",
          "[control][login]") {
    ServerFixture f;
    const auto client = f.connect();
    const json set = f.ask(client, writeCall(1, "login.set", {{"role", "technician"}, {"pin", "271828"}}));
    REQUIRE(set["result"]["role"] == "technician");
    CHECK(f.ask(client, writeCall(2, "config.show", json::object())).contains("result"));
    CHECK(f.ask(client, writeCall(3, "clip.release", {{"clip", "x"}}))["error"]["data"]["kind"] ==
          "permission-denied");

    const auto other = f.connect();
    CHECK(f.ask(other, writeCall(1, "config.show", json::object()))["error"]["data"]["kind"] ==
          "permission-denied");
    CHECK(f.ask(other, writeCall(2, "status", json::object())).contains("result"));
    CHECK(f.ask(other, writeCall(3, "login",
                                 {{"role", "technician"}, {"pin", "271829"}}))["error"]["data"]["kind"] ==
          "permission-denied");
    CHECK(f.ask(other, writeCall(4, "login.resume",
                                 {{"ticket", set["result"]["ticket"]}}))["result"]["role"] == "technician");
    CHECK(f.backend.callers == std::vector<std::string>{"console technician", "console"});
    CHECK(f.ask(other, writeCall(5, "config.show", json::object())).contains("result"));
    CHECK(f.ask(other, writeCall(6, "logout", {{"ticket", set["result"]["ticket"]}})).contains("result"));
    CHECK(f.ask(other, writeCall(7, "config.show", json::object())).contains("error"));
}

TEST_CASE("control: the methods of the reference page are what the table says", "[control][docs]") {
    for (const Command& command : commandTable()) {
        INFO(command.name);
        CHECK_FALSE(command.result.empty());
    }
    CHECK(markdownMethods().find("| `clip.plan` | owner | `camera`*, `from`*, `to`*, `quality` |") !=
          std::string::npos);
}
