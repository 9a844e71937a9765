#include "tools/hub/configure.hpp"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "tools/hub/fields.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {
namespace {

using nlohmann::json;
using std::chrono::seconds;

/// A gateway may be off for a while and find the wish when it comes back.
constexpr std::chrono::hours kWishLifetime{24 * 30};
constexpr std::size_t kMostDocument_bytes = 40U << 10U;

class Configurer {
  public:
    Configurer(const CommandSettings& settings, Connection& connection)
        : settings_(settings), connection_(connection) {}

    /// True: applied.
    Result<bool> give(const std::string& file) {
        RealFileSystem files;
        const auto document = readTextFile(files, file, kMostDocument_bytes);
        if (!document) return std::unexpected(document.error());
        if (!reported_.is_object()) {
            if (auto come = awaitReport([](const json&) { return true; }); !come)
                return std::unexpected(come.error());
        }
        const auto next = numberField(reported_, "next_revision");
        const auto base = numberField(reported_, "revision");
        if (!next || !base) return fail(ErrorKind::Corruption, "a report without revisions");
        // Higher than any before, also than one that was rejected: reports are told apart by it.
        const std::uint64_t revision = last_ = std::max(*next, last_ + 1);
        const json wish = {
            {"v", 1}, {"revision", revision}, {"base_revision", *base}, {"document", *document}};
        const auto envelope =
            sealFor(settings_, "config.desired", wish.dump(-1, ' ', false, json::error_handler_t::replace),
                    kWishLifetime);
        if (!envelope) return std::unexpected(envelope.error());
        reported_ = {};
        Outgoing message{downTopic(settings_.gateway, "config/desired"), *envelope, "", "", 0};
        message.retain = true;
        if (auto sent = connection_.publish(message); !sent) return std::unexpected(sent.error());
        const auto settled = [revision](const json& report) {
            const json& proposal = objectField(report, "proposal");
            return numberField(proposal, "revision") == revision && textField(proposal, "state") != "trial";
        };
        if (auto come = awaitReport(settled); !come) return std::unexpected(come.error());
        json line = objectField(reported_, "proposal");
        line["document"] = file;
        line["in_force"] = reported_.value("revision", json());
        std::cout << toLine(line) << std::endl;
        return textField(line, "state") == "applied";
    }

  private:
    template <class Wanted>
    Status awaitReport(Wanted wanted) {
        const SystemClock clock;
        const BootTime give_up = clock.bootNow() + seconds(settings_.wait_s);
        for (BootTime now = clock.bootNow(); now < give_up && connection_.up(); now = clock.bootNow()) {
            const auto arrived =
                connection_.next(std::chrono::ceil<std::chrono::milliseconds>(give_up - now));
            if (!arrived) continue;
            auto report = parseDocument(arrived->payload);
            if (!report || !wanted(*report)) continue;
            reported_ = std::move(*report);
            return {};
        }
        return fail(ErrorKind::Timeout, settings_.gateway + " reported nothing of it in time");
    }

    const CommandSettings& settings_;
    Connection& connection_;
    json reported_;
    std::uint64_t last_ = 0;
};

}  // namespace

int configure(const CommandSettings& settings, const std::vector<std::string>& document_files) {
    BrokerSettings broker = settings.broker;
    broker.client_id += "-configure";
    auto connection = Connection::open(broker, {downTopic(settings.gateway, "config/reported")});
    if (!connection) return complain(connection.error());
    Configurer configurer(settings, **connection);
    bool all = true;
    for (const std::string& file : document_files) {
        const auto applied = configurer.give(file);
        if (!applied) return complain(applied.error());
        all = all && *applied;
    }
    return all ? 0 : 1;
}

}  // namespace camgate::hub
