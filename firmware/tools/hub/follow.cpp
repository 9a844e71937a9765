#include "tools/hub/follow.hpp"

#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "tools/hub/fields.hpp"
#include "tools/hub/live_reader.hpp"
#include "tools/hub/opener.hpp"
#include "tools/hub/stop_signal.hpp"
#include "tools/hub/topics.hpp"

namespace camgate::hub {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kFailed = 1;
/// Beyond the time that was ordered, for the last part to come.
constexpr seconds kLastPartPatience{15};

/// FILE, then FILE-2 and so on; or all of them to standard output.
class LiveFiles {
  public:
    explicit LiveFiles(std::string first) : first_(std::move(first)) {}

    Status put(const LiveReader::Part& part) {
        if (part.starts_file) ++count_;
        bytes_ += part.bytes.size();
        if (first_ == "-") return write(std::cout, part.bytes);
        if (part.starts_file) {
            file_.close();
            file_.open(pathOf(count_), std::ios::binary | std::ios::trunc);
        }
        return part.bytes.empty() ? Status() : write(file_, part.bytes);
    }
    int count() const { return count_; }
    std::uint64_t bytes() const { return bytes_; }

  private:
    std::string pathOf(int number) const {
        if (number == 1) return first_;
        const std::filesystem::path path(first_);
        const std::string name = path.stem().string() + "-" + std::to_string(number);
        return (path.parent_path() / name).string() + path.extension().string();
    }
    /// A player beside it reads what was written.
    Status write(std::ostream& out, const Bytes& bytes) {
        out << asText(bytes) << std::flush;
        if (out) return {};
        return fail(ErrorKind::Unavailable,
                    "cannot write to " + (first_ == "-" ? "standard output" : pathOf(count_)));
    }

    std::string first_;
    std::ofstream file_;
    int count_ = 0;
    std::uint64_t bytes_ = 0;
};

json payloadOf(const FollowOrder& order) {
    json payload{{"camera", order.clip.camera},
                 {"to", "follow"},
                 {"seconds", order.seconds},
                 {"bytes", order.bytes},
                 {"quality", order.clip.quality}};
    if (!order.clip.case_number.empty()) payload["case"] = order.clip.case_number;
    if (!order.clip.officer.empty()) payload["officer"] = order.clip.officer;
    if (!order.clip.purpose.empty()) payload["purpose"] = order.clip.purpose;
    return payload;
}

Result<LiveReader> readerOf(const CommandSettings& settings, const std::string& live, const json& result) {
    RealFileSystem files;
    const auto opener = Opener::fromFile(files, settings.receive_key_file);
    if (!opener) return std::unexpected(opener.error());
    json sealing = result;
    sealing["chunk_bytes"] = 0U;
    auto seal = opener->clip(live, sealing);
    if (!seal) return std::unexpected(seal.error());
    return LiveReader(std::move(*seal));
}

struct View {
    const CommandSettings& settings;
    std::string live;
    Connection& connection;
    std::deque<Arrived> arrived;  ///< beside a reply
    StopSignal& stop;
    LiveReader reader;
    LiveFiles files;
};

std::optional<Arrived> nextOf(View& view) {
    if (view.arrived.empty()) return view.connection.next(milliseconds(200));
    Arrived first = std::move(view.arrived.front());
    view.arrived.pop_front();
    return first;
}

/// Why it ended; Timeout: it went silent.
Result<std::string> receive(View& view, seconds longest) {
    const SystemClock clock;
    const std::string topic = downTopic(view.settings.gateway, "live/" + view.live);
    const BootTime give_up = clock.bootNow() + longest;
    bool taken_back = false;
    while (clock.bootNow() < give_up) {
        if (!view.connection.up()) return fail(ErrorKind::Unavailable, "the broker has gone");
        if (!taken_back && view.stop.wait(milliseconds(0))) {
            taken_back = true;
            const auto reply =
                ask(view.connection, view.settings, "clip.cancel", {{"clip", view.live}}, view.arrived);
            if (!reply) return std::unexpected(reply.error());
        }
        const auto arrived = nextOf(view);
        if (!arrived || arrived->topic != topic) continue;
        const auto part = view.reader.take(arrived->payload);
        if (!part) return std::unexpected(part.error());
        if (!part->end_reason.empty()) return part->end_reason;
        if (auto put = view.files.put(*part); !put) return std::unexpected(put.error());
    }
    return fail(ErrorKind::Timeout, "the view has gone silent");
}

std::string summary(const View& view, const std::string& ended) {
    const json said{{"live", view.live},
                    {"ended", ended},
                    {"bytes", view.files.bytes()},
                    {"files", view.files.count()},
                    {"parts_lost", view.reader.lost()}};
    return said.dump();
}

}  // namespace

int follow(const CommandSettings& settings, const FollowOrder& order) {
    StopSignal stop;
    // A second connection would be slow to come up: Paho lets all of a process share one thread.
    auto connection = openForReplies(settings, {downTopic(settings.gateway, "live/+")});
    if (!connection) return complain(connection.error());
    std::deque<Arrived> arrived;
    const auto reply = ask(**connection, settings, "clip.request", payloadOf(order), arrived);
    if (!reply) return complain(reply.error());
    std::cerr << reply->dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
    if (!boolField(*reply, "ok").value_or(false)) return kFailed;
    const json& result = objectField(*reply, "result");
    const std::string live = textField(result, "live");
    if (!isHexId(live)) return complain(Error{ErrorKind::Corruption, 0, "a reply without a live view"});
    auto reader = readerOf(settings, live, result);
    if (!reader) return complain(reader.error());
    View view{settings,
              live,
              **connection,
              std::move(arrived),
              stop,
              std::move(*reader),
              LiveFiles(order.out_file)};
    const auto ended = receive(view, seconds(order.seconds) + kLastPartPatience);
    if (!ended) return complain(ended.error());
    std::cerr << summary(view, *ended) << '\n';
    return 0;
}

}  // namespace camgate::hub
