#include "control/login.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace camgate::control {
namespace {

using nlohmann::json;

constexpr std::size_t kMostPin = 64;
constexpr int kFreeAttempts = 3;
constexpr std::size_t kMostTickets = 16;
constexpr std::array kRoles{Role::Technician, Role::Owner};

bool fits(Access access, Role role) {
    if (access == Access::Technician) return role == Role::Technician;
    if (access == Access::Owner) return role == Role::Owner;
    return true;
}

std::string whoMay(Access access) {
    if (access == Access::Technician) return "the technician";
    if (access == Access::Owner) return "the owner";
    return "technician and owner";
}

std::optional<Role> roleOf(const json& parameters) {
    const std::string name = parameters.value("role", "");
    for (const Role role : kRoles) {
        if (toString(role) == name) return role;
    }
    return std::nullopt;
}

Status checkPin(const std::string& pin) {
    if (pin.size() < Login::kLeastPin || pin.size() > kMostPin)
        return fail(ErrorKind::InvalidArgument, "pin: expected 6 to 64 letters or digits");
    const bool one = std::ranges::all_of(pin, [&](char c) { return c == pin[0]; });
    const bool row = std::string_view("01234567890").find(pin) != std::string_view::npos ||
                     std::string_view("09876543210").find(pin) != std::string_view::npos;
    if (one || row) return fail(ErrorKind::InvalidArgument, "pin: that one is guessed first, take another");
    return {};
}

/// Without telling by its time how much of it fits.
bool sameText(const std::string& a, const std::string& b) {
    if (a.size() != b.size()) return false;
    unsigned different = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        different |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
    return different == 0;
}

std::string secondsText(Duration duration) {
    return std::to_string(std::chrono::ceil<std::chrono::seconds>(duration).count()) + " s";
}

std::string aboutPin(Role role) {
    return json{{"role", toString(role)}}.dump();
}

}  // namespace

std::string actorOf(std::optional<Role> role) {
    return role ? "console " + std::string(toString(*role)) : "console";
}

Login::Login(LoginPorts ports, const std::string& book, Tickets& tickets)
    : ports_(std::move(ports)), tickets_(tickets.open) {
    if (book.empty()) return;
    const json read = json::parse(book, nullptr, false);
    damaged_ = !read.is_object();
    if (damaged_) return;
    for (const Role role : kRoles) {
        const auto row = read.find(std::string(toString(role)));
        if (row == read.end()) continue;
        const bool sound = row->is_object() && row->value("salt", json()).is_string() &&
                           row->value("hash", json()).is_string() &&
                           row->value("failures", json()).is_number_unsigned();
        damaged_ |= !sound;
        if (!sound) continue;
        Pin& pin = pinOf(role);
        pin = {(*row)["salt"], (*row)["hash"], std::min((*row)["failures"].get<int>(), 1000), {}};
        delay(pin);  // a restart is no way around it
    }
}

bool Login::anyPin() const {
    return damaged_ || std::ranges::any_of(pins_, [](const Pin& pin) { return !pin.hash.empty(); });
}

Status Login::mayCall(const Visitor& visitor, const Command& command, const std::string& parameters) {
    if (command.access == Access::Anyone) return {};
    if (!anyPin()) {
        // Before the first PIN: only who could read the daemon's files anyway.
        if (visitor.uid == ports_.own_uid || visitor.uid == 0) return {};
        return fail(ErrorKind::PermissionDenied, "no PIN is set yet: login set technician");
    }
    if (!visitor.role)
        return fail(ErrorKind::PermissionDenied, whoMay(command.access) + " may do that: login first");
    if (!fits(command.access, *visitor.role))
        return fail(ErrorKind::PermissionDenied, "only " + whoMay(command.access) + " may do that");
    if (command.name != "snapshot" || *visitor.role == Role::Owner) return {};
    if (!mayLook()) return fail(ErrorKind::PermissionDenied, "too many pictures in a minute");
    ports_.audit("snapshot", "done", visitor.role, parameters);
    return {};
}

Result<std::string> Login::call(Visitor& visitor, std::string_view command, const std::string& parameters) {
    const json asked = json::parse(parameters, nullptr, false);
    if (command == "login.state") return state(visitor);
    if (command == "login.resume") return resume(visitor, asked.value("ticket", ""));
    if (command == "logout") {
        visitor.role.reset();
        tickets_.erase(asked.value("ticket", ""));
        return "{}";
    }
    const auto role = roleOf(asked);
    if (!role) return fail(ErrorKind::InvalidArgument, "role: expected technician or owner");
    if (command == "login.set") return setPin(visitor, *role, asked.value("pin", ""));
    return login(visitor, *role, asked.value("pin", ""));
}

/// None for three failures, then 2 s, 4 s, 8 s, ...
void Login::delay(Pin& pin) const {
    const int over = std::clamp(pin.failures - kFreeAttempts, 0, 12);
    const Duration wait = over == 0 ? Duration::zero() : Duration(std::chrono::seconds(1 << over));
    pin.again = ports_.clock.bootNow() + std::min(wait, kLongestDelay);
}

Result<std::string> Login::login(Visitor& visitor, Role role, const std::string& typed) {
    Pin& pin = pinOf(role);
    if (damaged_)
        return fail(ErrorKind::PermissionDenied,
                    "the book of PINs is damaged: factory reset by the fleet operator");
    if (pin.hash.empty())
        return fail(ErrorKind::FailedPrecondition, "no PIN is set for " + std::string(toString(role)));
    const Duration wait = pin.again - ports_.clock.bootNow();
    if (wait > Duration::zero())
        return fail(ErrorKind::PermissionDenied, "too many wrong PINs: wait " + secondsText(wait));
    const bool right = sameText(ports_.hash(typed, pin.salt), pin.hash);
    const int failures_before = pin.failures;
    pin.failures = right ? 0 : std::min(pin.failures + 1, 1000);
    delay(pin);
    if (pin.failures != failures_before) keep();
    ports_.audit("login", right ? "done" : "refused", right ? role : visitor.role, aboutPin(role));
    if (!right) return fail(ErrorKind::PermissionDenied, "wrong PIN");
    return giveTicket(visitor, role);
}

Result<std::string> Login::giveTicket(Visitor& visitor, Role role) {
    const auto ticket = ports_.random();
    if (!ticket) return std::unexpected(ticket.error());
    const BootTime now = ports_.clock.bootNow();
    std::erase_if(tickets_, [now](const auto& each) { return each.second.until < now; });
    if (tickets_.size() >= kMostTickets) {
        tickets_.erase(
            std::ranges::min_element(tickets_, {}, [](const auto& each) { return each.second.until; }));
    }
    tickets_[*ticket] = {role, now + kTicketLife};
    visitor.role = role;
    return json{{"role", toString(role)}, {"ticket", *ticket}}.dump();
}

Result<std::string> Login::resume(Visitor& visitor, const std::string& ticket) {
    const auto found = tickets_.find(ticket);
    const BootTime now = ports_.clock.bootNow();
    if (found == tickets_.end() || found->second.until < now)
        return fail(ErrorKind::PermissionDenied, "the login has run out");
    found->second.until = now + kTicketLife;
    visitor.role = found->second.role;
    return json{{"role", toString(found->second.role)}}.dump();
}

Result<std::string> Login::setPin(Visitor& visitor, Role role, const std::string& typed) {
    const bool first = !anyPin() && role == Role::Technician;
    const bool own = visitor.role == role;
    // The technician hands the box over: the owner types his first PIN then.
    const bool handing_over = visitor.role == Role::Technician && pinOf(role).hash.empty();
    if (damaged_ || !(first || own || handing_over))
        return fail(ErrorKind::PermissionDenied,
                    "log in as " + std::string(toString(role)) + " to change that PIN");
    if (auto good = checkPin(typed); !good) return std::unexpected(good.error());
    auto salt = ports_.random();
    if (!salt) return std::unexpected(salt.error());
    pinOf(role) = {*salt, ports_.hash(typed, *salt), 0, ports_.clock.bootNow()};
    std::erase_if(tickets_, [role](const auto& each) { return each.second.role == role; });
    keep();
    ports_.audit("login.set", "done", visitor.role, aboutPin(role));
    if (!first && !own) return "{}";
    return giveTicket(visitor, role);
}

Result<std::string> Login::state(const Visitor& visitor) const {
    json out = {{"pins", json::object()}};
    const BootTime now = ports_.clock.bootNow();
    for (const Role role : kRoles) {
        const Pin& pin = pins_.at(static_cast<std::size_t>(role));
        json row = {{"set", !pin.hash.empty()}};
        if (pin.again > now) row["wait_s"] = std::chrono::ceil<std::chrono::seconds>(pin.again - now).count();
        out["pins"][std::string(toString(role))] = row;
    }
    if (visitor.role) out["role"] = toString(*visitor.role);
    return out.dump();
}

bool Login::mayLook() {
    const BootTime now = ports_.clock.bootNow();
    if (now - stills_since_ >= std::chrono::minutes(1)) {
        stills_since_ = now;
        stills_ = 0;
    }
    return ++stills_ <= kStillsAMinute;
}

void Login::keep() {
    json book = json::object();
    for (const Role role : kRoles) {
        const Pin& pin = pinOf(role);
        if (!pin.hash.empty())
            book[std::string(toString(role))] = {
                {"salt", pin.salt}, {"hash", pin.hash}, {"failures", pin.failures}};
    }
    ports_.save(book.dump());
}

}  // namespace camgate::control
