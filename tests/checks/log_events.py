#!/usr/bin/env python3
"""usage: log_events.py FIRMWARE_FOLDER
Holds docs/ref/log-events.md against the code: every event id that is logged is explained there, and nothing else is."""

import re
import sys
from pathlib import Path

LOGGED = re.compile(r'logEvent\(\s*[^,]+?,\s*"([a-z-]+)",\s*"([a-z-]+)"', re.S)
EXPLAINED = re.compile(r"^\| `([a-z-]+)` \| ([a-z-]+) \|", re.M)


def main():
    firmware = Path(sys.argv[1])
    logged = set()
    for source in firmware.rglob("*.cpp"):
        logged |= {(event, room) for room, event in LOGGED.findall(source.read_text())}
    explained = set(EXPLAINED.findall((firmware / "docs/ref/log-events.md").read_text()))
    for event, room in sorted(logged - explained):
        print(f"docs/ref/log-events.md does not explain {event} of {room}")
    for event, room in sorted(explained - logged):
        print(f"docs/ref/log-events.md explains {event} of {room}, which nothing logs")
    sys.exit(logged != explained)


main()
