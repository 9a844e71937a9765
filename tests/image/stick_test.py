#!/usr/bin/env python3
"""usage: tests/image/stick_test.py BOARD IMAGE.img.zst [--log FILE]

A box that nobody enrolled, in QEMU: the technician sets its network by hand and back, plugs a stick in, and installs a bundle whose camgated
does not start. camgate-guard starts the box again, three times; then the version before runs and says why. So that this does not take an hour, the
guard of that bundle looks after 4 minutes instead of 15; and systemd waits 1 s for a device in it, which on a busy machine takes 90: the
serial line has to come up even so.
"""
import argparse
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts/lib"))
from box import LOADER, Box  # noqa: E402
from bundles import BundleMaker  # noqa: E402
from machine import make_stick, unpack_card  # noqa: E402

# QEMU's network for its guests: 10.0.2.15 comes by DHCP.
FIXED = "10.0.2.77"
TRIES = 3
MOUNT_S = 60
GUARD = "/usr/lib/systemd/system/camgate-guard.timer"
GUARD_AFTER = ("OnBootSec=15min", "OnBootSec=4min")
IMPATIENT = ("/etc/systemd/system.conf.d/impatient.conf", "[Manager]\nDefaultDeviceTimeoutSec=1\n")
# The guard's time from the kernel's start, then the restart.
GUARD_S = 600


def set_network(box):
    box.wait_for("network show", r"\b10\.0\.2\.15\b", 300, "DHCP gave the box an address")
    box.say(f"a fixed address: {box.ask(f'network set {FIXED}/24 --router 10.0.2.2 --names 10.0.2.3').strip()!r}")
    box.wait_for("network show", rf"\b{FIXED}\b", 60, "it has that one")
    box.say(f"DHCP again: {box.ask('network set dhcp').strip()!r}")
    box.wait_for("network show", r"\b10\.0\.2\.15\b", 120, "it has DHCP's")


def install_from_stick(box, stick):
    box.machine.plug_in(stick)
    box.say("the stick is plugged in")
    deadline = time.monotonic() + MOUNT_S
    while "no stick" in (said := box.ask("update install USB", 1800)) and time.monotonic() < deadline:
        time.sleep(2)
    box.say(f"update install USB: {said.strip()!r}")
    if "starts again" not in said:
        raise SystemExit("nothing was installed")


def await_fall_back(box):
    """Nothing is typed: the guard does it alone."""
    for start in range(TRIES):
        box.came_up(box.machine.find(LOADER, GUARD_S)[1])
        if box.slot != "B":
            raise SystemExit(f"start {start + 1} is of slot {box.slot}")
    box.came_up(box.machine.find(LOADER, GUARD_S)[1])
    if box.slot != "A":
        raise SystemExit("after three starts slot A was not taken")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("board")
    parser.add_argument("image")
    parser.add_argument("--log", default="stick-test.log")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="camgate-stick-") as folder:
        card, stick = os.path.join(folder, "card.img"), os.path.join(folder, "stick.img")
        unpack_card(options.image, card)
        maker = BundleMaker(options.board, options.image, folder)
        timer = maker.read(GUARD)
        assert GUARD_AFTER[0] in timer, timer
        dead = maker.make("+dead", sick=["camgated"], files=[(GUARD, timer.replace(*GUARD_AFTER)), IMPATIENT])
        make_stick(stick, dead.path)
        box = Box(options.board, card, options.log)
        try:
            box.wait_for("status", r"cg-[0-9a-f]{8}", 300, "camgated answers, the box has an id")
            box.log_in(first=True)
            set_network(box)
            install_from_stick(box, stick)
            await_fall_back(box)
            box.wait_for("update status", "did-not-start", 600, "the update is rolled back")
            box.say(f"it says: {box.ask('update status').strip()!r}")
        finally:
            box.cut_power()
    print("image: all of it holds")


if __name__ == "__main__":
    main()
