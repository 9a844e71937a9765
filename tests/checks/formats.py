#!/usr/bin/env python3
"""usage: formats.py FIRMWARE_FOLDER

Holds the table of docs/ref/update.md (What lasts) against the code: each store's format is the one that is written there,
and no format is written that the last release cannot read: the other slot may have to, until an update is committed.
"""
import re
import sys
from pathlib import Path

ROW = re.compile(r"^\| [^|]+ \| `([^`]+)`, `([^`]+)` \| (\d+) \| (\d+) \|", re.M)


def main():
    firmware = Path(sys.argv[1])
    rows = ROW.findall((firmware / "docs/ref/update.md").read_text())
    faults = [] if rows else ["docs/ref/update.md has no table of what lasts"]
    for file, name, written, read in rows:
        source = firmware / file
        text = source.read_text() if source.exists() else ""
        found = re.search(rf"\b{re.escape(name)}\b\s*(?:=\s*|\{{0x[0-9A-Fa-f]+,\s*)(\d+)", text)
        if not found:
            faults.append(f"{file}: no {name}, as docs/ref/update.md says there is")
        elif found[1] != written:
            faults.append(f"{file}: {name} is {found[1]}, docs/ref/update.md says {written}")
        if int(written) > int(read):
            faults.append(f"{file}: format {written} is written, and the last release reads at most {read}: write the old one until the update is committed")
    print("\n".join(faults))
    sys.exit(1 if faults else 0)


main()
