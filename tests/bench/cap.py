#!/usr/bin/env python3
"""usage: scripts/bench cap [--kbps N] [--seconds N]
What camgate takes of the family's line while it sends a clip of over the cap's worth, alarms among it: the largest
second and the largest minute that the kernel counted on the household's interface, Ethernet headers and all. Needs root
for a network namespace; says so and ends with 0 where that is not to be had."""

import argparse
import datetime
import json
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from home_line import HomeLine, HomeLineError  # noqa: E402
from lab import Lab, wait_until  # noqa: E402
from light_gateways import FOOTAGE_KBPS, make_footage, text  # noqa: E402


def record(lab, kbps, need_bytes, **hub):
    make_footage(lab.folder / "noise.mp4")
    cameras = [{"id": "noise", "main": f"file:{lab.folder}/noise.mp4?loop=1", "bitrate_kbps": 2 * FOOTAGE_KBPS,
                "motion": {"enabled": False}},
               {"id": "yard", "main": "test:yard?width=640&height=360&empty_s=4&walk_s=6", "bitrate_kbps": 2000}]
    # A clip that waits may hold a quarter of the ring; what goes beyond is overwritten before it is sent.
    storage = {"ring_mib": max(256, round(5 * need_bytes / 2**20))}
    config = lab.write_config(cameras, hub={"cap_kbps": kbps, "clips": "none"} | hub, storage=storage)
    lab.start_broker()
    lab.start_hub("--quiet")
    gateway = lab.start_gateway(config)
    wait_until(lambda: lab.camera_status("noise").get("state") == "ok", 60, "the camera to be ok")
    began = datetime.datetime.now(datetime.timezone.utc)
    time.sleep(need_bytes * 8 / (FOOTAGE_KBPS * 1000) + 5)
    return config, gateway, (text(began), text(datetime.datetime.now(datetime.timezone.utc)))


def request_full(lab, between):
    asked = lab.hub_command("request-clip", "--gateway", lab.gateway, "--camera", "noise", "--from", between[0], "--to", between[1],
                            "--quality", "full")
    if asked.returncode != 0:
        raise SystemExit(asked.stdout + asked.stderr)
    return json.loads(asked.stdout)["result"]


def measure(kbps, seconds):
    with HomeLine() as line, tempfile.TemporaryDirectory(prefix="camgate-bench-") as folder, Lab(folder, line=line) as lab:
        _, _, between = record(lab, kbps, kbps * 1000 / 8 * seconds * 1.1)
        clip = request_full(lab, between)
        sampler = line.sampler()
        events = len(lab.hub_events())
        sampler.start()
        time.sleep(seconds)
        sampler.stop()
        sent = sampler.samples[-1][1] - sampler.samples[0][1]
        print(json.dumps({
            "bench": "cap", "cap_kbps": kbps, "seconds": seconds, "clip_bytes": clip["bytes"],
            "paced_by": lab.status()["link"]["paced_by"], "mean_percent": round(100 * sent * 8 / seconds / kbps / 1000, 1),
            "largest_second_percent": round(100 * sampler.largest(1) * 8 / kbps / 1000, 1),
            "largest_minute_percent": round(100 * sampler.largest(60) * 8 / 60 / kbps / 1000, 1),
            "events_meanwhile": len(lab.hub_events()) - events}), flush=True)


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split("\n")[0][7:])
    parser.add_argument("--kbps", type=int, default=512)
    parser.add_argument("--seconds", type=int, default=300)
    arguments = parser.parse_args()
    try:
        measure(arguments.kbps, arguments.seconds)
    except (HomeLineError, FileNotFoundError) as why:
        print(json.dumps({"bench": "cap", "skipped": f"no network namespace to be had: {why}"}))


if __name__ == "__main__":
    main()
