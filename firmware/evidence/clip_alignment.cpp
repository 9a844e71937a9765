#include "evidence/clip_alignment.hpp"

#include <map>

namespace camgate::evidence {
namespace {

class Aligner {
  public:
    Aligner(std::span<const ClipUnit> units, std::span<const ManifestRecord> records)
        : records_(records), last_seen_(records.size()) {
        for (std::size_t i = 0; i < records.size(); ++i) by_id_[keyOf(records[i].id)] = i;
        for (std::size_t unit = 0; unit < units.size(); ++unit) {
            said_.push_back(recordOf(units[unit]));
            if (said_.back() < records.size()) last_seen_[said_.back()] = unit;
        }
        out_.unit_of.resize(records.size());
    }

    ClipAlignment run() {
        for (std::size_t unit = 0; unit < said_.size(); ++unit) place(unit);
        missUpTo(records_.size());
        return std::move(out_);
    }

  private:
    using Key = std::pair<std::uint64_t, std::uint64_t>;
    static Key keyOf(const RecordId& id) { return {id.session, id.sequence}; }

    /// Beyond the records: it is none of them, or cannot be read.
    std::size_t recordOf(const ClipUnit& unit) const {
        if (!unit.header) return records_.size() + 1;
        const auto found = by_id_.find(keyOf(unit.header->id));
        return found == by_id_.end() ? records_.size() + 1 : found->second;
    }

    void place(std::size_t unit) {
        const std::size_t record = said_[unit];
        if (record > records_.size()) return placeUnknown(unit);
        if (out_.unit_of[record]) return note(ClipFault::Extra, "a record lies there a second time");
        if (record > next_) {
            if (last_seen_[next_] && *last_seen_[next_] > unit) {
                note(ClipFault::Moved, "record " + std::to_string(record) + " lies in its place");
                out_.unit_of[record] = unit;
                return advance();
            }
            missUpTo(record);
        }
        out_.unit_of[record] = unit;
        skipPlaced();
    }

    /// What stands between the neighbours of a record stands for it.
    void placeUnknown(std::size_t unit) {
        const std::size_t following = unit + 1 < said_.size() ? said_[unit + 1] : records_.size();
        if (next_ < records_.size() && following == next_ + 1) {
            out_.unit_of[next_] = unit;
            return advance();
        }
        note(ClipFault::Extra, "a record that is none of this clip lies in front of it");
    }

    void missUpTo(std::size_t record) {
        for (; next_ < record; advance()) {
            if (!out_.unit_of[next_]) note(ClipFault::Missing, "it is not there");
        }
    }
    void advance() {
        ++next_;
        skipPlaced();
    }
    void skipPlaced() {
        while (next_ < records_.size() && out_.unit_of[next_]) ++next_;
    }
    void note(ClipFault fault, std::string detail) {
        std::optional<std::size_t> record;
        if (next_ < records_.size()) record = next_;
        out_.findings.push_back({fault, record, std::move(detail)});
    }

    std::span<const ManifestRecord> records_;
    std::map<Key, std::size_t> by_id_;
    std::vector<std::size_t> said_;                      // by unit: the record it says it is
    std::vector<std::optional<std::size_t>> last_seen_;  // by record: the last unit that says so
    std::size_t next_ = 0;                               // the record whose place comes
    ClipAlignment out_;
};

}  // namespace

ClipAlignment alignUnits(std::span<const ClipUnit> units, std::span<const ManifestRecord> records) {
    return Aligner(units, records).run();
}

}  // namespace camgate::evidence
