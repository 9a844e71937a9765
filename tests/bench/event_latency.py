#!/usr/bin/env python3
"""usage: scripts/bench event-latency [--events N] [--runs N]
Walkers in the synthetic yard, camera to hub over RTSP, mutual TLS and a real broker, all on this machine. Prints, per run
and for all runs, how long it took from the capture of the confirming frame to the event at a subscriber, and how long
after the walker's first pixel that frame came; and, measured in the same run, how long the broker alone takes for a message (the floor)."""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from lab import Lab, wait_until  # noqa: E402

EMPTY_S, WALK_S = 5, 4
MOTION = {"motion": {"pre_roll_s": 1, "post_roll_s": 1, "merge_gap_s": 1}}


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Subscriber:
    """mosquitto_sub stamps what arrives with its own clock."""

    def __init__(self, lab, topic):
        self.received = []
        self.process = subprocess.Popen(["mosquitto_sub", *tls(lab, "hub"), "-V", "5", "-q", "1", "-t", topic, "-F", "%U %p"],
                                        stdout=subprocess.PIPE, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            stamp, payload = line.split(" ", 1)
            self.received.append((float(stamp), payload))

    def stop(self):
        self.process.terminate()
        self.process.wait()


def tls(lab, name):
    return ["-h", "localhost", "-p", str(lab.broker_port), "--cafile", str(lab.pki / "ca.crt"), "--cert",
            str(lab.pki / f"{name}.crt"), "--key", str(lab.pki / f"{name}.key")]


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def broker_floor_ms(lab):
    """A message of an event's size through the broker, from a connection that stands, to the subscriber."""
    subscriber = Subscriber(lab, "floor")
    publisher = subprocess.Popen(["mosquitto_pub", *tls(lab, "gateway"), "-V", "5", "-q", "1", "-t", "floor", "-l"],
                                 stdin=subprocess.PIPE, text=True)
    time.sleep(1)
    for _ in range(20):
        publisher.stdin.write(json.dumps({"sent": time.time(), "padding": "x" * 500}) + "\n")
        publisher.stdin.flush()
        time.sleep(0.05)
    wait_until(lambda: len(subscriber.received) >= 20, 10, "the floor's messages")
    publisher.stdin.close()
    publisher.wait()
    subscriber.stop()
    return statistics.median((at - json.loads(text)["sent"]) * 1000 for at, text in subscriber.received)


def run(events):
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as folder, Lab(folder) as lab:
        lab.start_broker()
        floor_ms = broker_floor_ms(lab)
        truth = Path(folder) / "truth.jsonl"
        camera = lab.start_camera("yard", "--main", "yard", "--sub", "yard", "--size", "1280x720", "--fps", "15", "--key-interval",
                                  "30", "--empty", EMPTY_S, "--walk", WALK_S, "--truth", truth)
        subscriber = Subscriber(lab, f"camgate/v1/{lab.gateway}/event/+")
        lab.start_gateway(lab.write_config([camera.settings | MOTION], hub={"clips": "none"}))
        def starts():
            """First arrival of each event; without a hub's receipt a row comes again."""
            first = {}
            for at, text in list(subscriber.received):
                event = json.loads(text)
                if event["phase"] == "start":
                    first.setdefault(event["event"], (at, event))
            return list(first.values())
        wait_until(lambda: len(starts()) >= events, 40 + events * (EMPTY_S + WALK_S + 2), f"{events} events")
        subscriber.stop()
        entered = [json.loads(line)["wall_ns"] / 1e9 for line in truth.read_text().splitlines() if "enters" in line]
        found, latencies = [], []
        for at, event in starts():
            start = seconds(event["start"])
            latencies.append((at - start) * 1000)
            before = [enter for enter in entered if enter <= start + 0.2]
            if before:
                found.append((start - before[-1]) * 1000)
        return {"latency_ms": latencies, "found_after_ms": found, "floor_ms": floor_ms}


def summary(results):
    latency = [ms for result in results for ms in result["latency_ms"]]
    found = [ms for result in results for ms in result["found_after_ms"]]
    return {"events": len(latency), "frame_to_hub_ms_median": round(statistics.median(latency), 1),
            "frame_to_hub_ms_p95": round(percentile(latency, 0.95), 1), "frame_to_hub_ms_max": round(max(latency), 1),
            "walker_to_confirming_frame_ms_median": round(statistics.median(found), 1) if found else None,
            "broker_alone_ms": round(statistics.median(r["floor_ms"] for r in results), 2)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=8, help="per run")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    results = []
    for number in range(options.runs):
        results.append(run(options.events))
        print(json.dumps({"bench": "event-latency", "run": number + 1} | summary(results[-1:])), flush=True)
    print(json.dumps({"bench": "event-latency", "runs": options.runs} | summary(results)), flush=True)


main()
