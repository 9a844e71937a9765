#include "evidence/clip_check.hpp"

#include <algorithm>
#include <iterator>

#include "evidence/camera_signature.hpp"
#include "evidence/clip_alignment.hpp"
#include "evidence/clip_timeline.hpp"
#include "evidence/fragment_check.hpp"
#include "evidence/leaf.hpp"
#include "evidence/record_box.hpp"
#include "media/mp4_reader.hpp"
#include "media/mp4_writer.hpp"

namespace camgate::evidence {
namespace {

constexpr std::size_t kHashStep_bytes = 256U << 10U;
constexpr std::uint64_t kMostFileHeader_bytes = 16384;
/// Damage may make two units of one; more than this are not looked at.
constexpr std::size_t kSpareUnits = 64;

Result<crypto::Digest> hashAll(ClipBytes& clip) {
    crypto::Sha256 hash;
    for (std::uint64_t at = 0; at < clip.size();) {
        const auto step =
            static_cast<std::size_t>(std::min<std::uint64_t>(clip.size() - at, kHashStep_bytes));
        const auto part = clip.read(at, step);
        if (!part) return std::unexpected(part.error());
        hash.update(*part);
        at += step;
    }
    return hash.finish();
}

std::vector<std::size_t> firstRecords(const Manifest& manifest) {
    std::vector<std::size_t> firsts{0};
    for (const ManifestFile& file : manifest.files) {
        firsts.push_back(firsts.back() + static_cast<std::size_t>(file.records));
    }
    return firsts;
}

class ClipChecker {
  public:
    ClipChecker(ClipBytes& clip, const Manifest& manifest)
        : clip_(clip),
          manifest_(manifest),
          firsts_(firstRecords(manifest)),
          camera_tag_(cameraTagOf(manifest.gateway, manifest.camera)),
          proven_(manifest.records.size()) {}

    Result<ClipReport> run(std::string_view sha256_hex) {
        auto units = findUnits(clip_, manifest_.records.size() + kSpareUnits);
        if (!units) return std::unexpected(units.error());
        units_ = std::move(*units);
        ClipAlignment alignment = alignUnits(units_.units, manifest_.records);
        unit_of_ = std::move(alignment.unit_of);
        findings_ = std::move(alignment.findings);
        if (auto done = checkRecords(); !done) return std::unexpected(done.error());
        for (std::size_t file = 0; file < manifest_.files.size(); ++file) {
            if (auto done = checkFile(file); !done) return std::unexpected(done.error());
        }
        checkBetween();
        checkTimeline(manifest_, proven_, findings_, report_.corrected);
        if (auto done = checkWhole(sha256_hex); !done) return std::unexpected(done.error());
        return finish();
    }

  private:
    const ClipUnit* unitOf(std::size_t record) const {
        return unit_of_[record] ? &units_.units[*unit_of_[record]] : nullptr;
    }
    void note(ClipFault fault, std::optional<std::size_t> record, std::string detail) {
        findings_.push_back({fault, record, std::move(detail)});
    }

    Status checkRecords() {
        for (std::size_t i = 0; i < manifest_.records.size(); ++i) {
            const ClipUnit* unit = unitOf(i);
            if (unit == nullptr) continue;
            if (const auto wrong = faultOf(*unit, i)) {
                note(wrong->fault, i, wrong->detail);
            } else if (auto done = checkLeaf(*unit, i); !done) {
                return done;
            }
        }
        return {};
    }

    /// What the boxes say by themselves.
    std::optional<ClipFinding> faultOf(const ClipUnit& unit, std::size_t record) const {
        const ManifestRecord& said = manifest_.records[record];
        const auto found = [record](ClipFault fault, std::string detail) {
            return ClipFinding{fault, record, std::move(detail)};
        };
        if (!unit.whole && unit.end == clip_.size() && isShort()) {
            return found(ClipFault::Missing, "the clip ends within it");
        }
        if (!unit.header) return found(ClipFault::Altered, "its header cannot be read");
        const CanonicalHeader& header = *unit.header;
        if (header.camera_tag != camera_tag_ || header.stream != manifest_.stream) {
            return found(ClipFault::Foreign,
                         "the record in its place is of another gateway, camera or stream");
        }
        if (header.id != said.id) {
            return found(ClipFault::Foreign,
                         "record number " + std::to_string(header.id.sequence) + " lies in its place");
        }
        if (!unit.whole) return found(ClipFault::Altered, "its boxes do not fit together");
        const bool fits = header.samples == said.samples && header.payload_bytes == said.bytes &&
                          unit.end - unit.payload == said.bytes &&
                          unit.moof - unit.offset == recordBoxBytes(header);
        if (!fits) return found(ClipFault::Altered, "its length or number of pictures is another one");
        return std::nullopt;
    }

    static std::uint64_t recordBoxBytes(const CanonicalHeader& header) {
        return kRecordBoxFront_bytes + kCanonicalHeader_bytes +
               std::uint64_t{header.samples} * kSampleEntry_bytes;
    }
    bool isShort() const {
        std::uint64_t claimed = 0;
        for (const ManifestFile& file : manifest_.files) claimed += file.bytes;
        return clip_.size() < claimed;
    }

    /// Header and table of a unit whose lengths are right.
    Result<Bytes> readFront(const ClipUnit& unit) {
        return clip_.read(unit.offset + kRecordBoxFront_bytes,
                          static_cast<std::size_t>(unit.moof - unit.offset - kRecordBoxFront_bytes));
    }

    Status checkLeaf(const ClipUnit& unit, std::size_t record) {
        const auto front = readFront(unit);
        if (!front) return std::unexpected(front.error());
        const auto payload = clip_.read(unit.payload, static_cast<std::size_t>(unit.end - unit.payload));
        if (!payload) return std::unexpected(payload.error());
        const ByteView header = ByteView(*front).first(kCanonicalHeader_bytes);
        const ByteView table = ByteView(*front).subspan(kCanonicalHeader_bytes);
        if (leafHash(header, table, *payload) != manifest_.records[record].leaf) {
            note(ClipFault::Altered, record,
                 "its header, table of pictures or pictures are not what was recorded");
            return {};
        }
        const auto samples = readSampleTable(*unit.header, table);
        if (!samples) {
            note(ClipFault::Altered, record, samples.error().context);
            return {};
        }
        proven_[record] = *unit.header;
        ByteView rest = *payload;
        for (const SampleEntry& sample : *samples) {
            report_.camera_signatures +=
                countCameraSignatures(rest.first(sample.size_bytes), unit.header->codec);
            rest = rest.subspan(sample.size_bytes);
        }
        return {};
    }

    Status checkFile(std::size_t file) {
        const std::size_t first = firsts_[file], end = firsts_[file + 1];
        if (auto done = checkFileHeader(file); !done) return done;
        if (!proven_[first]) return {};  // the file's timeline begins with it
        for (std::size_t record = first; record < end; ++record) {
            if (!proven_[record]) continue;
            FragmentPlace place;
            place.number = static_cast<std::uint32_t>(record - first + 1);
            place.file_start = proven_[first]->first_decode;
            place.last = record + 1 == end;
            if (!place.last && proven_[record + 1]) place.next = proven_[record + 1]->first_decode;
            if (auto done = checkFragment(record, place); !done) return done;
        }
        return {};
    }

    Status checkFragment(std::size_t record, const FragmentPlace& place) {
        const ClipUnit& unit = *unitOf(record);
        const auto front = readFront(unit);
        if (!front) return std::unexpected(front.error());
        const auto boxes = clip_.read(unit.moof, static_cast<std::size_t>(unit.payload - unit.moof));
        if (!boxes) return std::unexpected(boxes.error());
        const auto samples =
            readSampleTable(*proven_[record], ByteView(*front).subspan(kCanonicalHeader_bytes));
        if (!samples) return std::unexpected(samples.error());
        if (!showsRecord(*boxes, *proven_[record], *samples, place)) {
            note(ClipFault::Table, record,
                 "the file shows its pictures in another way than they were recorded");
        }
        return {};
    }

    /// The file's first record that is there; the file's end if none is.
    std::size_t openerOf(std::size_t file) const {
        std::size_t record = firsts_[file];
        while (record < firsts_[file + 1] && !unit_of_[record]) ++record;
        return record;
    }

    Status checkFileHeader(std::size_t file) {
        const std::size_t opener = openerOf(file);
        if (opener == firsts_[file + 1] || !proven_[opener]) return {};
        const ClipUnit& unit = *unitOf(opener);
        const std::uint64_t length = unit.offset - unit.front;
        if (length > kMostFileHeader_bytes) {
            note(ClipFault::Header, opener, "what stands in front of the file's first record is no header");
            return {};
        }
        const auto header = clip_.read(unit.front, static_cast<std::size_t>(length));
        if (!header) return std::unexpected(header.error());
        if (const auto wrong = headerFault(file, opener, *header); !wrong.empty()) {
            note(ClipFault::Header, opener, wrong);
        }
        return {};
    }

    std::string headerFault(std::size_t file, std::size_t opener, ByteView bytes) const {
        const std::size_t first = firsts_[file], last = firsts_[file + 1] - 1;
        const auto contents = media::readMp4(bytes);
        if (!contents || contents->tracks.size() != 1) return "the file's header cannot be read";
        media::DecoderConfig config = contents->tracks.front().config;
        if (crypto::sha256(config.box) != proven_[opener]->config_hash) {
            return "the file's decoder configuration is not the one of its records";
        }
        if (bytes.size() != media::initSegmentSize(config)) {
            return "more than the file's header stands in front of its first record";
        }
        // Its times follow from the first record and the last.
        if (!proven_[first] || !proven_[last]) return {};
        config.codec = proven_[first]->codec;
        config.width_px = proven_[first]->width_px;
        config.height_px = proven_[first]->height_px;
        media::Mp4FileInfo info;
        info.creation_time = manifest_.records[first].start;
        info.duration_ticks = static_cast<std::uint64_t>(
            media::ticksOf(endOfLast(*proven_[last]) - proven_[first]->first_decode));
        const auto built = media::initSegment(config, info);
        const bool same = built && std::ranges::equal(*built, bytes);
        return same ? "" : "the file's header is not the one that its records give";
    }

    /// Nothing may stand between records but the headers of files.
    void checkBetween() {
        for (std::size_t file = 0; file < manifest_.files.size(); ++file) {
            for (std::size_t i = openerOf(file) + 1; i < firsts_[file + 1]; ++i) {
                const ClipUnit* unit = unitOf(i);
                if (unit == nullptr || unit->front == unit->offset) continue;
                note(ClipFault::Extra, i, "bytes that belong to no record lie in front of it");
            }
        }
        // Of a clip that is cut short they are the beginning of what is missing.
        if (units_.end != clip_.size() && !isShort()) {
            note(ClipFault::Extra, std::nullopt, "bytes that belong to no record lie at the clip's end");
        }
    }

    Status checkWhole(std::string_view sha256_hex) {
        const auto digest = hashAll(clip_);
        if (!digest) return std::unexpected(digest.error());
        report_.sha256 = *digest;
        report_.hash_right = toHex(*digest) == sha256_hex;
        if (!report_.hash_right && findings_.empty()) {
            note(ClipFault::Header, std::nullopt, "the hash of the whole clip is another one");
        }
        return {};
    }

    ClipReport finish() {
        for (const ClipFinding& finding : findings_) {
            if (finding.fault == ClipFault::Missing) ++report_.missing_records;
        }
        std::ranges::stable_sort(
            findings_, {}, [](const ClipFinding& finding) { return finding.record.value_or(SIZE_MAX); });
        const std::size_t listed = std::min(findings_.size(), kMostFindings);
        report_.more_findings = findings_.size() - listed;
        findings_.resize(listed);
        report_.findings = std::move(findings_);
        return std::move(report_);
    }

    ClipBytes& clip_;
    const Manifest& manifest_;
    const std::vector<std::size_t> firsts_;  // by file, and the end
    const std::uint64_t camera_tag_;
    ClipUnits units_;
    std::vector<std::optional<std::size_t>> unit_of_;
    ProvenHeaders proven_;
    std::vector<ClipFinding> findings_;
    ClipReport report_;
};

}  // namespace

Result<ClipReport> checkClip(ClipBytes& clip, const Manifest& manifest, std::string_view sha256_hex) {
    return ClipChecker(clip, manifest).run(sha256_hex);
}

}  // namespace camgate::evidence
