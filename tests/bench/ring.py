#!/usr/bin/env python3
"""usage: scripts/bench ring [--runs N] [--seconds N]
What the ring costs a card, beside other ways to keep footage so that nothing older than 2 s is lost: bytes to the disk
per byte of media, syncs, CPU per MB, with one and with four cameras (2 Mbit/s, sub-streams of 256 kbit/s) in real time;
and ffmpeg's segmenter, which syncs nothing. Each way has an ext4 of its own on a loop device and all run at once, N
times; medians. Without root they lie in plain folders, and what the file system itself writes is not known. Then what
a start costs on a full ring of 64 GiB and of 1 TiB whose last records are torn."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

BIN = Path(os.environ["CAMGATE_BIN"])
RING_MIB = 324
IMAGE_MIB = 768
WAYS = [(store, cameras) for store in ("none", "ring", "append", "sqlite", "ffmpeg") for cameras in (1, 4)]
STREAMS = {"main": ("1920x1080", 2000), "sub": ("640x360", 256)}
START_RINGS = [(64, 1), (64, 3), (1024, 1), (1024, 3)]


def run(*command):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True).stdout


def loop_file_system(folder, stack):
    """An ext4 of its own mounted at `folder`; the name of its disk."""
    image = folder.with_suffix(".ext4")
    run("truncate", "-s", f"{IMAGE_MIB}M", image)
    run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", image)
    device = run("losetup", "--find", "--show", image).strip()
    stack.callback(run, "losetup", "--detach", device)
    run("mount", "-o", "noatime", device, folder)
    stack.callback(run, "umount", folder)
    return Path(device).name


def make_footage(folder):
    """Ten seconds of each stream at its rate, which noise makes the encoder use up."""
    for name, (size, kbps) in STREAMS.items():
        run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=15,noise=alls=40:allf=t", "-t", 10,
            "-c:v", "libx264", "-preset", "ultrafast", "-g", 30, "-b:v", f"{kbps}k", "-minrate", f"{kbps}k",
            "-maxrate", f"{kbps}k", "-bufsize", f"{kbps}k", folder / f"{name}.mp4")


def media_bytes(segments):
    sizes = (run("ffprobe", "-v", "error", "-show_entries", "packet=size", "-of", "csv=p=0", file) for file in segments)
    return sum(int(line.strip(",")) for text in sizes for line in text.split())


def disk_counters(disk):
    fields = Path(f"/sys/block/{disk}/stat").read_text().split()
    return {"bytes": int(fields[6]) * 512, "flushes": int(fields[15])}


def segmenter(footage, folder, camera, seconds):
    command = ["ffmpeg", "-v", "error"]
    for name in STREAMS:
        command += ["-re", "-stream_loop", "-1", "-i", footage / f"{name}.mp4"]
    for index, name in enumerate(STREAMS):
        command += ["-map", str(index), "-c", "copy", "-f", "segment", "-segment_time", "10", "-reset_timestamps", "1",
                    "-t", str(seconds), folder / f"{camera}-{name}-%04d.mp4"]
    return subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL)


def start(way, footage, folder, disk, seconds):
    """Starts one way; answers with what waits for its end and gives its figures."""
    store, cameras = way
    if store != "ffmpeg":
        child = subprocess.Popen([BIN / "bench_ring_writes", "--store", store, "--cameras", str(cameras), "--folder",
                                  folder, "--ring-mib", str(RING_MIB), "--seconds", str(seconds), "--paced"]
                                 + (["--disk", disk] if disk else []), stdout=subprocess.PIPE, text=True)
        return lambda: [json.loads(line) for line in child.communicate()[0].splitlines()]
    before = disk_counters(disk) if disk else None
    children = [segmenter(footage, folder, camera, seconds) for camera in range(cameras)]

    def finish():
        cpu = 0.0
        for child in children:
            usage = os.wait4(child.pid, 0)[2]
            cpu += usage.ru_utime + usage.ru_stime
        run("sync", "-f", folder)
        media = media_bytes(folder.glob("*.mp4"))
        row = {"bench": "ring-writes", "store": store, "cameras": cameras, "phase": "settled",
               "media_mb": round(media / 1e6, 1), "syncs_per_2s": 0, "cpu_ms_per_mb": round(cpu * 1e9 / media, 2)}
        if disk:
            after = disk_counters(disk)
            row |= {"device_per_media": round((after["bytes"] - before["bytes"]) / media, 4),
                    "flushes_per_2s": round((after["flushes"] - before["flushes"]) * 2 / seconds, 2)}
        return [row]
    return finish


def measure_writes(work, with_loops, seconds):
    footage = work / "footage"
    footage.mkdir(exist_ok=True)
    if not (footage / "sub.mp4").exists():
        make_footage(footage)
    with ExitStack() as stack:
        endings = []
        for store, cameras in WAYS:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"{store}-{cameras}-", dir=work)))
            disk = None
            if with_loops and store != "none":
                place = folder / "disk"
                place.mkdir()
                disk = loop_file_system(place, stack)
                folder = place
            endings.append(start((store, cameras), footage, folder, disk, seconds))
        return [row for finish in endings for row in finish()]


def medians(rows, keys):
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    for group in groups.values():
        figures = {name: statistics.median(row[name] for row in group) for name, value in group[0].items()
                   if isinstance(value, (int, float)) and name not in keys}
        yield {**group[0], **figures, "runs": len(group)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=120, help="measured per run, once the ring is full")
    options = parser.parse_args()
    with_loops = os.geteuid() == 0 and Path("/dev/loop-control").exists()
    if not with_loops:
        print("ring: no root, no loop devices: plain folders, and what the file system writes is not known",
              file=sys.stderr)
    writes, starts = [], []
    with tempfile.TemporaryDirectory(prefix="camgate-bench-", dir="/var/tmp") as name:
        for _ in range(options.runs):
            writes += measure_writes(Path(name), with_loops, options.seconds)
        for gib, classes in START_RINGS:
            with tempfile.TemporaryDirectory(dir=name) as folder:
                text = run(BIN / "bench_ring_start", "--folder", folder, "--gib", gib, "--classes", classes,
                           "--runs", options.runs)
                starts += [json.loads(line) for line in text.splitlines()]
    for row in [*medians(writes, ("store", "cameras", "phase")), *medians(starts, ("ring_gib", "classes"))]:
        print(json.dumps(row))


if __name__ == "__main__":
    main()
