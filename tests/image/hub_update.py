"""Updates that the hub orders of a box in QEMU, from a web server of this machine."""
import functools
import http.server
import json
import random
import threading
import time

from box import HOST_SEEN_FROM_GUEST
from lab import LabError, wait_until

MARGIN_S = 20


class Web:
    """What lies in a folder, to whom it wants to have it."""

    def __init__(self, folder):
        handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
        handler.func.log_message = lambda *_: None
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def url(self, file):
        return f"http://{HOST_SEEN_FROM_GUEST}:{self.server.server_address[1]}/{file.name}"


class HubUpdates:
    def __init__(self, box, lab, gateway, web):
        self.box, self.lab, self.gateway, self.web = box, lab, gateway, web

    def ask(self, command, **fields):
        said = self.lab.hub_command("request", "--gateway", self.gateway, "--wait", "100", command, json.dumps(fields), timeout=120)
        if said.returncode != 0:
            raise LabError(f"{command}: {said.stdout}{said.stderr}")
        return json.loads(said.stdout)["result"]

    def order(self, bundle):
        self.ask("update.install", version=bundle.version, sha256=bundle.sha256, bytes=bundle.bytes, url=self.web.url(bundle.path))
        self.box.say(f"the hub ordered {bundle.version}, {bundle.bytes >> 20} MiB")

    def status(self):
        return self.ask("status.request")

    def expect_end(self, phase, seconds):
        """The console and the hub say it; what the hub has of it."""
        ended, text = self.box.follow_update(seconds)
        if ended != phase:
            raise LabError(f"the update ended {ended}, not {phase}: {text}")
        return wait_until(lambda: self.told(phase), 300, f"the hub to hear that it is {phase}", every=5)

    def told(self, phase):
        """The status, once the link is up and it says so."""
        try:
            status = self.status()
        except LabError:
            return None
        return status if status["update"]["phase"] == phase else None

    def commit(self, bundle, slot):
        """From order to committed; the gap that it leaves in the recording."""
        begun = time.time()
        self.order(bundle)
        status = self.expect_end("committed", 3600)
        if (self.box.slot, status["firmware"]) != (slot, bundle.version):
            raise LabError(f"slot {self.box.slot} runs with {status['firmware']}")
        self.box.wait_for_recording("the camera is recorded again")
        time.sleep(2 * MARGIN_S)
        self.say_gaps(begun)

    def roll_back(self, bundle, slot, reason):
        before = self.status()["firmware"]
        self.order(bundle)
        status = self.expect_end("rolled-back", 3600)
        if (self.box.slot, status["firmware"], status["update"]["reason"]) != (slot, before, reason):
            raise LabError(f"slot {self.box.slot} runs with {status['firmware']}: {status['update']}")
        self.box.say(f"the hub was told: {status['update']['reason']}, {status['update']['detail']}")
        self.box.wait_for_recording("the camera is recorded again")

    def commit_through_cuts(self, bundle, cuts, longest):
        """The power goes at moments within `longest` seconds, from the order on; in the end it is committed."""
        self.order(bundle)
        for cut in range(cuts):
            # The box is not asked where it is: it may be going down, and the loader would take what is typed.
            after = random.uniform(1, longest)
            time.sleep(after)
            self.box.say(f"power cut {cut + 1} of the update, after {after:.0f} s of it")
            self.box.cut_power()
            self.box.start()
        self.expect_end("committed", 3600)
        self.box.wait_for_recording("the camera is recorded again")

    def say_gaps(self, begun):
        """Up to what is surely on the card."""
        stamp = lambda seconds: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
        clip = self.ask("clip.request", camera="gate", quality="preview", **{"from": stamp(begun), "to": stamp(time.time() - MARGIN_S)})
        self.box.say(f"gaps in the recording: {clip['gaps']}")
