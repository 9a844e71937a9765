#include "app/login_desk.hpp"

#include <unistd.h>

#include "base/log.hpp"
#include "crypto/password_hash.hpp"
#include "crypto/random.hpp"

namespace camgate::app {
namespace {

constexpr std::size_t kPinSalt_bytes = 16;
constexpr std::size_t kMostLoginBook_bytes = 4096;

std::string fileOf(const std::string& data_folder) {
    return data_folder + "/logins";
}

std::string slowHash(const std::string& pin, const std::string& salt_hex) {
    const auto salt = fromHex(salt_hex);
    // A salt that was tampered with fits no PIN.
    if (!salt) return "";
    return toHex(crypto::passwordHash(pin, *salt));
}

}  // namespace

control::LoginPorts loginPorts(const Clock& clock, FileSystem& files, const std::string& data_folder,
                               std::function<bool(std::function<void()>)> later, ClipDesk::Audit audit) {
    control::LoginPorts ports{clock, ::getuid(), slowHash, [] { return crypto::randomHex(kPinSalt_bytes); },
                              {},    {}};
    ports.save = [&files, path = fileOf(data_folder), later = std::move(later)](std::string book) {
        const bool taken = later([&files, path, book = std::move(book)] {
            if (auto kept = replaceFile(files, path, book); !kept)
                logEvent(LogLevel::Error, "app", "login-not-kept", {{"why", kept.error()}});
        });
        if (!taken) logEvent(LogLevel::Error, "app", "login-not-kept", {{"why", "the card is busy"}});
    };
    ports.audit = [&clock, audit = std::move(audit)](std::string_view action, std::string_view outcome,
                                                     std::optional<control::Role> who,
                                                     const std::string& detail_json) {
        const std::string actor = control::actorOf(who);
        logEvent(outcome == "done" ? LogLevel::Info : LogLevel::Warning, "app", "console-login",
                 {{"action", action}, {"who", actor}, {"outcome", outcome}});
        audit({clock.wallNow().time, actor, std::string(action), std::string(outcome), detail_json},
              [](const Status&) {});
    };
    return ports;
}

std::string loginBook(FileSystem& files, const std::string& data_folder) {
    const auto book = readTextFile(files, fileOf(data_folder), kMostLoginBook_bytes);
    if (book) return *book;
    // Whoever can make it unreadable must not get in by that.
    return book.error().kind == ErrorKind::NotFound ? "" : "unreadable";
}

}  // namespace camgate::app
