#!/usr/bin/env python3
"""usage: scripts/bench cut-upload [--bytes N] [--disconnects N] [--broker-restarts N] [--daemon-restarts N]
A clip from a real gateway over a line that is cut again and again: its connections reset, the broker killed and started
without the sessions that it had, the daemon killed and started anew. Prints whether the same bytes arrived, and how many
went again per cut, beside the most that were under way at once and what a broker that was killed took along: it had acknowledged that
and the hub had not written it yet."""

import argparse
import hashlib
import json
import random
import re
import socket
import struct
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from lab import Lab, LabError, wait_until  # noqa: E402
from light_gateways import FOOTAGE_KBPS, make_footage, now, text  # noqa: E402

CAP_KBPS = 8000
CHUNK_BYTES, AROUND_CHUNK_BYTES = 65500, 36  # at this cap


class Door:
    """Passes on what comes; `cut()` resets every connection."""

    def __init__(self, broker_port):
        self.broker_port = broker_port
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.pairs = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.server.accept()
            try:
                pair = (client, socket.create_connection(("127.0.0.1", self.broker_port)))
            except OSError:
                client.close()
                continue
            self.pairs.add(pair)
            for source, sink in (pair, pair[::-1]):
                threading.Thread(target=self._carry, args=(pair, source, sink), daemon=True).start()

    def _carry(self, pair, source, sink):
        try:
            while got := source.recv(1 << 16):
                sink.sendall(got)
        except OSError:
            pass
        self._close(pair)

    def _close(self, pair):
        self.pairs.discard(pair)
        for end in pair:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        for pair in list(self.pairs):
            for end in pair:
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._close(pair)


class Household:
    """The gateway, its broker and what happens to them."""

    def __init__(self, lab):
        self.lab = lab
        self.broker = lab.start_broker()
        self.door = Door(lab.broker_port)
        lab.start_hub("--quiet")
        make_footage(lab.folder / "noise.mp4")
        camera = {"id": "noise", "main": f"file:{lab.folder}/noise.mp4?loop=1", "bitrate_kbps": 2 * FOOTAGE_KBPS, "motion": {"enabled": False}}
        self.config = lab.write_config([camera], hub={"cap_kbps": CAP_KBPS, "clips": "none", "port": self.door.port})
        self.gateway = lab.start_gateway(self.config)
        self.sent_before = 0
        self.most_in_flight = 0
        self.lost_by_broker = 0
        wait_until(lambda: lab.camera_status("noise").get("state") == "ok", 60, "the camera to be ok")
        wait_until(lambda: lab.status().get("link", {}).get("state") == "up", 60, "the link to be up")

    def sent(self):
        """Bytes of chunks that were handed to the line, over all runs of the daemon."""
        try:
            metrics = self.lab.ctl("metrics")["text"]
        except (LabError, json.JSONDecodeError):
            return None
        self.most_in_flight = max(self.most_in_flight, sample(metrics, "clip_bytes_in_flight_max"))
        return self.sent_before + sample(metrics, "clip_bytes_sent_total")

    def disconnect(self):
        self.door.cut()

    def received(self):
        """Bytes of the clip that the hub has written: its file has its size from the start, and zeros where nothing came yet."""
        parts = [part.read_bytes() for part in (self.lab.hub_out / "clips").rglob("*.part")]
        return sum(CHUNK_BYTES for data in parts for at in range(0, len(data), CHUNK_BYTES) if any(data[at:at + CHUNK_BYTES]))

    def lose_broker(self):
        self.lost_by_broker += max((self.sent() or 0) - self.received(), 0)
        self.broker.kill()
        for path in (self.lab.folder / "broker").glob("mosquitto.db*"):
            path.unlink()
        self.broker = self.lab.start_broker()

    def restart_daemon(self):
        self.sent_before = self.sent() or self.sent_before
        self.gateway.kill()
        self.gateway = self.lab.start_gateway(self.config)


def sample(metrics, name):
    return int(re.search(rf"^camgate_{name}(?:{{.*}})? (\d+)", metrics, re.M).group(1))


def request(lab, begin, size):
    asked = lab.hub_command("request-clip", "--gateway", lab.gateway, "--camera", "noise", "--from", text(begin), "--to", text(now()),
                            "--quality", "full")
    if asked.returncode != 0:
        raise LabError(asked.stdout + asked.stderr)
    clip = json.loads(asked.stdout)["result"]
    if clip["bytes"] < size * 0.9:
        raise LabError(f"the clip has {clip['bytes']} bytes only")
    return clip


def run(lab, options):
    home = Household(lab)
    begin = now()
    time.sleep(options.bytes * 8 / FOOTAGE_KBPS / 1000 + 3)
    clip = request(lab, begin, options.bytes)
    cuts = [home.disconnect] * options.disconnects + [home.lose_broker] * options.broker_restarts + [home.restart_daemon] * options.daemon_restarts
    random.shuffle(cuts)
    started = time.monotonic()
    for number, cut in enumerate(cuts, 1):
        # Each in the middle of the clip, when something is on its way again.
        goal = clip["bytes"] * number / (len(cuts) + 1)
        progress = home.sent() or 0
        wait_until(lambda: (home.sent() or 0) >= max(goal, progress + 1), 300, f"byte {goal:.0f} to be sent")
        cut()
    wait_until(lambda: lab.hub_clips(), 300, "the clip to arrive")
    file, verdict = next(iter(lab.hub_clips().items()))
    wait_until(lambda: home.sent() is not None, 10, "the daemon to answer")
    again = home.sent() - clip["bytes"] - -(-clip["bytes"] // CHUNK_BYTES) * AROUND_CHUNK_BYTES
    print(json.dumps({
        "bench": "cut-upload", "bytes": clip["bytes"], "disconnects": options.disconnects, "broker_restarts": options.broker_restarts,
        "daemon_restarts": options.daemon_restarts, "seconds": round(time.monotonic() - started, 1), "verified": verdict["verified"],
        "same_sha256": hashlib.sha256(file.read_bytes()).hexdigest() == verdict["sha256"], "sent_again_bytes": again,
        "sent_again_per_cut_bytes": round(again / max(1, len(cuts))), "most_in_flight_bytes": home.most_in_flight,
        "lost_by_broker_bytes": home.lost_by_broker}), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", type=int, default=20_000_000)
    parser.add_argument("--disconnects", type=int, default=20)
    parser.add_argument("--broker-restarts", type=int, default=5)
    parser.add_argument("--daemon-restarts", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as folder, Lab(folder) as lab:
        run(lab, options)


main()
