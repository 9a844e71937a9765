#!/usr/bin/env python3
"""usage: scripts/bench idle-cost [--runs N] [--seconds N]
What a still scene costs: CPU seconds per 1000 main-stream frames and resident memory of each process of a gateway, with one and with
four 1080p15 cameras that have 640x360 sub-streams, in turn, N times; medians. In the same runs the floor: a bare
GStreamer pipeline that receives both streams of one camera and parses them, and one that also decodes the sub-stream."""

import argparse
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from lab import Lab, proc_cpu_seconds, proc_rss_kb, wait_until  # noqa: E402

FPS = 15
WARM_UP_S = 5


def start_camera(lab):
    # One simulator for all: its streams are shared, so four viewers cost the machine one encoding.
    return lab.start_camera("gate", "--main", "yard", "--sub", "yard", "--size", "1920x1080", "--fps", str(FPS),
                            "--key-interval", str(2 * FPS), "--empty", "3600", "--bitrate", "4000")


def floor_pipeline(lab, camera, decode):
    def branch(url, tail):
        return ["rtspsrc", f"location={url}", "protocols=tcp", "latency=200", f"user-id={camera.settings['user']}",
                f"user-pw={camera.settings['password']}", "!", "rtph264depay", "!", "h264parse", "!", *tail]
    sink = ["fakesink", "sync=false"]
    return lab.start("floor-decode" if decode else "floor", [
        "gst-launch-1.0", "-q", *branch(camera.settings["main"], sink),
        *branch(camera.settings["sub"], (["avdec_h264", "max-threads=1", "!"] if decode else []) + sink)])


def measure_gateway(cameras, seconds):
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as folder, Lab(folder) as lab:
        lab.start_broker()
        camera = start_camera(lab)
        rows = [camera.settings | {"id": f"cam{i}", "bitrate_kbps": 8000} for i in range(cameras)]
        lab.start_gateway(lab.write_config(rows))
        def all_ok():
            states = [row["state"] for row in lab.status().get("cameras", [])]
            return len(states) == cameras and set(states) == {"ok"}
        wait_until(all_ok, 40, "all cameras to be ok")
        time.sleep(WARM_UP_S)
        before = lab.status()
        cpu_before = {p["name"]: proc_cpu_seconds(p["pid"]) for p in before["processes"] if p.get("pid")}
        time.sleep(seconds)
        after = lab.status()
        frames = {row["id"]: row["counters"]["frames"] for row in after["cameras"]}
        for row in before["cameras"]:
            frames[row["id"]] -= row["counters"]["frames"]
        per_camera = statistics.mean(frames.values())
        return {p["name"].split(" ")[0]: (1000 * (proc_cpu_seconds(p["pid"]) - cpu_before[p["name"]]) / per_camera,
                                          proc_rss_kb(p["pid"]))
                for p in after["processes"] if p["name"] in cpu_before}


def measure_floor(decode, seconds):
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as folder, Lab(folder) as lab:
        pipeline = floor_pipeline(lab, start_camera(lab), decode)
        time.sleep(WARM_UP_S)
        before = proc_cpu_seconds(pipeline.pid)
        time.sleep(seconds)
        cpu = proc_cpu_seconds(pipeline.pid) - before
        return {pipeline.name: (1000 * cpu / (FPS * seconds), proc_rss_kb(pipeline.pid))}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=20, help="measured per run")
    options = parser.parse_args()
    figures = {}
    for _ in range(options.runs):
        for cameras in (1, 4):
            for process, figure in measure_gateway(cameras, options.seconds).items():
                figures.setdefault((cameras, process), []).append(figure)
        for decode in (False, True):
            for process, figure in measure_floor(decode, options.seconds).items():
                figures.setdefault((1, process), []).append(figure)
    for (cameras, process), values in sorted(figures.items()):
        print(json.dumps({"bench": "idle-cost", "cameras": cameras, "process": process, "runs": len(values),
                          "cpu_s_per_1000_frames": round(statistics.median(cpu for cpu, _ in values), 3),
                          "rss_mib": round(statistics.median(rss for _, rss in values) / 1024, 1)}), flush=True)


main()
