// Everything that is said to the hub and heard from it, behind one face for app/: presence, events, clips,
// commands, telemetry, over two connections that app/ provides. Loop thread only. What it borrows must
// outlive it; the state thread behind the outbox must end, or drop its jobs, first. Implements
// docs/ref/mqtt.md and docs/design/uplink.md.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/event_loop.hpp"
#include "clip/clip.hpp"
#include "config/configuration.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/audit_link.hpp"
#include "uplink/bundle_pull.hpp"
#include "uplink/channel.hpp"
#include "uplink/clip_queue.hpp"
#include "uplink/command_handler.hpp"
#include "uplink/config_sync.hpp"
#include "uplink/event_report.hpp"
#include "uplink/hub_transport.hpp"
#include "uplink/live_view.hpp"
#include "uplink/outbox_sender.hpp"
#include "uplink/picture_text.hpp"
#include "uplink/presence.hpp"
#include "uplink/providers.hpp"
#include "uplink/renewal.hpp"
#include "uplink/telemetry.hpp"
#include "uplink/trust_sync.hpp"

namespace camgate::uplink {

struct UplinkSettings {
    std::string gateway;
    std::string firmware;  ///< version
    LineCap cap{512};
    config::ClipPolicy clips = config::ClipPolicy::Alarms;  ///< which events' previews are sent unasked
    std::optional<evidence::DeliveryKey> seal_to = {};      ///< none: clips and pictures go in clear
};

struct UplinkParts {
    EventLoop& loop;
    HubTransport& control;
    HubTransport& bulk;
    outbox::AsyncOutbox& outbox;
    clip::ClipSource& clips;
    Cameras& cameras;
    StatusProvider& status;
    TelemetryProvider& telemetry;
    std::shared_ptr<CommandGate> gate;  ///< null: every command is refused
    /// Told what the hub countersigned, before the receipt that brought it counts.
    std::function<void(const std::vector<std::string>&)> countersigned = {};
    ConfigurationOwner* configuration = nullptr;  ///< null: no wish of the hub's is taken
    Machine* machine = nullptr;                   ///< null: it cannot be restarted from here
    FirmwareUpdates* updates = nullptr;           ///< null: no update is taken
    std::shared_ptr<TrustKeeper> trust = {};      ///< null: no trust document is taken
    /// Another trust document is in force, for envelopes already.
    std::function<void(const Trust&)> trusted = {};
    std::shared_ptr<IdentityStore> identity = {};  ///< null: certificates are not renewed
    RenewalSettings renewal = {};
    /// The hub is reached.
    std::function<void()> connected = {};
    SecretOwner* secrets = nullptr;  ///< null: the hub sets none
};

struct SignedCheckpoint {
    std::string json;  ///< the signed document
    outbox::LedgerEntry entry;
};

class Uplink final : private ChannelListener {
  public:
    Uplink(UplinkSettings settings, UplinkParts parts);
    ~Uplink() override;

    /// Connects control, takes up what an earlier run left open.
    void start();
    /// Says that the gateway goes offline in good order. The app closes the transports when it has been sent.
    void sayOffline();

    /// The will of the control connection that is about to be made, with a new session: ask at each start of
    /// its worker. Retained, on statusTopic().
    std::string willPayload() { return presence_.beginSession(); }
    std::string statusTopic() const;
    std::vector<std::string> subscriptions() const;

    /// Sent while it becomes durable. An update without a still is said once if the hub is there, and not
    /// kept.
    void reportEvent(const EventReport& report);
    /// `kept` is called when the entry is durable; it is sent after that.
    void audit(const AuditRecord& entry, std::function<void(Status)> kept);
    /// Tried again until it is durable.
    void audit(const AuditRecord& entry);
    /// Rows and ledger entries become durable together, then the rows are sent.
    void commitCheckpoints(std::vector<SignedCheckpoint> checkpoints, OutboxSender::Committed committed);
    /// A camera's or the storage's state is another now.
    void statusChanged() { presence_.changed(); }
    /// What is reported of the configuration is another now.
    void configurationChanged() { config_.changed(); }
    /// Another bundle is to come over MQTT, or the same from another place on.
    void bundleWanted() { bundle_.begin(); }
    /// What can be another without a new connection: cap and policy of clips.
    void follow(const UplinkSettings& settings);

    /// No picture larger than this fits a second of the line.
    std::size_t longestStill_bytes() const;

    /// All that is sent is charged to it.
    LineBudget& line() { return line_; }
    /// The cap of this hour.
    std::uint64_t lineBytesPerSecond() const { return line_.bytesPerSecond(); }
    UplinkFigures figures() const;
    /// As published now, for the console.
    std::string statusJson() const { return statusDocument(presence_.session()); }

  private:
    void onChannelUp() override;
    void onChannelDown() override;
    void onChannelMessage(const HubMessage& message) override;
    void onChannelRoom() override { sender_.pump(); }
    void onRowReceipt(ByteView payload);
    void onTrusted(const Trust& trust);
    void onLiveEnded(const LiveEnd& ended);
    std::string statusDocument(const std::string& session) const;
    std::string stillJson(const EventReport& report) const;
    void followCap();
    void sayBirth();
    outbox::Row eventRow(const EventReport& report) const;
    bool wantsClip(const EventReport& report) const;

    UplinkSettings settings_;
    UplinkParts parts_;
    PictureText pictures_;
    RefusalCounts refused_;
    LineBudget line_;
    Channel control_;
    Channel bulk_;
    BulkKeeper bulk_keeper_;
    OutboxSender sender_;
    Presence presence_;
    ClipQueue clips_;
    LiveView live_;
    CommandHandler commands_;
    ConfigSync config_;
    TrustSync trust_;
    Renewal renewal_;
    BundlePull bundle_;
    Telemetry telemetry_;
    LoopHandle cap_check_;
};

}  // namespace camgate::uplink
