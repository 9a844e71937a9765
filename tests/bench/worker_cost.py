#!/usr/bin/env python3
"""usage: scripts/bench worker-cost [--seconds N] [--runs N] [--footage FILE]
What looking at one 640x360 sub-stream of 15 frames a second costs, in CPU seconds per 1000 frames of the whole process: camgate-replay
(the worker's own decoder and detector), with the decode gate and without, on a still and on a busy scene with keyframes 1, 2 and 4 s
apart; beside it, on the same files, a bare GStreamer pipeline that decodes, one with motioncells where that plugin is installed, and
the `motion` daemon, which plays files at their own pace. A worker runs for weeks: what starting costs is measured on the first second of
each file and taken off. --footage FILE: real footage as a further busy scene. In turn, N times; medians."""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from lab import proc_cpu_seconds  # noqa: E402

FPS = 15
BIN = Path(os.environ["CAMGATE_BIN"])
SCENES = {"still": ["--empty", "3600"], "busy": ["--empty", "0", "--walk", "6"]}
MOTION_CONFIG = """daemon off
netcam_url file://{file}
width 640
height 360
framerate 15
picture_output off
movie_output off
webcontrol_port 0
stream_port 0
log_level 1
target_dir {folder}
"""


def make_clips(folder, seconds, footage):
    clips = {}
    for scene, story in SCENES.items():
        for group in (1, 2, 4):
            file = folder / f"{scene}-{group}s.mp4"
            subprocess.run([BIN / "camgate-make-clip", file, "--seconds", str(seconds), "--group", str(group), "--bitrate", "256",
                            "--noise", "1", *story], check=True)
            clips[(scene, group)] = file
    if footage:
        file = folder / "footage.mp4"
        subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={footage}", "!", "decodebin", "!", "videoconvert", "!",
                        "videoscale", "!", "videorate", "!", "video/x-raw,format=I420,width=640,height=360,framerate=15/1", "!",
                        "x264enc", "bitrate=500", "key-int-max=30", "speed-preset=veryfast", "!", "h264parse", "!", "mp4mux", "!",
                        "filesink", f"location={file}"], check=True)
        clips[("footage", 2)] = file
    return clips


def child_cpu(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, out


def first_second(file):
    """A file of its own beside it, made once."""
    start = file.with_suffix(".start.mp4")
    if not start.exists():
        subprocess.run(["ffmpeg", "-v", "error", "-i", file, "-c", "copy", "-frames:v", str(FPS), start], check=True)
    return start


def look(file, gate):
    cpu, out = child_cpu([BIN / "camgate-replay", "--json", "--gate", gate, file])
    return cpu, json.loads(out.splitlines()[-1]), out.count('"type":"event"')


def replay(file, gate):
    start_cpu, start, _ = look(first_second(file), gate)
    cpu, summary, events = look(file, gate)
    per_1000 = 1000 / (summary["frames"] - start["frames"])
    return {"cpu_s": (cpu - start_cpu) * per_1000, "start_cpu_s": start_cpu,
            "decode_cpu_s": (summary["decode_cpu_s"] - start["decode_cpu_s"]) * per_1000, "ns_per_px": summary["ns_per_px"],
            "events": events, "frames": summary["frames"]}


def pipeline(file, frames, *tail):
    def cpu_of(which):
        return child_cpu(["gst-launch-1.0", "-q", "filesrc", f"location={which}", "!", "qtdemux", "!", "h264parse", "!", "avdec_h264",
                          "max-threads=1", "!", *tail, "fakesink", "sync=false"])[0]
    start = cpu_of(first_second(file))
    return {"cpu_s": (cpu_of(file) - start) * 1000 / (frames - FPS), "start_cpu_s": start}


def has(element):
    return subprocess.run(["gst-inspect-1.0", "--exists", element], check=False).returncode == 0


def motion_daemon(file, folder, seconds):
    """Between its start and the file's end, by the clock: it does not say how many frames it saw."""
    config = folder / "motion.conf"
    config.write_text(MOTION_CONFIG.format(file=file, folder=folder))
    daemon = subprocess.Popen(["motion", "-c", config, "-n"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(5)
        cpu, began = proc_cpu_seconds(daemon.pid), time.monotonic()
        time.sleep(max(5, seconds - 15))
        return {"cpu_s": (proc_cpu_seconds(daemon.pid) - cpu) * 1000 / (FPS * (time.monotonic() - began))}
    finally:
        daemon.terminate()
        daemon.wait()


def median_of(runs):
    return {key: round(statistics.median(run[key] for run in runs), 4) for key in runs[0]}


def programs_for(file, folder, seconds):
    frames = replay(file, "off")["frames"]
    programs = {
        "camgate-replay": lambda: replay(file, "off"),
        "camgate-replay --gate on": lambda: replay(file, "on"),
        "decode only": lambda: pipeline(file, frames),
    }
    if has("motioncells"):
        programs["motioncells"] = lambda: pipeline(file, frames, "videoconvert", "!", "motioncells", "!")
    if subprocess.run(["which", "motion"], stdout=subprocess.DEVNULL, check=False).returncode == 0:
        programs["motion"] = lambda: motion_daemon(file, folder, seconds)
    return programs


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--footage")
    arguments = parser.parse_args()
    for name in ("motioncells", "motion"):
        there = has(name) if name == "motioncells" else subprocess.run(["which", name], stdout=subprocess.DEVNULL, check=False).returncode == 0
        if not there:
            print(f"{name} is not installed: left out", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as name:
        folder = Path(name)
        for (scene, group), file in make_clips(folder, arguments.seconds, arguments.footage).items():
            programs = programs_for(file, folder, arguments.seconds)
            if group != 2:
                programs.pop("motion", None)  # it takes as long as the file; its cost does not depend on keyframes
            runs = {program: [] for program in programs}
            for _ in range(arguments.runs):
                for program, run in programs.items():
                    if program != "motion" or not runs[program]:
                        runs[program].append(run())
            for program, results in runs.items():
                print(json.dumps({"bench": "worker-cost", "scene": scene, "keyframe_every_s": group, "program": program,
                                  "per": "1000 frames", **median_of(results)}), flush=True)


main()
