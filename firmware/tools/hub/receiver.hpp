// What a hub does with each message of a gateway, and what it answers. Rows are receipted together, after
// what they said is durable. Knows no MQTT: messages come in, messages go out. One thread. Implements the
// hub's side of docs/ref/mqtt.md.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/hub/ca/renewals.hpp"
#include "tools/hub/checkpoint_store.hpp"
#include "tools/hub/clip_store.hpp"
#include "tools/hub/event_store.hpp"
#include "tools/hub/gateway_book.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {

struct ReceiverSettings {
    std::string directory;
    std::string name;              ///< of this hub process
    std::string authority_folder;  ///< empty: gateways' certificates are not renewed here
};

/// What the hub judges evidence by, and signs with.
struct ReceiverKeys {
    crypto::Certificate evidence_authority;         ///< of the gateways' evidence certificates
    std::optional<crypto::Identity> countersigner;  ///< none: checkpoints are kept, not countersigned
    Opener opener = {};                             ///< of what is sealed to this hub
};

class Receiver {
  public:
    using Send = std::function<void(const std::string& topic, const std::string& payload)>;
    using Tell = std::function<void(const std::string& line)>;  ///< for people

    /// `database` outlives it.
    [[nodiscard]] static Result<std::unique_ptr<Receiver>> open(FileSystem& files, const Clock& clock,
                                                                const ReceiverSettings& settings,
                                                                HubDatabase& database, ReceiverKeys keys,
                                                                Send send, Tell tell);

    void take(Source source, const std::string& topic, ByteView payload);
    /// After each batch of messages: makes it durable, then sends the receipts.
    void commit();
    /// More comes than this process takes: for the next ten seconds its receipts ask gateways for a delay,
    /// each for one of its own.
    void slowDown() { slow_until_ = clock_.bootNow() + std::chrono::seconds(10); }
    /// Twice a second or so.
    void tick() {
        clips_->tick();
        if (renewals_) renewals_->tick();
    }

    /// Messages that no gateway should have sent.
    std::uint64_t refused() const { return refused_ + clips_->refusedChunks(); }

  private:
    Receiver(const Clock& clock, HubDatabase& database, std::unique_ptr<const Opener> opener, Send send,
             Tell tell, EventStore events, std::optional<crypto::Identity> countersigner)
        : clock_(clock),
          database_(database),
          opener_(std::move(opener)),
          send_(std::move(send)),
          tell_(std::move(tell)),
          events_(std::move(events)),
          checkpoints_(database, std::move(countersigner)),
          book_(database) {}

    void takeDocument(Source source, const UpAddress& address, const nlohmann::json& message);
    void takeEnrolment(const std::string& gateway, ByteView message);
    void takeRenewal(const std::string& gateway, const nlohmann::json& message);
    void takeManifest(Source source, const UpAddress& address, const nlohmann::json& message);
    /// A row of this gateway that needs no further look, once it was taken or refused for good.
    void settle(const UpAddress& address, const nlohmann::json& message, const Status& taken);
    void takeStatus(const std::string& gateway, const nlohmann::json& message);
    [[nodiscard]] Status takeEvent(const UpAddress& address, const nlohmann::json& message);
    [[nodiscard]] Status takeCheckpoint(const UpAddress& address, const nlohmann::json& message);
    [[nodiscard]] Status takeRow(RowKind kind, const std::string& gateway, nlohmann::json message);
    void tellClip(const nlohmann::json& verdict);
    void refuse(const std::string& topic, const Error& why);

    const Clock& clock_;
    HubDatabase& database_;
    std::unique_ptr<const Opener> opener_;  // the stores borrow it
    Send send_;
    Tell tell_;
    EventStore events_;
    CheckpointStore checkpoints_;
    GatewayBook book_;
    std::optional<Renewals> renewals_;
    std::unique_ptr<crypto::Certificate> authority_;
    std::unique_ptr<ClipStore> clips_;
    struct Receipts {
        std::vector<std::string> ids;
        std::vector<std::string> countersignatures;  ///< of some of these rows
    };
    void sendReceipts(const std::string& gateway, const Receipts& receipts);

    std::map<std::string, Receipts> receipts_;  ///< by gateway
    BootTime slow_until_{};
    std::uint64_t refused_ = 0;
};

}  // namespace camgate::hub
