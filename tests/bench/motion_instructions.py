#!/usr/bin/env python3
"""usage: scripts/bench motion-instructions
Instructions per input pixel of the motion detector: SSE2 on this machine as valgrind counts them, NEON on arm64 and
armhf under qemu-user, whose log of executed translation blocks is multiplied by the length of each. The same frames
are shown to all; what starting costs falls out, because a run is subtracted from one with more frames. Wants
scripts/setup --cross and --peers (valgrind)."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIRST, SECOND = 24, 30  # frames: the detector has settled after the first
FRAMES = 30
SIZES = [(640, 360), (1280, 720)]
SOURCES = [*sorted((ROOT / "firmware/motion").glob("*.cpp")), ROOT / "firmware/base/error.cpp"]
FILM = sorted((ROOT / "tests/support/motion").glob("*.cpp"))


def compile_program(folder, compiler, flags, with_films=False):
    """As the rooms are built: -O2, kernels at -O3; NEON only in its own file."""
    objects = []
    for source in [ROOT / "tests/support/motion_frames.cpp", *SOURCES, *(FILM if with_films else [])]:
        own = ["-O3"] if "kernels" in source.name or "support/motion/" in str(source) else ["-O2"]
        if source.name == "kernels_neon.cpp" and "arm-linux" in compiler:
            own.append("-mfpu=neon")
        if with_films:
            own.append("-DCAMGATE_FRAMES_SHOOT")
        target = folder / f"{source.stem}.o"
        subprocess.run([compiler, "-std=c++23", "-DNDEBUG", *own, *flags, f"-I{ROOT}/firmware", f"-I{ROOT}/tests",
                        "-c", source, "-o", target], check=True)
        objects.append(target)
    program = folder / "motion_frames"
    subprocess.run([compiler, "-static", *objects, "-o", program], check=True)
    return program


def valgrind_instructions(command):
    output = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command], check=True,
                            stderr=subprocess.PIPE, text=True).stderr
    return int(re.search(r"Collected : (\d+)", output)[1])


def qemu_instructions(qemu, command):
    """A block's instructions are in the log when it is translated, its address each time it is executed."""
    read, write = os.pipe()
    process = subprocess.Popen([qemu, "-d", "in_asm,exec,nochain", "-D", f"/dev/fd/{write}", *command],
                               pass_fds=[write])
    os.close(write)
    lengths, total, block = {}, 0, None
    with os.fdopen(read, errors="replace") as log:
        for line in log:
            if line.startswith("Trace "):
                total += lengths[int(line.split("/")[1].split("/")[0], 16)]
            elif line.startswith("0x"):
                address = int(line[:line.index(":")], 16)
                if block is None:
                    block = address
                    lengths[block] = 0
                lengths[block] += 1
            else:
                block = None
    if process.wait() != 0:
        sys.exit(f"motion-instructions: {qemu} failed")
    return total


def measure(name, count, command, width, height):
    counts = [count([*command, str(frames)]) for frames in (FIRST, SECOND)]
    per_px = (counts[1] - counts[0]) / (SECOND - FIRST) / (width * height)
    print(f"{name:<12} {width:>4}x{height:<4} {per_px:8.3f}", file=sys.stderr)
    print(json.dumps({"bench": "motion-instructions", "kernels": name, "width_px": width, "height_px": height,
                      "instructions_per_px": per_px, "frames": [FIRST, SECOND]}), flush=True)


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    targets = [("sse2", "g++", [], valgrind_instructions),
               ("neon-arm64", "aarch64-linux-gnu-g++", [], lambda c: qemu_instructions("qemu-aarch64-static", c)),
               ("neon-armhf", "arm-linux-gnueabihf-g++", [], lambda c: qemu_instructions("qemu-arm-static", c))]
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as name:
        folder = Path(name)
        programs = {}
        for target, compiler, flags, _ in targets:
            (folder / target).mkdir()
            programs[target] = compile_program(folder / target, compiler, flags, with_films=target == "sse2")
        print(f"{'kernels':<12} {'size':<9} {'per px':>8}", file=sys.stderr)
        for width, height in SIZES:
            film = folder / f"{width}.grey"
            subprocess.run([programs["sse2"], "shoot", film, str(width), str(height), str(FRAMES)], check=True)
            for target, _, _, count in targets:
                measure(target, count, [programs[target], "detect", film, str(width), str(height)], width, height)


if __name__ == "__main__":
    main()
