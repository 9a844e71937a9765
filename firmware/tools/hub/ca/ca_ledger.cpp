#include "tools/hub/ca/ca_ledger.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/bytes.hpp"
#include "base/wall_text.hpp"
#include "tools/hub/fields.hpp"

namespace camgate::hub {

using nlohmann::json;

namespace {

std::vector<IssuedCertificate>::iterator findCertificate(std::vector<IssuedCertificate>& all,
                                                         const std::string& which) {
    return std::ranges::find_if(
        all, [&which](const auto& one) { return one.serial == which || one.fingerprint == which; });
}

}  // namespace

Result<CaLedger> CaLedger::open(FileSystem& files, const std::string& path) {
    auto file = files.open(path, OpenMode::CreateOrOpen);
    if (!file) return std::unexpected(file.error());
    if (auto mine = (*file)->lock(); !mine) return std::unexpected(mine.error());
    CaLedger ledger(std::move(*file));
    if (auto loaded = ledger.load(); !loaded) return passOn(loaded.error(), "reading " + path);
    return ledger;
}

Status CaLedger::load() {
    const auto size = file_->size();
    if (!size) return std::unexpected(size.error());
    std::string text(static_cast<std::size_t>(*size), '\0');
    if (auto read = file_->readAt(0, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()}); !read)
        return read;
    std::size_t begin = 0;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
        if (auto taken = take(text.substr(begin, end - begin)); !taken) return taken;
        begin = end + 1;
    }
    end_bytes_ = begin;
    // A line that a crash cut short: its certificate never left.
    return end_bytes_ == *size ? Status{} : file_->resize(end_bytes_);
}

Status CaLedger::take(const std::string& line) {
    const json entry = json::parse(line, nullptr, false);
    const auto at = parseWallTime(textField(entry, "revoked"));
    if (at) {
        const auto found = findCertificate(certificates_, textField(entry, "serial"));
        if (found == certificates_.end()) return fail(ErrorKind::Corruption, "a revocation of nothing");
        found->revoked = *at;
        found->reason = textField(entry, "reason");
        return {};
    }
    const auto from = parseWallTime(textField(entry, "from")), to = parseWallTime(textField(entry, "to"));
    if (!from || !to) return fail(ErrorKind::Corruption, "a line that is no certificate");
    certificates_.push_back({textField(entry, "serial"), textField(entry, "role"), textField(entry, "name"),
                             textField(entry, "fingerprint"), *from, *to});
    return {};
}

Status CaLedger::append(std::string line) {
    line += '\n';
    if (auto written = file_->writeAt(end_bytes_, asBytes(line)); !written) return written;
    if (auto synced = file_->sync(); !synced) return synced;
    end_bytes_ += line.size();
    return {};
}

Status CaLedger::add(const IssuedCertificate& certificate) {
    if (has(certificate.serial)) return fail(ErrorKind::Internal, "serial " + certificate.serial + " twice");
    const json entry{{"serial", certificate.serial},
                     {"role", certificate.role},
                     {"name", certificate.name},
                     {"fingerprint", certificate.fingerprint},
                     {"from", formatWallTime(certificate.from)},
                     {"to", formatWallTime(certificate.to)}};
    if (auto kept = append(toLine(entry)); !kept) return kept;
    certificates_.push_back(certificate);
    return {};
}

Status CaLedger::revoke(const std::string& which, WallTime at, const std::string& reason) {
    const auto found = findCertificate(certificates_, which);
    if (found == certificates_.end())
        return fail(ErrorKind::NotFound, "this authority has issued no certificate " + which);
    if (found->revoked)
        return fail(ErrorKind::FailedPrecondition,
                    "it was revoked already, at " + formatWallTime(*found->revoked));
    const json entry{{"serial", found->serial}, {"revoked", formatWallTime(at)}, {"reason", reason}};
    if (auto kept = append(toLine(entry)); !kept) return kept;
    found->revoked = at;
    found->reason = reason;
    return {};
}

bool CaLedger::has(const std::string& serial) const {
    return std::ranges::find(certificates_, serial, &IssuedCertificate::serial) != certificates_.end();
}

}  // namespace camgate::hub
