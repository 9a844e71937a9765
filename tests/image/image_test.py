#!/usr/bin/env python3
"""usage: tests/image/image_test.py BOARD IMAGE.img.zst [--brief] [--cuts N] [--update-cuts N] [--log FILE]

A board in QEMU from its flashed card on: first start, the technician's console, enrolment at this machine's hub, a camera of this machine is
added and recorded, an event and its clip arrive at the hub; a picture and footage are taken along on a stick; the hub orders a newer version,
which is kept, and one whose cameras do not come back, which is not; the power is cut --update-cuts times during an update and --cuts times while
it records. Prints what was seen and when; fails at the first that does not hold.
"""
import argparse
import os
import pathlib
import random
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from box import HOST_SEEN_FROM_GUEST, START_S, Box  # noqa: E402
from bundles import BundleMaker  # noqa: E402
from commune import Commune  # noqa: E402
from hub_update import HubUpdates, Web  # noqa: E402
from lab import Lab, probe_mp4, wait_until  # noqa: E402
from machine import start_one_processor, unpack_card  # noqa: E402
from stick_export import take_along  # noqa: E402

# Half of it is for bundles: more than QEMU takes.
CAP_KBPS = 200000
# What a power cut of an update can be in the middle of.
UPDATE_S = 420


def enrol(box, commune, port, gateway):
    broker = commune.lab.broker_port
    for path, value in (("hub/host", HOST_SEEN_FROM_GUEST), ("hub/port", broker), ("hub/clips", "all"), ("hub/cap_kbps", CAP_KBPS)):
        box.ask(f"config set {path} {value}")
    box.say(f"the hub's address was set: {box.ask('config commit').strip()!r}")
    code, fingerprint = commune.enrolment_code(gateway)
    box.insist(f"hub enrol --code {code} --fingerprint {fingerprint} --host {HOST_SEEN_FROM_GUEST} --port {port}", "certificates are installed")
    box.say("the certificates are installed")
    box.wait_for("hub status", r"\bup\b", 300, "the link to the hub is up")
    commune.publish_trust(gateway)
    box.wait_for("audit", "changed whom the gateway trusts", 120, "the box knows whose commands it obeys")
    box.wait_for("hub status", r"\bup\b", 300, "the link is up again")


def add_camera(box, camera):
    url = camera.settings["main"].replace("127.0.0.1", HOST_SEEN_FROM_GUEST)
    said = box.insist(f"cameras add gate {url} --sub {url.replace('/main', '/sub')}", "is recorded: gate|does not deliver yet")
    box.say(f"a camera was added: {said.strip()[-400:]!r}")
    box.wait_for_recording("the camera is recorded")


def record_and_deliver(box, lab):
    wait_until(lab.hub_events, START_S, "an event at the hub")
    box.say("the hub has an event")
    clip = next(iter(wait_until(lab.hub_clips, START_S, "a clip at the hub")))
    box.say(f"the hub has a clip: {probe_mp4(clip)}")


def cut_while_recording(box, lab, cuts):
    for cut in range(cuts):
        time.sleep(random.uniform(1, 20))
        box.cut_power()
        before = len(lab.hub_events())
        box.start()
        box.wait_for_recording(f"power cut {cut + 1}: it records again")
        wait_until(lambda: len(lab.hub_events()) > before, 300, "a new event at the hub")


def update(updates, maker, cuts):
    """Two cuts at most in one update: an installation that was begun three times is given up."""
    updates.commit(maker.make("+1"), "B")
    updates.roll_back(maker.make("+2", sick=["camgate-camera"]), "B", "not-healthy")
    for number, done in enumerate(range(0, cuts, 2), start=3):
        updates.commit_through_cuts(maker.make(f"+{number}"), min(2, cuts - done), UPDATE_S)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("board")
    parser.add_argument("image")
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--update-cuts", type=int, default=20)
    parser.add_argument("--brief", action="store_true", help="no stick, no update, no power cut: up to the clip at the hub")
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
        if options.board == "orangepi-pc":
            start_one_processor(card)
        box = Box(options.board, card, options.log)
        try:
            gateway = box.wait_for("status", r"cg-[0-9a-f]{8}", 300, "camgated answers, the box has an id").group()
            box.log_in(first=True)
            enrol(box, commune, enrolment_port, gateway)
            add_camera(box, camera)
            recorded_since = time.time()
            record_and_deliver(box, lab)
            if not options.brief:
                take_along(box, folder, recorded_since)
                web = pathlib.Path(folder, "web")
                web.mkdir()
                update(HubUpdates(box, lab, gateway, Web(web)), BundleMaker(options.board, options.image, web), options.update_cuts)
                cut_while_recording(box, lab, options.cuts)
        finally:
            box.cut_power()
    print("image: all of it holds")


if __name__ == "__main__":
    main()
