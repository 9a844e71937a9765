#!/usr/bin/env python3
"""usage: scripts/bench fleet [--gateways N] [--minutes N] [--clip-every N]
Many gateways at one broker and one hub: each has the product's own uplink, outbox and link worker processes over mutual
TLS, none has cameras (tests/bench/app/light_gateways.cpp). An alarm a minute each, some with a clip. Prints what was lost,
and what broker, hub and gateways cost. Before it, in simulated time: 10,000 gateways come back after an outage."""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from lab import Lab, proc_cpu_seconds, proc_rss_kb  # noqa: E402
from light_gateways import LightGateways, record_clip  # noqa: E402

CLIP_BYTES, CLIP_KBPS = 300_000, 600


def children(pid):
    return [int(path.name) for path in Path("/proc").iterdir()
            if path.name.isdigit() and (path / "stat").exists() and parent(path) == pid]


def parent(path):
    try:
        return int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def cost(begin, end, minutes, pid):
    return {"cpu_percent": round(100 * (end - begin) / minutes / 60, 1), "rss_mb": round(proc_rss_kb(pid) / 1024, 1)}


def arrived(lab):
    """(gateway, event, phase) of what the hub has, each once."""
    return {(event["gateway"], event["event"], event["phase"]) for event in lab.hub_events()}


def run(folder, options):
    clip, manifest = record_clip(folder, CLIP_BYTES, CLIP_KBPS)
    with Lab(folder / "fleet") as lab:
        broker = lab.start_broker("max_queued_messages 10000\npersistence false\n")
        hub = lab.start_hub("--quiet")
        began = time.monotonic()
        light = LightGateways(lab, gateways=options.gateways, prefix="cg", clip=clip, manifest=manifest, clip_every=options.clip_every,
                              alarms_per_minute=1, seal_to=lab.pki / "receiver.crt")
        light.wait_for(lambda news: news["up"] == options.gateways, 600, "all gateways to be up")
        up_after = time.monotonic() - began
        before = {process: proc_cpu_seconds(process.pid) for process in (broker, hub, light.popen)}
        time.sleep(options.minutes * 60)
        costs = {process: cost(before[process], proc_cpu_seconds(process.pid), options.minutes, process.pid) for process in before}
        workers = [rss for pid in children(light.popen.pid) if (rss := proc_rss_kb(pid))]
        light.say("end")
        light.wait_for(lambda news: news["rows"] == 0 and news["clips_verified"] >= news["alarms_with_clip"], 300, "all to be at the hub")
        there = len(arrived(lab))
        last = light.stop()
        print(json.dumps({
            "bench": "fleet", "gateways": options.gateways, "minutes": options.minutes, "all_up_after_s": round(up_after, 1),
            "alarms": last["alarms"], "events_said": 2 * last["alarms"], "events_at_hub": there, "lost": 2 * last["alarms"] - there,
            "clips": last["alarms_with_clip"], "clips_at_hub": len(lab.hub_clips()), "clip_bytes": clip.stat().st_size,
            "connections": last["connections"], "broker": costs[broker], "hub": costs[hub], "gateways_process": costs[light.popen],
            "workers": len(workers), "worker_rss_mb": round(sum(workers) / 1024 / max(1, len(workers)), 1),
            "load": round(os.getloadavg()[0], 1)}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gateways", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clip-every", type=int, default=10)
    options = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    binaries = Path(os.environ.get("CAMGATE_BIN", Path(__file__).resolve().parents[2] / "build/host/bin"))
    subprocess.run([binaries / "bench_reconnect_spread"], check=True, stderr=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as folder:
        run(Path(folder), options)


main()
