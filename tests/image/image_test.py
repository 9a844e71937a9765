#!/usr/bin/env python3
"""usage: tests/image/image_test.py BOARD IMAGE.img.zst [--cuts N] [--log FILE]

A board in QEMU from its flashed card on: first start, the technician's console, enrolment at this machine's hub, a camera of this machine is
added and recorded, an event and its clip arrive at the hub, the power is cut N times while it records. Prints what was seen and when; fails at
the first that does not hold.
"""
import argparse
import os
import pathlib
import random
import re
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from commune import Commune  # noqa: E402
from lab import Lab, probe_mp4, wait_until  # noqa: E402
from machine import Machine, unpack_card  # noqa: E402

HOST_SEEN_FROM_GUEST = "10.0.2.2"
PROMPT = r"(camgate|technician)> $"
PIN = "271828"
# QEMU without KVM on a busy machine.
START_S = 900


class Box:
    """The machine and what a technician types on it."""

    def __init__(self, board, card, log):
        self.board, self.card, self.log = board, card, log
        self.start()

    def start(self):
        self.machine = Machine(self.board, self.card, self.log)
        self.machine.expect(r"camgate: slot ([AB]),", START_S)
        self.say("the boot loader took a slot")
        self.machine.expect(PROMPT, START_S)
        self.say("the serial line has camgatectl")

    def cut_power(self):
        self.machine.cut_power()

    def say(self, what):
        print(f"image: {what} ({self.machine.seconds():.0f} s after power-on)", flush=True)

    def ask(self, command, seconds=120):
        self.machine.type(command)
        return self.machine.expect(PROMPT, seconds)

    def wait_for(self, command, pattern, seconds, what):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            text = self.ask(command)
            if found := re.search(pattern, text, re.M):
                self.say(what)
                return found
            time.sleep(5)
        raise TimeoutError(f"{what}: not within {seconds} s, last: {text!r}")

    def log_in(self, first):
        self.machine.type("login set technician" if first else "login technician")
        for _ in range(2 if first else 1):
            self.machine.expect(r": $")
            self.machine.type(PIN)
        self.machine.expect(r"technician> $")

    def enrol(self, commune, port, gateway):
        broker = commune.lab.broker_port
        for path, value in (("hub/host", HOST_SEEN_FROM_GUEST), ("hub/port", broker), ("hub/clips", "all"), ("hub/cap_kbps", 20000)):
            self.ask(f"config set {path} {value}")
        self.say(f"the hub's address was set: {self.ask('config commit').strip()!r}")
        code, fingerprint = commune.enrolment_code(gateway)
        said = self.ask(f"hub enrol --code {code} --fingerprint {fingerprint} --host {HOST_SEEN_FROM_GUEST} --port {port}", 180)
        self.say(f"enrolment: {said.strip()!r}")
        self.wait_for("hub status", r"\bup\b", 300, "the link to the hub is up")

    def add_camera(self, camera):
        url = camera.settings["main"].replace("127.0.0.1", HOST_SEEN_FROM_GUEST)
        said = self.ask(f"cameras add gate {url} --sub {url.replace('/main', '/sub')}", 300)
        self.say(f"a camera was added: {said.strip()[-400:]!r}")
        self.wait_for("status", r"^.*gate.*\bok\b", 600, "the camera is recorded")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("board")
    parser.add_argument("image")
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--log", default="image-test.log")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="camgate-image-") as folder, Lab(folder) as lab:
        commune = Commune(lab, ("localhost", "127.0.0.1", HOST_SEEN_FROM_GUEST))
        enrolment_port = commune.start_brokers()
        commune.start_hub()
        camera = lab.start_camera("gate", "--main", "yard", "--sub", "yard", "--size", "640x480", "--sub-size", "320x240", "--fps", "5",
                                  user=None)
        card = os.path.join(folder, "card.img")
        unpack_card(options.image, card)
        box = Box(options.board, card, options.log)
        try:
            gateway = box.wait_for("status", r"cg-[0-9a-f]{8}", 300, "camgated answers, the box has an id").group()
            box.log_in(first=True)
            box.enrol(commune, enrolment_port, gateway)
            box.add_camera(camera)
            wait_until(lab.hub_events, 300, "an event at the hub")
            box.say("the hub has an event")
            clip = next(iter(wait_until(lab.hub_clips, 300, "a clip at the hub")))
            box.say(f"the hub has a clip: {probe_mp4(clip)}")
            for cut in range(options.cuts):
                time.sleep(random.uniform(1, 20))
                box.cut_power()
                before = len(lab.hub_events())
                box.start()
                box.wait_for("status", r"^.*gate.*\bok\b", 900, f"power cut {cut + 1}: it records again")
                wait_until(lambda: len(lab.hub_events()) > before, 300, "a new event at the hub")
        finally:
            box.cut_power()
    print("image: all of it holds")


if __name__ == "__main__":
    main()
