#!/usr/bin/env python3
"""usage: scripts/bench link-soak [--faults N] [--gateways N] [--quiet-s N] [--link PROGRAM]
Gateways whose every connection ends badly: reset, swallowed by a black hole, met by a broker with a foreign certificate,
or cut because the broker is killed; before that, for comparison, a while in which none ends. Prints what their process has
gained in both (memory, descriptors, threads), how late its loop's turns were, and that nothing was lost. --link takes another build of camgate-link, for example one with
sanitizers; what they complain of counts as a failure."""

import argparse
import json
import os
import random
import selectors
import shutil
import signal
import socket
import struct
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from lab import Lab, free_port, make_pki, proc_rss_kb  # noqa: E402
from light_gateways import LightGateways  # noqa: E402

FATES = ("reset", "black-hole", "foreign-broker")
BROKER_KILL_EVERY_S = 20


class BadDoor(threading.Thread):
    """Between gateways and broker: each connection has a fate, until `good` is set."""

    def __init__(self, broker_port, foreign_port):
        super().__init__(daemon=True)
        self.ports = {"broker": broker_port, "foreign-broker": foreign_port}
        self.server = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.server.getsockname()[1]
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.server, selectors.EVENT_READ, None)
        self.pairs = {}
        self.faults = dict.fromkeys(FATES, 0)
        self.good = False

    def run(self):
        while True:
            for key, _ in self.selector.select(0.1):
                if key.fileobj is self.server:
                    self.accept()
                elif key.fileobj in self.pairs:
                    self.carry(key.fileobj)
            for end, pair in list(self.pairs.items()):
                if end in self.pairs:
                    self.look(pair)

    def accept(self):
        client, _ = self.server.accept()
        fate = None if self.good else random.choice(FATES)
        try:
            broker = socket.create_connection(("127.0.0.1", self.ports["foreign-broker" if fate == "foreign-broker" else "broker"]), 1)
        except OSError:
            client.close()  # the broker was killed
            return
        if fate == "foreign-broker":
            self.faults[fate] += 1
        pair = {"ends": (client, broker), "fate": fate, "due": time.monotonic() + random.uniform(0.3, 3), "deaf": False}
        for end in pair["ends"]:
            self.pairs[end] = pair
            self.selector.register(end, selectors.EVENT_READ, None)

    def carry(self, end):
        pair = self.pairs[end]
        other = pair["ends"][1] if end is pair["ends"][0] else pair["ends"][0]
        try:
            got = end.recv(1 << 16)
            if got and not pair["deaf"]:
                other.sendall(got)
        except OSError:
            got = b""
        if not got:
            self.close(pair)

    def look(self, pair):
        if pair["fate"] not in ("reset", "black-hole") or pair["deaf"] or time.monotonic() < pair["due"]:
            return
        self.faults[pair["fate"]] += 1
        if pair["fate"] == "black-hole":
            pair["deaf"] = True
            return
        for end in pair["ends"]:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close(pair)

    def close(self, pair):
        for end in pair["ends"]:
            if self.pairs.pop(end, None):
                self.selector.unregister(end)
            end.close()


def foreign_broker(lab):
    """Speaks TLS with a certificate of another authority."""
    pki, port = lab.folder / "foreign-pki", free_port()
    make_pki(pki, lab.gateway)
    config = lab.folder / "foreign.conf"
    config.write_text(f"listener {port} 127.0.0.1\ncafile {pki}/ca.crt\ncertfile {pki}/broker.crt\nkeyfile {pki}/broker.key\n"
                      "allow_anonymous true\nlog_dest none\n" + ("user root\n" if os.geteuid() == 0 else ""))
    broker = lab.start("foreign-broker", ["/usr/sbin/mosquitto", "-c", config])
    lab.wait_for_port(port, broker)
    return port


def look_at(pid):
    return {"rss_kb": proc_rss_kb(pid), "descriptors": len(os.listdir(f"/proc/{pid}/fd")), "threads": len(os.listdir(f"/proc/{pid}/task"))}


def latest(light, seconds):
    """How late the loop was at worst within the last so many seconds."""
    return max(news["late_ms"] for at, news in light.history if at > time.time() - seconds)


def slope(samples):
    """Of the memory over the last two thirds, least squares, kB per minute."""
    points = [(at, sample["rss_kb"]) for at, sample in samples if at > samples[-1][0] / 3]
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    below = sum((x - mean_x) ** 2 for x, _ in points)
    return round(60 * above / below, 1) if below else 0.0


def programs(folder, lab, link):
    """Workers are started from beside the program that owns them."""
    lab.bin, before = folder / "bin", lab.bin
    lab.bin.mkdir()
    for name in ("bench_light_gateways", "camgate-hub"):
        shutil.copy2(before / name, lab.bin / name)
    shutil.copy2(link or before / "camgate-link", lab.bin / "camgate-link")


def soak(lab, options):
    broker, kills, samples = lab.start_broker(), 0, []
    lab.start_hub("--quiet")
    door = BadDoor(lab.broker_port, foreign_broker(lab))
    door.good = True
    door.start()
    light = LightGateways(lab, gateways=options.gateways, port=door.port, prefix="cg", alarms_per_minute=6)
    light.wait_for(lambda news: news["up"] == options.gateways, 300, "all gateways to be up")
    time.sleep(10)  # the start is over
    quiet, quiet_began = [], time.monotonic()
    while time.monotonic() - quiet_began < options.quiet_s:
        time.sleep(1)
        quiet.append((time.monotonic() - quiet_began, look_at(light.popen.pid)))
    quiet_late = latest(light, options.quiet_s)
    first, begin = look_at(light.popen.pid), time.monotonic()
    door.good = False
    killed = begin
    while sum(door.faults.values()) + kills < options.faults:
        time.sleep(1)
        samples.append((time.monotonic() - begin, look_at(light.popen.pid)))
        if time.monotonic() - killed > BROKER_KILL_EVERY_S:
            broker.popen.send_signal(signal.SIGKILL)
            broker.popen.wait()
            kills += light.news["up"]
            broker, killed = lab.start_broker(), time.monotonic()
    took = time.monotonic() - begin
    late = latest(light, took)
    door.good = True
    for pair in list(door.pairs.values()):
        pair["fate"], pair["due"] = "reset", 0
    light.say("end")
    light.wait_for(lambda news: news["up"] == options.gateways and news["rows"] == 0, 300, "all to be well again")
    time.sleep(5)
    last = look_at(light.popen.pid)
    said = light.stop()
    there = len({(event["gateway"], event["event"], event["phase"]) for event in lab.hub_events()})
    complaints = (lab.logs / "light.log").read_text(errors="replace").count("ERROR: AddressSanitizer")
    return {"bench": "link-soak", "gateways": options.gateways, "faults": door.faults | {"broker-killed": kills}, "seconds": round(took),
            "connections": said["connections"], "before": first, "after": last, "rss_slope_kb_per_minute": slope(samples), "rss_slope_when_quiet": slope(quiet),
            "loop_late_ms": round(late, 1), "loop_late_ms_when_quiet": round(quiet_late, 1), "events_said": 2 * said["alarms"],
            "events_at_hub": there, "lost": 2 * said["alarms"] - there, "sanitizer_complaints": complaints, "load": round(os.getloadavg()[0], 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--gateways", type=int, default=40)
    parser.add_argument("--quiet-s", type=int, default=180)
    parser.add_argument("--link", type=Path, help="another camgate-link")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as folder, Lab(Path(folder) / "lab") as lab:
        programs(Path(folder), lab, options.link)
        figures = soak(lab, options)
        print(json.dumps(figures), flush=True)
        sys.exit(1 if figures["sanitizer_complaints"] or figures["lost"] else 0)


main()
