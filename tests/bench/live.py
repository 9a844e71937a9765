#!/usr/bin/env python3
"""usage: scripts/bench live [--seconds N] [--runs N] [--cap KBPS]
A hub looks at a camera of this machine through a real gateway and broker. Prints, per run and as the median, how long it took
from the order to the first bytes, how far the gateway was behind at most (capture to the broker's acknowledgement), what came,
and what ffmpeg says of it."""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from lab import Lab, LabError, probe_mp4, wait_until  # noqa: E402


def look(lab, number, options):
    out = lab.folder / f"live-{number}.mp4"
    command = [lab.bin / "camgate-hub", "follow", *lab.hub_link(), "--signer-cert", lab.pki / "signer.crt", "--signer-key",
               lab.pki / "signer.key", "--gateway", lab.gateway, "--camera", "gate", "--seconds", options.seconds, "--bytes", 100_000_000,
               "--out", out, "--receive-key", lab.pki / "receiver.key"]
    began = time.monotonic()
    with subprocess.Popen([str(word) for word in command], stderr=subprocess.PIPE, text=True) as viewer:
        wait_until(lambda: (out.exists() and out.stat().st_size > 2000) or viewer.poll() is not None, options.seconds + 30, "the first bytes")
        first = time.monotonic() - began
        said = viewer.communicate(timeout=options.seconds + 60)[1]
    if viewer.returncode != 0:
        raise LabError(said)
    ended = json.loads(said.splitlines()[-1])
    entry = next(entry for entry in lab.ctl("audit")["entries"] if entry["action"] == "live.end" and entry["detail"]["live"] == ended["live"])
    seen = probe_mp4(out)
    return {"first_bytes_s": round(first, 2), "behind_most_ms": entry["detail"]["behind_ms"], "bytes": ended["bytes"], "files": ended["files"],
            "parts_lost": ended["parts_lost"], "ended": ended["ended"], "shown_s": round(seen["duration"], 1), "errors": seen["errors"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cap", type=int, default=512)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as folder, Lab(folder) as lab:
        lab.start_broker()
        camera = lab.start_camera("gate", "--main", "yard", "--sub", "yard", "--size", "640x480", "--sub-size", "320x240", "--fps", "10")
        config = lab.write_config([camera.settings], hub={"cap_kbps": options.cap, "clips": "none"})
        lab.start_gateway(config)
        wait_until(lambda: lab.camera_status("gate").get("state") == "ok", 60, "the camera to be ok")
        wait_until(lambda: lab.status().get("link", {}).get("state") == "up", 60, "the link to be up")
        runs = []
        for number in range(options.runs):
            runs.append(look(lab, number, options))
            print(json.dumps({"bench": "live", "cap_kbps": options.cap, "run": number, **runs[-1]}), flush=True)
        for figure in ("first_bytes_s", "behind_most_ms"):
            print(json.dumps({"bench": "live", "cap_kbps": options.cap, "median": figure, "value": statistics.median(run[figure] for run in runs)}))


main()
