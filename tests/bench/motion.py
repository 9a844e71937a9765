#!/usr/bin/env python3
"""usage: scripts/bench motion [--footage DIR] [--peers] [--quick] [--seed-base N]
Everything that motion detection promises, in one run: films with exact truth and real ones, cost and memory, beside OpenCV's MOG2 and
KNN, plain differences and memcpy (scripts/bench motion-films); clips that hold their pre-roll; a million random blocks through every set
of kernels; the whole worker beside the `motion` daemon and motioncells (worker-cost); instructions per pixel, SSE2 and NEON
(motion-instructions). What needs a program that is not installed is left out, and said so. Tables on standard error, JSON lines on
standard output. How to read it: docs/guide/motion-bench.md."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent
ROOT = BENCH.parents[1]
BIN = Path(os.environ["CAMGATE_BIN"])


def heading(text):
    print(f"\n== {text}", file=sys.stderr, flush=True)


def run(command):
    status = subprocess.run(command, check=False).returncode
    if status != 0:
        sys.exit(f"motion: {command[0]} ended with {status}")


def tests(section, program, name):
    """A count that a test makes: all of it, or the test says which was missed."""
    passed = subprocess.run([*program, name], check=False, stdout=sys.stderr).returncode == 0
    print(json.dumps({"bench": "motion", "section": section, "test": name, "passed": passed}), flush=True)


def neon(target, emulator):
    program = ROOT / "build" / target / "bin/unit_motion"
    if not program.exists() or not shutil.which(emulator):
        print(f"{target}: left out (wants scripts/build {target} and {emulator})", file=sys.stderr)
        return
    sysroot = subprocess.run([ROOT / "scripts/sysroot", target], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    tests(f"kernels-{target}", [emulator, "-L", sysroot, str(program)], "[million]")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--footage", metavar="DIR")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed-base", metavar="N")
    options = parser.parse_args()

    heading("films, footage, cost and memory")
    films = [str(BIN / "bench_motion_films")]
    films += ["--footage", options.footage] if options.footage else []
    films += ["--seed-base", options.seed_base] if options.seed_base else []
    films += [flag for flag in ("--peers", "--quick") if getattr(options, flag[2:])]
    run(films)

    heading("pre-roll")
    tests("pre-roll", [str(BIN / "unit_app")], r"pre-roll: 1\,000 of 1\,000*")  # a comma would be "or"

    heading("kernels bit for bit over a million random blocks")
    tests("kernels-host", [str(BIN / "unit_motion")], "[million]")
    neon("arm64", "qemu-aarch64-static")
    neon("armhf", "qemu-arm-static")

    heading("the whole worker, CPU seconds per 1000 frames of 640x360")
    run([str(BENCH / "worker_cost.py"), *(["--runs", "1", "--seconds", "30"] if options.quick else [])])

    heading("instructions per input pixel")
    missing = [tool for tool in ("valgrind", "aarch64-linux-gnu-g++", "qemu-aarch64-static") if not shutil.which(tool)]
    if missing:
        print(f"left out: {', '.join(missing)} not installed", file=sys.stderr)
    else:
        run([str(BENCH / "motion_instructions.py")])


main()
