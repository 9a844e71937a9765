// A hub process's durable state: one SQLite file in its folder, used by it alone. What a batch of messages
// brought becomes durable together; nothing may be receipted before commit(). Others may read it meanwhile.
// One thread. Implements docs/ref/hub.md (The folder).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace camgate::outbox {
class Database;
class Transaction;
}  // namespace camgate::outbox

namespace camgate::hub {

enum class RowKind { Event, Audit, Reply };

struct Row {
    std::string gateway;
    std::string id;
    std::string subject;   ///< an event's id, an audit entry's action, a reply's correlation
    std::string at;        ///< RFC 3339: when it happened; of a reply when it came
    std::string document;  ///< the message, with `gateway` and `received`
};

struct StoredCheckpoint {
    std::string digest;  ///< hex
    std::string gateway, camera, stream, ring;
    std::string chain = {};
    std::string received = {};  ///< RFC 3339
    std::string document = {};
};

struct GatewayState {
    std::string session;  ///< of the newest birth
    bool online = false;
};

struct StoredClip {
    std::string clip, gateway, received, verdict;
    bool verified = false;
};

class HubDatabase {
  public:
    /// Creates it. FailedPrecondition: another process has it, or a newer version made it.
    [[nodiscard]] static Result<std::unique_ptr<HubDatabase>> open(const std::string& path);
    ~HubDatabase();

    [[nodiscard]] Result<bool> has(RowKind kind, const std::string& gateway, const std::string& id);
    /// False: it was there.
    [[nodiscard]] Result<bool> add(RowKind kind, const Row& row);
    /// In the order in which they came.
    [[nodiscard]] Result<std::vector<std::string>> documents(RowKind kind);

    [[nodiscard]] Result<std::optional<StoredCheckpoint>> checkpoint(const std::string& digest);
    /// Of that stream and ring; its digest. Nothing: none.
    [[nodiscard]] Result<std::optional<std::string>> newestCheckpoint(const StoredCheckpoint& of);
    [[nodiscard]] Status add(const StoredCheckpoint& checkpoint);
    /// Their documents, in the order in which they came.
    [[nodiscard]] Result<std::vector<std::string>> checkpoints();

    [[nodiscard]] Result<GatewayState> gateway(const std::string& id);
    [[nodiscard]] Status keepStatus(const std::string& id, const GatewayState& state,
                                    const std::string& document);
    [[nodiscard]] Status keepTelemetry(const std::string& id, const std::string& document);
    /// The newest; empty: none.
    [[nodiscard]] Result<std::string> telemetry(const std::string& id);

    /// Whose it is; nothing: no such clip is complete.
    [[nodiscard]] Result<std::optional<std::string>> clipGateway(const std::string& clip);
    [[nodiscard]] Status add(const StoredClip& clip);
    [[nodiscard]] Result<std::vector<StoredClip>> clips();

    /// The answer to an enrolment request, by the request's SHA-256; empty: none.
    [[nodiscard]] Result<std::string> bundle(const std::string& request);
    [[nodiscard]] Result<std::int64_t> bundlesSince(const std::string& gateway, const std::string& when);
    [[nodiscard]] Status addBundle(const std::string& request, const std::string& gateway,
                                   const std::string& when, const std::string& text);

    /// What was added since the last one is durable when it returns; after an error it is gone.
    [[nodiscard]] Status commit();

  private:
    explicit HubDatabase(std::unique_ptr<outbox::Database> database);
    [[nodiscard]] Status prepare();
    [[nodiscard]] Status begin();

    std::unique_ptr<outbox::Database> database_;
    std::unique_ptr<outbox::Transaction> batch_;
};

}  // namespace camgate::hub
