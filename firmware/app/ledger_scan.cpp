#include "app/ledger_scan.hpp"

namespace camgate::app {

Result<LedgerScan> scanLedger(ring::Ring& ring, const LedgerWindow& window) {
    LedgerScan scan;
    if (const auto span = ring.coverage(window.camera_tag, window.stream)) scan.newest = span->to;
    const auto records = ring.find(window.camera_tag, window.stream, window.from, window.to);
    if (!records) return std::unexpected(records.error());
    for (const ring::RecordInfo& record : *records) {
        if (record.header.sequence <= window.after) {
            scan.has_before = true;
            continue;
        }
        scan.leaves.push_back({{record.header.boot_session, record.header.sequence},
                               record.leaf,
                               record.wallStart(),
                               record.wallEnd()});
    }
    return scan;
}

}  // namespace camgate::app
