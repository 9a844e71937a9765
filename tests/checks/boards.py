#!/usr/bin/env python3
"""usage: boards.py SOURCE_TREE

scripts/check-boards passes the tree's own boards, and names the place of each fault in boards that are wrong.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

# What is done to the data of orangepi-pc, and the place that has to be named.
WRONG = {
    "unknown key": (lambda b: b.update(camera_count=4), "/: "),
    "wrong type": (lambda b: b.update(max_cameras="four"), "/max_cameras: "),
    "another's name": (lambda b: b.update(name="host"), "/name: "),
    "loader without a file": (lambda b: b["image"].pop("loader_file"), "/image: "),
    "loader in the partition table": (lambda b: b["image"].update(loader_offset_kib=1), "/image/loader_offset_kib: "),
    "no serial console": (lambda b: b.pop("serial_console"), "/serial_console: "),
}


def check(tree, *arguments):
    return subprocess.run([sys.executable, tree / "scripts" / "check-boards", *arguments], capture_output=True, text=True)


def main():
    tree = pathlib.Path(sys.argv[1])
    own = check(tree)
    print(own.stdout, own.stderr, end="")
    failed = own.returncode != 0
    for name, (spoil, place) in WRONG.items():
        with tempfile.TemporaryDirectory() as folder:
            board = pathlib.Path(folder) / "orangepi-pc"
            shutil.copytree(tree / "boards" / "orangepi-pc", board)
            data = json.loads((board / "board.json").read_text())
            spoil(data)
            (board / "board.json").write_text(json.dumps(data))
            result = check(tree, folder)
            if result.returncode != 1 or place not in result.stderr:
                print(f"{name}: expected {place!r} in: {result.stderr!r}, status {result.returncode}")
                failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
