#include "app/factory_desk.hpp"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace camgate::app {
namespace {

/// In this order: what opens something goes first, then what was seen here, then what was set.
constexpr std::array kForgotten{
    "identity", "identity.next", "identity.request", "identity.reverted", "secrets.key",
    "secrets",  "trust",         "outbox.db",        "outbox.db-wal",     "outbox.db-shm",
    "pauses",   "logins",        "config.a",         "config.b"};

}  // namespace

void FactoryDesk::reset(const std::string& who, const std::string& parameters, Answer answer) {
    const std::string meant = nlohmann::json::parse(parameters)["gateway"];
    if (meant != configuration_.gateway)
        return answer(fail(ErrorKind::InvalidArgument, "gateway: expected this gateway's id"));
    erasing_.reset(who, [this, answer = std::move(answer)](const Result<std::string>& erased) {
        if (!erased) return answer(std::unexpected(erased.error()));
        if (auto forgotten = forget(); !forgotten) return answer(std::unexpected(forgotten.error()));
        answer("{}");
        start_over_();
    });
}

Status FactoryDesk::forget() {
    for (const char* name : kForgotten) {
        const std::string path = data_folder_ + "/" + name;
        if (!files_.exists(path)) continue;
        if (auto removed = files_.remove(path); !removed) return removed;
    }
    return files_.syncDirectory(data_folder_);
}

}  // namespace camgate::app
