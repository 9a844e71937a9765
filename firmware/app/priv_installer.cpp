#include "app/priv_installer.hpp"

#include <utility>

#include "app/brief_worker.hpp"
#include "ipc/priv_messages.hpp"

namespace camgate::app {
namespace {

using ipc::PrivMessage;

/// RAUC's own start counts in.
constexpr Duration kPrivPatience = std::chrono::minutes(2);
constexpr Duration kInstallPatience = std::chrono::hours(1);

update::Slot slotOf(std::uint8_t number) {
    return number == 0 ? update::Slot::A : update::Slot::B;
}

update::Slots slotsOf(const ipc::SlotsReport& report, const std::string& own_version) {
    update::Slots out;
    out.running = slotOf(report.running);
    out.first = slotOf(report.first);
    out.tries_left = {report.tries_left[0], report.tries_left[1]};
    out.versions = report.versions;
    out.versions.at(report.running) = own_version;
    out.compatible = report.compatible;
    out.installing = report.installing;
    return out;
}

}  // namespace

struct PrivInstaller::Question {
    PrivMessage verb;
    Bytes payload;
    PrivMessage answer_type;  ///< that ends it; Failed does too
    std::function<Status(ByteView)> on_answer;
    std::function<void(const Error&)> on_failure;
    std::function<void(int)> on_progress = {};
    Duration patience = kPrivPatience;

    /// One whose answer is that it is done.
    static Question deed(PrivMessage verb, Bytes payload, Done done) {
        return {verb, std::move(payload), PrivMessage::Done,
                [done](ByteView) -> Status {
                    done({});
                    return {};
                },
                [done](const Error& why) { done(std::unexpected(why)); }};
    }
};

class PrivInstaller::Errand {
  public:
    Errand(EventLoop& loop, ipc::Launcher& launcher, Question question, std::function<void()> over)
        : question_(std::move(question)),
          over_(std::move(over)),
          worker_(loop, launcher,
                  {[this](std::uint16_t type, ByteView payload) { return onMessage(type, payload); },
                   [this](const Error& why) { onEnd(why); }}) {}

    void start() {
        const auto started = worker_.start(ipc::WorkerRole::Priv, {ipc::longestFromPriv}, question_.patience);
        if (!started) return onEnd(started.error());
        worker_.say(question_.verb, question_.payload);
    }

  private:
    Status onMessage(std::uint16_t type, ByteView payload) {
        const auto kind = static_cast<PrivMessage>(type);
        if (kind == PrivMessage::Hello) return {};
        if (kind == PrivMessage::Failed) {
            worker_.end();
            over_();
            question_.on_failure(ipc::decodePrivFailure(payload));
            return {};
        }
        if (kind == PrivMessage::Progress && question_.on_progress) {
            const auto percent = ipc::decodePrivProgress(payload);
            if (!percent) return std::unexpected(percent.error());
            question_.on_progress(*percent);
            return {};
        }
        if (kind != question_.answer_type)
            return fail(ErrorKind::Corruption, "unexpected message type " + std::to_string(type));
        worker_.end();
        over_();
        if (auto taken = question_.on_answer(payload); !taken) question_.on_failure(taken.error());
        return {};
    }
    /// Whoever dies or does not come up has not refused anything.
    void onEnd(const Error& why) {
        over_();
        question_.on_failure({ErrorKind::Unavailable, 0, "camgate-priv: " + why.describe()});
    }

    Question question_;
    std::function<void()> over_;
    BriefWorker worker_;
};

PrivInstaller::PrivInstaller(EventLoop& loop, ipc::Launcher& launcher, std::string own_version)
    : loop_(loop), launcher_(launcher), own_version_(std::move(own_version)) {}

PrivInstaller::~PrivInstaller() {
    *alive_ = false;
}

void PrivInstaller::ask(Question question) {
    const std::uint64_t id = next_++;
    const auto over = [this, id] {
        // Not destroyed inside its own callback.
        loop_.post([this, id, alive = alive_] {
            if (*alive) errands_.erase(id);
        });
    };
    errands_.emplace(id, std::make_unique<Errand>(loop_, launcher_, std::move(question), over))
        .first->second->start();
}

void PrivInstaller::slots(std::function<void(Result<update::Slots>)> answer) {
    ask({PrivMessage::Slots,
         {},
         PrivMessage::SlotsAre,
         [this, answer](ByteView payload) -> Status {
             const auto report = ipc::decodeSlotsReport(payload);
             if (!report) return std::unexpected(report.error());
             answer(slotsOf(*report, own_version_));
             return {};
         },
         [answer](const Error& why) { answer(std::unexpected(why)); }});
}

void PrivInstaller::inspect(const std::string& path, std::function<void(Result<update::BundleInfo>)> answer) {
    ask({PrivMessage::Inspect, ipc::encodePrivPath(path), PrivMessage::BundleIs,
         [answer](ByteView payload) -> Status {
             auto report = ipc::decodeBundleReport(payload);
             if (!report) return std::unexpected(report.error());
             answer(update::BundleInfo{std::move(report->compatible), std::move(report->version)});
             return {};
         },
         [answer](const Error& why) { answer(std::unexpected(why)); }});
}

void PrivInstaller::install(const std::string& path, std::function<void(int percent)> progress, Done done) {
    Question question = Question::deed(PrivMessage::Install, ipc::encodePrivPath(path), std::move(done));
    question.on_progress = std::move(progress);
    question.patience = kInstallPatience;
    ask(std::move(question));
}

void PrivInstaller::activate(update::Slot slot, Done done) {
    const std::uint8_t number = slot == update::Slot::A ? 0 : 1;
    ask(Question::deed(PrivMessage::Activate, ipc::encodePrivSlot(number), std::move(done)));
}

void PrivInstaller::markGood(Done done) {
    ask(Question::deed(PrivMessage::MarkGood, {}, std::move(done)));
}

void PrivInstaller::restart(Done done) {
    ask(Question::deed(PrivMessage::Restart, {}, std::move(done)));
}

void PrivInstaller::setNetwork(const ipc::NetworkOrder& order, Done done) {
    ask(Question::deed(PrivMessage::Network, ipc::encode(order), std::move(done)));
}

}  // namespace camgate::app
