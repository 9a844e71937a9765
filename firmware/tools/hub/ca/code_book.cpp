#include "tools/hub/ca/code_book.hpp"

#include <array>

#include "base/wall_text.hpp"
#include "crypto/hash.hpp"
#include "crypto/random.hpp"
#include "outbox/sqlite.hpp"

namespace camgate::hub {
namespace {

/// Without I, L, O and U: 32 of them, 5 bits each.
constexpr std::string_view kLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kLength = 16;

constexpr const char* kTable = R"(
PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000;
CREATE TABLE IF NOT EXISTS code(gateway TEXT PRIMARY KEY, code TEXT NOT NULL, expires TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, used_for TEXT NOT NULL DEFAULT '');
)";

std::unexpected<Error> refused(const char* reason) {
    return fail(ErrorKind::PermissionDenied, reason);
}

}  // namespace

CodeBook::CodeBook(std::unique_ptr<outbox::Database> database) : database_(std::move(database)) {}
CodeBook::CodeBook(CodeBook&&) noexcept = default;
CodeBook& CodeBook::operator=(CodeBook&&) noexcept = default;
CodeBook::~CodeBook() = default;

Result<CodeBook> CodeBook::open(const std::string& authority_folder) {
    auto opened = outbox::Database::open(authority_folder + "/codes.db");
    if (!opened) return passOn(opened.error(), "opening the codes");
    auto database = std::make_unique<outbox::Database>(std::move(*opened));
    if (auto made = database->script(kTable); !made) return passOn(made.error(), "opening the codes");
    return CodeBook(std::move(database));
}

Result<std::string> CodeBook::make(const std::string& gateway, WallTime expires) {
    if (!uplink::isGatewayId(gateway))
        return fail(ErrorKind::InvalidArgument, "\"" + gateway + "\" is no gateway's id");
    std::array<std::uint8_t, kLength> random{};
    if (auto filled = crypto::fillRandom(random); !filled) return std::unexpected(filled.error());
    std::string code;
    for (const std::uint8_t byte : random) code += kLetters[byte % kLetters.size()];
    const auto kept = database_->run("INSERT OR REPLACE INTO code(gateway, code, expires) VALUES(?, ?, ?)",
                                     gateway, code, formatWallTime(expires));
    if (!kept) return std::unexpected(kept.error());
    return code;
}

Status CodeBook::spend(const uplink::EnrolmentRequest& request, WallTime now) {
    auto batch = outbox::Transaction::begin(*database_);
    if (!batch) return std::unexpected(batch.error());
    auto row = database_->query("SELECT code, expires, attempts, used_for FROM code WHERE gateway = ?",
                                request.gateway);
    if (!row) return std::unexpected(row.error());
    const auto there = row->step();
    if (!there) return std::unexpected(there.error());
    if (!*there) return refused("no-code");
    const auto expires = parseWallTime(row->text(1));
    const auto attempts = row->number(2);
    const std::string used_for = row->text(3);
    const std::string digest = toHex(crypto::sha256(asBytes(request.text)));
    if (!expires || now >= *expires) return refused("expired");
    if (attempts >= kMostAttempts) return refused("too-many-attempts");
    const bool right = knowsCode(request, row->text(0));
    if (right && !used_for.empty()) return used_for == digest ? Status() : refused("used");
    const auto noted =
        right ? database_->run("UPDATE code SET used_for = ? WHERE gateway = ?", digest, request.gateway)
              : database_->run("UPDATE code SET attempts = attempts + 1 WHERE gateway = ?", request.gateway);
    if (!noted) return noted;
    if (auto durable = batch->commit(); !durable) return durable;
    return right ? Status() : refused("wrong-code");
}

std::string readable(const std::string& code) {
    std::string text;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (i > 0 && i % 4 == 0) text += '-';
        text += code[i];
    }
    return text;
}

}  // namespace camgate::hub
