// Messages that must be kept once, one JSON line each, known by gateway and row id. The set of rows is
// rebuilt from the file at start; nothing may be receipted before commit(). A production hub has a database
// here. One thread.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "base/file_system.hpp"

namespace camgate::hub {

class RowLog {
  public:
    /// A last line that a crash cut short is cut off: its row was never receipted.
    /// `visit` sees each row that is there.
    using Visit = std::function<void(const nlohmann::json& row)>;
    [[nodiscard]] static Result<RowLog> open(FileSystem& files, const std::string& path,
                                             const Visit& visit = {});

    bool has(const std::string& gateway, const std::string& id) const {
        return seen_.contains(gateway + '/' + id);
    }
    /// `line` must hold "gateway" and "id", no line end. False if the row is there already.
    bool add(const std::string& gateway, const std::string& id, const std::string& line);
    /// Durable when it returns. After an error the rows stay unwritten and are tried again at the next call.
    [[nodiscard]] Status commit();
    std::size_t rows() const { return seen_.size(); }

  private:
    RowLog(std::unique_ptr<File> file) : file_(std::move(file)) {}
    [[nodiscard]] Status load(const Visit& visit);

    std::unique_ptr<File> file_;
    std::uint64_t end_bytes_ = 0;
    std::string waiting_;
    std::set<std::string> seen_;
};

}  // namespace camgate::hub
