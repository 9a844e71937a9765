#!/usr/bin/env python3
"""usage: scripts/bench extract [--runs N] [--cap KBPS] [--seconds N]
A hub asks a real gateway for footage of the past over a real broker; nothing else is on the line. Prints, per run and as the
median, how long it took from the order to the first chunk at the hub, and to the hub's word that the clip is whole and genuine."""

import argparse
import datetime
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from lab import Lab, LabError, probe_mp4, wait_until  # noqa: E402

FIGURES = ("first_chunk_s", "whole_s")


def wall(ago):
    return (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=ago)).strftime("%Y-%m-%dT%H:%M:%SZ")


def extract(lab, ago, options):
    """Of footage that no earlier run asked for: an order for what was sent is answered without sending it."""
    def has_begun():
        # The file has its size before it has bytes.
        return any(path.stat().st_blocks for path in (lab.hub_out / "clips").glob("*.part"))

    verdicts = set(lab.hub_clips())
    began = time.monotonic()
    order = [str(word) for word in (lab.bin / "camgate-hub", "request-clip", *lab.hub_link(), "--signer-cert", lab.pki / "signer.crt",
                                    "--signer-key", lab.pki / "signer.key", "--gateway", lab.gateway, "--camera", "gate",
                                    "--quality", "preview", "--from", wall(ago), "--to", wall(ago - options.seconds))]
    with subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asking:
        wait_until(lambda: has_begun() or asking.poll() not in (None, 0), 60, "the first chunk", every=0.01)
        first = time.monotonic() - began
        said, complaint = asking.communicate(timeout=60)
    if asking.returncode != 0:
        raise LabError(said + complaint)
    clip = wait_until(lambda: set(lab.hub_clips()) - verdicts, 120, "the clip", every=0.02).pop()
    return {"first_chunk_s": round(first, 2), "whole_s": round(time.monotonic() - began, 2), "bytes": clip.stat().st_size,
            "shown_s": round(probe_mp4(clip)["duration"], 1),
            "verified": lab.hub_clips()[clip]["verified"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--cap", type=int, default=512)
    parser.add_argument("--seconds", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as folder, Lab(folder) as lab:
        lab.start_broker()
        lab.start_hub("--quiet")
        camera = lab.start_camera("gate", "--main", "yard", "--sub", "yard", "--size", "640x480", "--sub-size", "320x240", "--fps", "10")
        lab.start_gateway(lab.write_config([camera.settings], hub={"cap_kbps": options.cap, "clips": "none"}))
        wait_until(lambda: lab.camera_status("gate").get("state") == "ok", 60, "the camera to be ok")
        wait_until(lambda: lab.status().get("link", {}).get("state") == "up", 60, "the link to be up")
        runs = []
        for number in range(options.runs):
            time.sleep(options.seconds + 15)
            runs.append(extract(lab, options.seconds + 5, options))
            print(json.dumps({"bench": "extract", "cap_kbps": options.cap, "run": number, **runs[-1]}), flush=True)
        for figure in FIGURES:
            print(json.dumps({"bench": "extract", "cap_kbps": options.cap, "median": figure, "value": statistics.median(run[figure] for run in runs)}))


main()
