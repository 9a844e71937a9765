// Who may call what over the control socket: PINs of technician and owner, attempts with growing delay,
// tickets that a console keeps between its connections. PINs are kept as slow salted hashes. Loop thread
// only. Implements docs/ref/cli.md (Login).
#pragma once

#include <sys/types.h>

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "control/command_table.hpp"

namespace camgate::control {

/// Whoever is at the other end of a connection.
struct Visitor {
    uid_t uid = 0;
    std::optional<Role> role;  ///< logged in as
};

/// As audit entries have it: "console owner", "console technician"; "console" while nobody is logged in.
std::string actorOf(std::optional<Role> role);

struct LoginPorts {
    const Clock& clock;
    uid_t own_uid = 0;  ///< the daemon's
    /// Slow, of a PIN and 16 bytes of salt in hex.
    std::function<std::string(const std::string& pin, const std::string& salt_hex)> hash;
    /// 16 bytes in hex.
    std::function<Result<std::string>()> random;
    /// Keeps the book, as JSON text, for the next start.
    std::function<void(std::string book)> save;
    /// "login", "login.set", "snapshot"; outcome "done", "refused"; who did it, as far as it is proven; whose
    /// PIN or which camera it was about, as a JSON object.
    std::function<void(std::string_view action, std::string_view outcome, std::optional<Role> who,
                       const std::string& detail_json)>
        audit;
};

/// The logins that are open. Outlives a Login: a daemon whose parts start anew throws nobody out.
struct Tickets {
    struct Ticket {
        Role role;
        BootTime until;
    };
    std::map<std::string, Ticket> open;
};

class Login {
  public:
    static constexpr std::size_t kLeastPin = 6;
    static constexpr Duration kLongestDelay = std::chrono::minutes(15);
    static constexpr Duration kTicketLife = std::chrono::minutes(30);
    static constexpr int kStillsAMinute = 20;

    /// `book`: what save() got last, empty at the first start. One that cannot be read locks everybody out
    /// but for diagnosis: who damages it gains nothing.
    Login(LoginPorts ports, const std::string& book, Tickets& tickets);

    /// PermissionDenied says who may.
    [[nodiscard]] Status mayCall(const Visitor& visitor, const Command& command,
                                 const std::string& parameters);
    /// Rows "login*" and "logout"; the result as JSON text.
    [[nodiscard]] Result<std::string> call(Visitor& visitor, std::string_view command,
                                           const std::string& parameters);

    bool anyPin() const;

  private:
    struct Pin {
        std::string salt, hash;  ///< hex; empty: none is set
        int failures = 0;        ///< since the last success
        BootTime again;          ///< no attempt before
    };

    Pin& pinOf(Role role) { return pins_.at(static_cast<std::size_t>(role)); }
    Result<std::string> login(Visitor& visitor, Role role, const std::string& pin);
    Result<std::string> resume(Visitor& visitor, const std::string& ticket);
    Result<std::string> setPin(Visitor& visitor, Role role, const std::string& pin);
    Result<std::string> state(const Visitor& visitor) const;
    Result<std::string> giveTicket(Visitor& visitor, Role role);
    void delay(Pin& pin) const;
    bool mayLook();
    void keep();

    LoginPorts ports_;
    std::array<Pin, 2> pins_;
    bool damaged_ = false;
    std::map<std::string, Tickets::Ticket>& tickets_;
    BootTime stills_since_;
    int stills_ = 0;
};

}  // namespace camgate::control
