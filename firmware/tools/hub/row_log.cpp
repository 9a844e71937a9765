#include "tools/hub/row_log.hpp"

#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "tools/hub/fields.hpp"

namespace camgate::hub {

Result<RowLog> RowLog::open(FileSystem& files, const std::string& path, const Visit& visit) {
    auto file = files.open(path, OpenMode::CreateOrOpen);
    if (!file) return std::unexpected(file.error());
    if (auto mine = (*file)->lock(); !mine) return std::unexpected(mine.error());
    RowLog log(std::move(*file));
    if (auto loaded = log.load(visit); !loaded) return passOn(loaded.error(), "reading " + path);
    return log;
}

Status RowLog::load(const Visit& visit) {
    const auto size = file_->size();
    if (!size) return std::unexpected(size.error());
    std::string text(static_cast<std::size_t>(*size), '\0');
    if (auto read = file_->readAt(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}); !read)
        return read;
    const auto last_end = text.rfind('\n');
    end_bytes_ = last_end == std::string::npos ? 0 : last_end + 1;
    for (std::size_t at = 0; at < end_bytes_;) {
        const std::size_t end = text.find('\n', at);
        const auto row =
            nlohmann::json::parse(text.begin() + static_cast<std::ptrdiff_t>(at),
                                  text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
        seen_.insert(textField(row, "gateway") + '/' + textField(row, "id"));
        if (visit) visit(row);
        at = end + 1;
    }
    return end_bytes_ == *size ? Status{} : file_->resize(end_bytes_);
}

bool RowLog::add(const std::string& gateway, const std::string& id, const std::string& line) {
    if (!seen_.insert(gateway + '/' + id).second) return false;
    waiting_.append(line).append("\n");
    return true;
}

Status RowLog::commit() {
    if (waiting_.empty()) return {};
    if (auto written = file_->writeAt(end_bytes_, asBytes(waiting_)); !written) return written;
    if (auto synced = file_->sync(); !synced) return synced;
    end_bytes_ += waiting_.size();
    waiting_.clear();
    return {};
}

}  // namespace camgate::hub
