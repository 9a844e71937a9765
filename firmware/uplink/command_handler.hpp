// Commands of the hub: opened, done, answered, recorded. A repeated correlation is answered from the cache of
// replies. What is done leaves an audit row, and nothing of the footage is sent before that row, the reply
// and the clip's plan are durable together. Who cannot prove a signature is counted and answered with the
// reason, at a bounded rate. While the time is not known, a command is taken if the hub signed a word that
// this gateway gave it. Loop thread only; envelopes are opened on the state thread. Implements
// docs/ref/mqtt.md (command).
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/event_loop.hpp"
#include "base/lifeline.hpp"
#include "clip/clip.hpp"
#include "outbox/async_outbox.hpp"
#include "uplink/challenges.hpp"
#include "uplink/clip_queue.hpp"
#include "uplink/command_gate.hpp"
#include "uplink/hub_messages.hpp"
#include "uplink/live_view.hpp"
#include "uplink/messages.hpp"
#include "uplink/outbox_sender.hpp"
#include "uplink/picture_text.hpp"
#include "uplink/providers.hpp"
#include "uplink/rate_limit.hpp"
#include "uplink/refusal_counts.hpp"
#include "uplink/secret_owner.hpp"

namespace camgate::uplink {

struct CommandPorts {
    EventLoop& loop;
    OutboxSender& sender;
    outbox::AsyncOutbox& store;
    ClipQueue& clips;
    LiveView& live;
    clip::ClipSource& source;
    Cameras& cameras;
    RefusalCounts& refused;
    /// Shared with the job that is opening an envelope on the state thread. Null: no signers are configured.
    std::shared_ptr<const CommandGate> gate;
    std::function<std::string()> status_json;
    const PictureText& pictures;
    std::function<void()> say_birth;
    Machine* machine = nullptr;          ///< null: it cannot be restarted from here
    SecretOwner* secrets = nullptr;      ///< null: the hub sets none
    FirmwareUpdates* updates = nullptr;  ///< null: none is taken
};

class CommandHandler {
  public:
    static constexpr std::size_t kMostPending = 8;
    static constexpr Duration kDeadline = std::chrono::seconds(30);

    explicit CommandHandler(CommandPorts ports);

    void onCommand(const std::string& name, const HubMessage& message);

  private:
    struct Opened;
    struct Command {
        std::string name;
        Bytes correlation;
        std::string actor;
        std::string actor_name;
        Bytes payload;
        std::string detail_json = "{}";
        bool committing = false;
        LoopHandle deadline;
    };
    struct Row {
        std::string_view name;
        void (CommandHandler::*run)(std::uint64_t serial);
    };
    static const std::array<Row, 9> kCommands;

    void open(std::uint64_t serial, const Bytes& envelope);
    void onOpened(std::uint64_t serial, const Result<Opened>& opened);
    void onRefusedEnvelope(std::uint64_t serial, const evidence::EnvelopeFault& fault);
    void carryOut(std::uint64_t serial);
    void orderClip(std::uint64_t serial);
    void onClipPlanned(std::uint64_t serial, const ClipOrder& order,
                       const Result<clip::PlannedClip>& planned);
    void orderLive(std::uint64_t serial);
    void orderSnapshot(std::uint64_t serial);
    void orderStatus(std::uint64_t serial);
    void orderCancel(std::uint64_t serial);
    void orderEvents(std::uint64_t serial);
    void orderRebirth(std::uint64_t serial);
    void orderReboot(std::uint64_t serial);
    void orderSecret(std::uint64_t serial);
    void orderUpdate(std::uint64_t serial);

    /// Nothing if it has been answered meanwhile.
    Command* pending(std::uint64_t serial);
    void succeed(std::uint64_t serial, const std::string& result_json, outbox::Changes changes = {},
                 std::function<void(bool durable)> after = {});
    void refuse(std::uint64_t serial, const Refusal& why);
    void finish(std::uint64_t serial, const std::string& reply_json, const std::string& outcome,
                bool keep_reply, outbox::Changes changes, std::function<void(bool durable)> after);
    /// A reply that is not kept: repeats, and answers to strangers.
    void answerOnce(const std::string& reply_json, ByteView correlation);
    bool inProgress(ByteView correlation) const;
    BootTime bootNow() const { return ports_.loop.clock().bootNow(); }
    WallTime wallNow() const { return ports_.loop.clock().wallNow().time; }

    CommandPorts ports_;
    std::map<std::uint64_t, Command> pending_;
    std::uint64_t next_serial_ = 1;
    RateLimit answers_{20, std::chrono::milliseconds(100)};
    RateLimit refusal_audits_{20, std::chrono::seconds(10)};
    Challenges challenges_;
    LoopHandle restart_;
    Lifeline lifeline_;
};

}  // namespace camgate::uplink
