#!/usr/bin/env python3
"""usage: tests/image/image_test.py BOARD IMAGE.img.zst [--cuts N] [--log FILE]

A board in QEMU from its flashed card on: first start, the technician's console, a camera of this machine is recorded,
the power is cut N times while it records. Prints what was seen and when; fails at the first that does not hold.
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
import lab  # noqa: E402
from machine import Machine, unpack_card  # noqa: E402

HOST_SEEN_FROM_GUEST = "10.0.2.2"
# QEMU without KVM on a busy machine.
START_S = 900
PROMPT = r"camgate> $"


def say(machine, what):
    print(f"image: {what} ({machine.seconds():.0f} s after power-on)", flush=True)


def ask(machine, command, seconds=120):
    machine.type(command)
    return machine.expect(PROMPT, seconds)


def start(board, card, log):
    machine = Machine(board, card, log)
    machine.expect(r"camgate: slot ([AB]),", START_S)
    say(machine, "the boot loader took a slot")
    machine.expect(PROMPT, START_S)
    say(machine, "the serial line has camgatectl")
    return machine


def wait_for(machine, command, pattern, seconds, what):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        text = ask(machine, command)
        if re.search(pattern, text):
            say(machine, what)
            return text
        time.sleep(5)
    raise TimeoutError(f"{what}: not within {seconds} s, last: {text!r}")


def add_camera(machine, camera):
    url = camera.settings["main"].replace("127.0.0.1", HOST_SEEN_FROM_GUEST)
    for path, value in (("cameras/0/id", "gate"), ("cameras/0/main", url),
                        ("cameras/0/sub", url.replace("/main", "/sub"))):
        ask(machine, f"config set {path} {value}")
    text = ask(machine, "config commit")
    say(machine, f"a camera was configured: {text.strip()!r}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("board")
    parser.add_argument("image")
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--log", default="image-test.log")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="camgate-image-") as folder, lab.Lab(folder) as here:
        camera = here.start_camera("gate", user=None)
        card = os.path.join(folder, "card.img")
        unpack_card(options.image, card)
        machine = start(options.board, card, options.log)
        try:
            status = wait_for(machine, "status", r"cg-[0-9a-f]{8}", 300, "camgated answers, the box has an id")
            print(status)
            add_camera(machine, camera)
            wait_for(machine, "status", r"gate.*\bok\b", 600, "the camera is recorded")
            for cut in range(options.cuts):
                time.sleep(random.uniform(1, 20))
                machine.cut_power()
                machine = start(options.board, card, options.log)
                wait_for(machine, "status", r"gate.*\bok\b", 900, f"power cut {cut + 1}: it records again")
        finally:
            machine.cut_power()
    print("image: all of it holds")


if __name__ == "__main__":
    main()
