"""`setup` as a technician goes through it on a new box, on a serial line of 115200 baud, in both languages: from no PIN, no hub and no
certificate to two cameras and an event that the hub confirmed. What it shows is firmware/docs/guide/technician.md. CAMGATE_WRITE_GUIDE=1 writes that page anew, else it must be what was seen."""

import gettext
import json
import os
import re
import select
import time

from authority import AuthorityTest
from contract import Listener, channel_of, faults, load_contract
from harness import ROOT, YARD, main
from lab import free_port, wait_until
from terminal import Terminal

GUIDE = ROOT / "firmware/docs/guide/technician.md"
PIN = "271828"
# What differs from run to run, as the page shows it.
PLAIN = [(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", "2026-03-02T05:15:00+07:00"),
         (r"127\.0\.0\.1:\d+", "192.168.1.20:80"), (r"localhost:\d+", "hub.example:8883"), (r"127\.0\.0\.1", "192.168.1.20"),
         (r"localhost", "hub.example"), (r"\d+(\.\d+)?(/s|kbit/s|s)\b", r"N\2"), (r"\d+ ms", "N ms"), (r"\b(\d+x\d+)\b", r"\1"),
         (r"(?<=  )(ntp|rtc|unsynced)\b.*", "ntp"), (r", (ntp|rtc|unsynced)\b", ", ntp")]


# Of the way out, what this machine's network is like; the hub's own lines stay.
OTHERS = re.compile(r"^(good|BAD|tốt|LỖI)  (?!hub's|tên trung tâm|cổng trung tâm).*\n", re.M)
QUESTION = re.compile(r"^.*\[Y/n\].*\n", re.M)
# What was typed before the line's editor was ready is echoed twice.
ECHO = re.compile(r"^setup --interface lo --enrol-port \d+\n", re.M)
# Options that only a test needs, and what a hub's people tell.
TOLD = [(r" --interface lo --enrol-port \d+", ""), (r"\b([0-9a-z]{4}-){3}[0-9a-z]{4}\b", "abcd-efgh-jkmn-pqrs"),
        (r"^([0-9a-f]{4} ){7}[0-9a-f]{4}$", "3f1a 22b0 9c47 d105 e8b2 6a90 47cc 1f3e")]
# Whoever saw somebody first.
SEEN = re.compile(r"\b(gate|yard), (?=2026-03-02T)")


def plain(text):
    text = QUESTION.sub("", text.replace("\r", "").replace("\x00", ""))
    text = ECHO.sub("", text)
    for pattern, replacement in TOLD + PLAIN:  # a code may hold what looks like seconds
        text = re.sub(pattern, replacement, text, flags=re.M)
    # Widths of columns follow what stands in them.
    text = SEEN.sub("gate, ", text)
    return OTHERS.sub("", "\n".join(re.sub(r" {2,}", "  ", line).rstrip() for line in text.split("\n")))


class SetupTest(AuthorityTest):
    def go(self, language):
        catalogue = gettext.NullTranslations() if language == "en" else gettext.translation("camgatectl", self.lab.bin.parent / "locale", [language])
        tr = catalogue.gettext
        port = self.commune.start_brokers()
        self.commune.start_hub()
        listener = Listener(self, "hub", "camgate/v1/enrol/#")
        ports = sorted(free_port() for _ in range(2))
        for (camera, name), onvif in zip((("gate", "Front gate"), ("yard", "Yard")), ports):
            rtsp = self.lab.start_camera(camera, *YARD, "--empty", "10", "--walk", "4")
            self.lab.start_onvif(camera, "--main", rtsp.settings["main"], "--sub", rtsp.settings["sub"], "--name", name, "--port", onvif)
        gateway = self.lab.start_gateway(self.new_box())
        self.wait_for_link("no-credentials")
        console = Terminal(self.lab.bin / "camgatectl", self.lab.control, CAMGATE_LANG=language, LINES="200", COLUMNS="100")
        self.addCleanup(os.close, console.fd)
        shown = [console.until("camgate> ")]

        def answer(question, typed):
            shown.append(console.until(tr(question).rstrip(), 60))
            shown.append(console.until(" ", 5))
            console.press(typed + "\r")

        console.press(f"setup --interface lo --enrol-port {port}\r")
        answer("new PIN, at least 6 characters: ", PIN)
        answer("the same again: ", PIN)
        # The network of the machine that tests may have no way out.
        if "[Y/n]" in self.ahead(console, tr("Time zone"), "[Y/n]"):
            console.press("\r")
        answer("Time zone", "")
        answer("The hub's name or address", f"localhost:{self.lab.broker_port}")
        code, fingerprint = self.commune.enrolment_code(self.lab.gateway)
        answer("The one-time code that they tell: ", code.lower())
        shown.append(console.until("[y/N] ", 30))
        self.assertIn(fingerprint, re.sub(r"\s", "", shown[-1]))
        console.press("y\r")
        for camera in ("gate", "yard"):
            answer("A short id for it, letters and digits (empty: leave it out): ", camera)
            answer("Its name for people", "")
            answer("Its user", "viewer" if camera == "gate" else "")
            answer("Its password: " if camera == "gate" else "Its password (empty: the same again): ", "look-4-me" if camera == "gate" else "")
        shown.append(console.until("technician> ", 120))
        text = "".join(shown)
        self.assertNotIn(PIN, text)
        self.assertNotIn("look-4-me", text)
        for camera in ("gate", "yard"):
            self.assertEqual(self.lab.camera_status(camera)["state"], "ok")
        self.assertIn(tr("Seen, and the hub has confirmed it:"), text)
        wait_until(self.lab.hub_events, 5, "the hub to have the event")
        # The door is closed behind the technician.
        status = self.lab.ctl("login", "status")
        self.assertTrue(status["pins"]["technician"]["set"])
        self.assertRaisesRegex(Exception, "login first", self.lab.ctl, "config", "show")
        self.check_enrolment(listener)
        self.hold_guide(language, plain(text))
        if language == "en":
            self.forget_all(console, gateway)

    def forget_all(self, console, gateway):
        """The way back: the box's id is asked for, keys go, and what starts anew is as new."""
        kept = {path.name for path in self.lab.data.iterdir()}
        self.assertLessEqual({"identity", "logins", "config.a", "outbox.db", "secrets"}, kept)
        console.press("factory-reset\r")
        console.until("Type the gateway's id to go on: ")
        console.press("cg-other\r")
        self.assertIn("nothing was changed", console.until("technician> "))
        self.assertTrue(gateway.alive())
        console.press("factory-reset\r")
        console.until("Type the gateway's id to go on: ")
        console.press(self.lab.gateway + "\r")
        self.assertIn("All is forgotten", console.until("technician> ", 30))
        gateway.popen.wait(20)
        self.assertEqual(gateway.popen.returncode, 1, "failed, so that its service manager starts it anew")
        left = {path.name for path in self.lab.data.iterdir()}
        self.assertEqual(left & {"identity", "identity.request", "logins", "config.a", "config.b", "outbox.db", "secrets", "secrets.key", "trust", "pauses"},
                         set())
        self.lab.start_gateway(self.lab.folder / "camgate.json", "camgated-anew")
        self.wait_for_link("no-credentials")
        status = self.lab.status()
        self.assertEqual((status["cameras"], status["outbox"]["rows"]), ([], 0))
        self.assertIn("hub enrol", status["link"]["detail"])
        self.assertFalse(self.lab.ctl("login", "status")["pins"]["technician"]["set"])
        self.assertEqual(self.lab.ctl("events")["events"], [])

    def check_enrolment(self, listener):
        document, channels = load_contract()
        seen = set()
        for topic, payload in listener.said():
            name = channel_of(channels, topic)
            seen.add(name)
            if schema := channels[name][1]:
                self.assertEqual(faults(document, schema, json.loads(payload)), [], topic)
        self.assertEqual(seen, {name for name in channels if name.startswith("enrol")})

    def new_box(self):
        """Its configuration as the image makes it: an id, and nothing of the hub."""
        path = self.lab.folder / "camgate.json"
        path.write_text(json.dumps({"version": 2, "gateway": self.lab.gateway, "hub": {"host": "hub.example"},
                                    "storage": {"ring_mib": 256, "extent_mib": 8}, "cameras": []}))
        return path

    @staticmethod
    def ahead(console, *wanted):
        """Until one of the texts stands there; nothing is taken."""
        deadline = time.monotonic() + 90
        while not any(text in console.text for text in wanted):
            if time.monotonic() > deadline:
                raise AssertionError(f"waited for {wanted}, the screen has: {console.text!r}")
            if select.select([console.fd], [], [], 1)[0]:
                console.text += os.read(console.fd, 4096).decode(errors="replace")
        return console.text

    def hold_guide(self, language, seen):
        begin, end = f"<!-- setup {language} -->\n", f"<!-- setup {language} ends -->"
        page = GUIDE.read_text()
        before, rest = page.split(begin)
        kept, after = rest.split(end)
        block = f"```\n{seen.strip()}\n```\n"
        if os.environ.get("CAMGATE_WRITE_GUIDE"):
            GUIDE.write_text(before + begin + block + end + after)
        else:
            self.maxDiff = None
            self.assertEqual(kept, block, "the guide is not what setup shows: CAMGATE_WRITE_GUIDE=1 writes it")

    def test_in_english(self):
        self.go("en")

    def test_in_vietnamese(self):
        self.go("vi")


if __name__ == "__main__":
    main()
