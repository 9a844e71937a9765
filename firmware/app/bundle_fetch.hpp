// Has a bundle fetched by a worker, piece after piece as they are written, and begins again where one broke
// off: after a minute, then less and less often. Loop thread only. Implements docs/design/update.md.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/brief_worker.hpp"
#include "ipc/fetch_messages.hpp"

namespace camgate::app {

struct BundleFetchPorts {
    EventLoop& loop;
    ipc::Launcher& launcher;
    std::function<std::uint64_t()> bytes_per_s;  ///< that it may take of the line; 0: all
    std::function<void(std::uint64_t offset, Bytes bytes, std::function<void(Status)> taken)> deliver;
    /// It will not come: there is none at that address.
    std::function<void(const Error&)> failed;
};

class BundleFetch {
  public:
    static constexpr Duration kFirstRetry = std::chrono::minutes(1);
    static constexpr Duration kLastRetry = std::chrono::minutes(30);

    explicit BundleFetch(BundleFetchPorts ports) : ports_(std::move(ports)) {}
    ~BundleFetch() { *alive_ = false; }

    void begin(const std::string& url, std::uint64_t bytes, std::uint64_t have_bytes);
    void stop();

  private:
    void start();
    Status onMessage(std::uint16_t type, ByteView payload);
    Status onPiece(ByteView payload);
    void onBreak(const Error& why);

    BundleFetchPorts ports_;
    ipc::FetchOrder order_;      ///< its offset: what was handed on
    std::uint64_t written_ = 0;  ///< of it
    Duration wait_ = kFirstRetry;
    std::uint64_t run_ = 0;  ///< answers to an earlier one are not heard
    LoopHandle again_;
    std::unique_ptr<BriefWorker> worker_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace camgate::app
