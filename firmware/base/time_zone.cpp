#include "base/time_zone.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>

#include "base/file_system.hpp"

namespace camgate {
namespace {

using std::chrono::seconds;

constexpr std::string_view kFolder = "/usr/share/zoneinfo/";
constexpr std::size_t kMostFile_bytes = 256 * 1024;
constexpr std::size_t kFileHeader_bytes = 44;
constexpr std::size_t kType_bytes = 6;

/// Big-endian, as the file has its numbers.
std::int64_t signedAt(ByteView bytes, std::size_t at, std::size_t width) {
    std::uint64_t value = (bytes[at] & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8U | bytes[at + i];
    return static_cast<std::int64_t>(value);
}

struct Counts {
    std::size_t ut_marks = 0, standard_marks = 0, leaps = 0, changes = 0, types = 0, letters = 0;

    std::size_t blockBytes(std::size_t time_bytes) const {
        return changes * (time_bytes + 1) + types * kType_bytes + letters + leaps * (time_bytes + 4) +
               standard_marks + ut_marks;
    }
};

std::optional<Counts> countsOf(ByteView header) {
    if (header.size() < kFileHeader_bytes || !asText(header).starts_with("TZif")) return std::nullopt;
    std::array<std::size_t, 6> read{};
    for (std::size_t i = 0; i < read.size(); ++i)
        read.at(i) = static_cast<std::uint32_t>(signedAt(header, 20 + i * 4, 4));
    if (std::ranges::any_of(read, [](std::size_t count) { return count > kMostFile_bytes; }))
        return std::nullopt;
    return Counts{read[0], read[1], read[2], read[3], read[4], read[5]};
}

/// Neither a path of its own nor one that leads elsewhere.
bool isName(std::string_view name) {
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '+' || c == '-' || c == '/';
    };
    return !name.empty() && name.front() != '/' && std::ranges::all_of(name, fits);
}

}  // namespace

Result<TimeZone> TimeZone::load(const std::string& name) {
    RealFileSystem files;
    const std::string path = std::string(kFolder) + name;
    if (!isName(name) || !files.exists(path))
        return fail(ErrorKind::NotFound, "the machine knows no time zone \"" + name + "\"");
    const auto file = readTextFile(files, path, kMostFile_bytes);
    if (!file) return std::unexpected(file.error());
    auto zone = parse(asBytes(*file));
    if (!zone) zone.error().context = path + ": " + zone.error().context;
    return zone;
}

Result<TimeZone> TimeZone::parse(ByteView file) {
    const auto damaged = [] { return fail(ErrorKind::Corruption, "no table of a time zone, or a cut one"); };
    const auto narrow = countsOf(file);
    // Since version 2 a second part follows, whose times go beyond 2038.
    if (!narrow || file[4] < '2') return damaged();
    const std::size_t second = kFileHeader_bytes + narrow->blockBytes(4);
    if (file.size() < second) return damaged();
    const ByteView wide = file.subspan(second);
    const auto counts = countsOf(wide);
    if (!counts || counts->types == 0 || wide.size() < kFileHeader_bytes + counts->blockBytes(8))
        return damaged();
    const ByteView times = wide.subspan(kFileHeader_bytes, counts->changes * 8);
    const ByteView indexes = wide.subspan(kFileHeader_bytes + times.size(), counts->changes);
    const ByteView types =
        wide.subspan(kFileHeader_bytes + times.size() + indexes.size(), counts->types * kType_bytes);
    const auto offset = [types](std::size_t type) { return seconds(signedAt(types, type * kType_bytes, 4)); };

    TimeZone zone;
    zone.first_ = offset(0);
    for (std::size_t i = 0; i < counts->changes; ++i) {
        if (indexes[i] >= counts->types) return damaged();
        zone.changes_.push_back({seconds(signedAt(times, i * 8, 8)), offset(indexes[i])});
    }
    if (!std::ranges::is_sorted(zone.changes_, {}, &Change::at)) return damaged();
    std::string_view rule = asText(wide.subspan(kFileHeader_bytes + counts->blockBytes(8)));
    if (rule.size() < 2 || !rule.starts_with('\n') || !rule.ends_with('\n')) return damaged();
    rule = rule.substr(1, rule.size() - 2);
    if (rule.empty()) return zone;
    auto after = ZoneRule::parse(rule);
    if (!after) return damaged();
    zone.after_ = *after;
    return zone;
}

seconds TimeZone::offsetAt(WallTime time) const {
    const auto at = std::chrono::floor<seconds>(time.time_since_epoch());
    const auto next = std::ranges::upper_bound(changes_, at, {}, &Change::at);
    if (next == changes_.end() && after_) return after_->offsetAt(at);
    return next == changes_.begin() ? first_ : std::prev(next)->offset;
}

std::vector<std::string> timeZoneNames() {
    RealFileSystem files;
    std::vector<std::string> names{"UTC"};
    const auto table = readTextFile(files, std::string(kFolder) + "zone.tab");
    if (!table) return {};
    std::istringstream lines(*table);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string country, place, name;
        if (!line.starts_with('#') && words >> country >> place >> name) names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
}

}  // namespace camgate
