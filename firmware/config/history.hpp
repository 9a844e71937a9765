// The revisions of the configuration that were accepted, and which of them counts. Plain values, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace camgate::config {

struct Revision {
    std::uint64_t number = 0;  ///< higher than any before
    std::uint64_t base = 0;    ///< the one that it was made from
    std::string source;        ///< "file", "hub", "console"
    std::string who;
    std::string at;        ///< wall time as it was known then
    std::string document;  ///< JSON text, no secret in it

    bool operator==(const Revision&) const = default;
};

struct History {
    std::vector<Revision> revisions;  ///< oldest first
    std::uint64_t current = 0;        ///< in force when no trial is on; 0: none was ever accepted
    std::uint64_t trial = 0;          ///< 0: none is on
    std::uint64_t reverted = 0;       ///< the newest that did not pass its trial; 0: none since `current`
    std::string reverted_why;
    std::string file_mark;  ///< tells whether the --config file is another than when it was taken

    bool operator==(const History&) const = default;
    /// Null: there is no such revision, or it is no longer kept.
    const Revision* find(std::uint64_t number) const;
    /// The highest number there is; 0: none.
    std::uint64_t newest() const;
    /// Forgets the oldest beyond kKeptRevisions, never what counts.
    void add(Revision revision);
};

constexpr std::size_t kKeptRevisions = 20;

std::string historyJson(const History& history);
/// Corruption says what is wrong with it.
[[nodiscard]] Result<History> parseHistory(std::string_view json_text);

}  // namespace camgate::config
