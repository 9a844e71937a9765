#!/usr/bin/env python3
"""usage: include_table.py FIRMWARE_FOLDER | --self-test

Holds the sources of the firmware against include_table.json: which room may include which room, which library only
one room may include, which files may include CLI11 and nlohmann/json. Also: every header says #pragma once, the wall
and boot clocks are read in base/ alone, and no file grows past 450 lines. Prints each breach as file:line: what.

A room is named by its folder, a pattern (as in a shell, * also over slashes) by the path as it is included.
"""
import fnmatch
import json
import pathlib
import re
import sys
import tempfile

LONGEST_FILE_LINES = 450
NO_ROOMS = {"docs", "packaging"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
CLOCK_READ = re.compile(r"\b(system_clock|steady_clock|high_resolution_clock)\s*::\s*now\b")

matches = fnmatch.fnmatchcase


def code_lines(text):
    """The lines of a source, without what its comments say."""
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)
    return [re.sub(r"(^|[^:])//.*", r"\1", line) for line in text.splitlines()]


class Table:
    def __init__(self, data):
        self.rooms, self.never = data["rooms"], data["never"]
        self.libraries, self.files = data["libraries"], data["files"]

    def room_breach(self, room, included):
        to = included.split("/")[0]
        if to == room:
            return None
        if to not in self.rooms:
            return f'"{included}" names no room; write a room\'s header as "room/name.hpp"'
        if any(allowed in ("*", to) or matches(included, allowed) for allowed in self.rooms[room]):
            return None
        return f"{room}/ may not include {included}"

    def library_breach(self, room, file, included):
        for library, allowed in self.files.items():
            if matches(included, library):
                fits = any(matches(file, pattern) for pattern in allowed)
                return None if fits else f"<{included}> belongs into {' and '.join(allowed)} only"
        for library, rooms in self.libraries.items():
            if matches(included, library) and room not in rooms:
                return f"<{included}> belongs into {' and '.join(rooms)} only"
        return None

    def breach(self, room, file, included):
        for place, refused in self.never.items():
            if matches(file, place) and any(matches(included, pattern) for pattern in refused):
                return f"{place} may never include {included}"
        if "../" in included:
            return f'"{included}" points out of its room'
        # Quotes or angle brackets: whatever begins with a room's name is that room's.
        if included.split("/")[0] in self.rooms and "/" in included:
            return self.room_breach(room, included)
        return self.library_breach(room, file, included)


def check_file(table, root, path):
    file = path.relative_to(root).as_posix()
    room = file.split("/")[0]
    lines = code_lines(path.read_text(encoding="utf-8"))
    if len(lines) > LONGEST_FILE_LINES:
        yield f"{file}:{len(lines)}: longer than {LONGEST_FILE_LINES} lines"
    if path.suffix == ".hpp" and not any(line.split() == ["#pragma", "once"] for line in lines):
        yield f"{file}:1: header without #pragma once"
    for number, line in enumerate(lines, 1):
        if include := INCLUDE.match(line):
            breach = table.breach(room, file, include[2])
            # NAME.hpp.in is what the build makes NAME.hpp of.
            found = any((root / (include[2] + suffix)).is_file() for suffix in ("", ".in"))
            if breach is None and include[1] == '"' and not found:
                breach = f'"{include[2]}" is no file of the firmware; write "room/name.hpp"'
            if breach:
                yield f"{file}:{number}: {breach}"
        if room != "base" and CLOCK_READ.search(line):
            yield f"{file}:{number}: only base/ reads a clock; take a Clock&"


def check(table, root):
    for folder in sorted(p.name for p in root.iterdir() if p.is_dir()):
        if folder not in table.rooms and folder not in NO_ROOMS:
            yield f"{folder}: a folder that is no room of include_table.json"
    for path in sorted(p for pattern in ("*.hpp", "*.cpp") for p in root.rglob(pattern)):
        if path.relative_to(root).parts[0] in table.rooms:
            yield from check_file(table, root, path)


GOOD_TREE = {
    "base/clock.cpp": "#include <spdlog/spdlog.h>\nauto t = std::chrono::steady_clock::now();\n",
    "base/error.hpp": '#pragma once\n// never #include "ring/ring.hpp" here\n',
    "motion/motion_result.hpp": "#pragma once\n",
    "ipc/messages.hpp": '#pragma once\n#include <nlohmann/json_fwd.hpp>\n#include "motion/motion_result.hpp"\n',
    "ipc/messages.cpp": '#include <nlohmann/json.hpp>\n#include "ipc/messages.hpp"\n#include "base/error.hpp"\n',
    "tools/replay/main.cpp": "#include <CLI/CLI.hpp>\n#include <gst/gst.h>\n",
    "app/version.hpp.in": "#pragma once\n",
    "app/version.cpp": '#include "app/version.hpp"\n',
    "docs/ref/mqtt.md": "system_clock::now()\n",
}

BAD_FILES = {
    "a room above": ("base/up.hpp", '#pragma once\n#include "motion/motion_result.hpp"\n', "may not include"),
    "the same in angle brackets": ("base/up.cpp", "#include <motion/motion_result.hpp>\n", "may not include"),
    "more of a room than allowed": ("ipc/a.cpp", '#include "motion/detector.hpp"\n', "may not include"),
    "a path upwards": ("ipc/b.cpp", '#include "../base/error.hpp"\n', "points out of its room"),
    "a header by its bare name": ("ipc/c.cpp", '#include "messages.hpp"\n', "is no file"),
    "another room's library": ("ipc/d.cpp", "#include <sqlite3.h>\n", "outbox and tools only"),
    "json in a header": ("ipc/e.hpp", "#pragma once\n#include <nlohmann/json.hpp>\n", "*.cpp only"),
    "options outside main": ("tools/f.cpp", "#include <CLI/CLI.hpp>\n", "main.cpp"),
    "GStreamer in the verifier": ("tools/verify/g.cpp", "#include <gst/gst.h>\n", "may never include"),
    "a clock read": ("motion/h.cpp", "auto t = std::chrono::system_clock::now();\n", "reads a clock"),
    "no pragma": ("motion/i.hpp", "struct I {};\n", "#pragma once"),
    "a long file": ("motion/j.cpp", "\n" * (LONGEST_FILE_LINES + 1), "longer than"),
    "an unknown room": ("attic/k.cpp", "\n", "no room"),
}


def findings_in(table, tree):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in tree.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        return list(check(table, root))


def self_test(table):
    failures = [f"found in a good tree: {finding}" for finding in findings_in(table, GOOD_TREE)]
    for what, (file, text, expected) in BAD_FILES.items():
        found = findings_in(table, {**GOOD_TREE, file: text})
        if len(found) != 1 or expected not in found[0]:
            failures.append(f"{what}: expected one finding with '{expected}', got {found}")
    return failures


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        sys.exit(__doc__)
    data = pathlib.Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
    table = Table(json.loads(data))
    argument = sys.argv[1]
    findings = self_test(table) if argument == "--self-test" else list(check(table, pathlib.Path(argument)))
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)


main()
