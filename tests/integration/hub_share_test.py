"""Two processes of one hub on a real mosquitto, one of them killed in the middle: no row is lost, each is receipted, and a clip's owner is one of them."""

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from harness import Lab, main, wait_until

EVENTS = 600
PREFIX = "camgate/v1/"


class HubShareTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="camgate-share-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.lab = Lab(self.folder)
        self.addCleanup(self.lab.stop_all)
        self.lab.issue("listener", "listener")
        self.lab.start_broker()
        self.hubs = {name: self.start_hub(name) for name in ("hub-1", "hub-2")}
        for name in self.hubs:
            wait_until(lambda name=name: "broker-up" in (self.lab.logs / f"{name}.log").read_text(), 20, f"{name} to be connected")

    def start_hub(self, name):
        return self.lab.start(name, [self.lab.bin / "camgate-hub", "serve", "--name", name, "--out", self.folder / name, *self.lab.hub_link(), "--quiet"])

    def client(self, program, *words):
        pki = self.lab.pki
        return [program, "-V", "5", "-q", "1", "-h", "localhost", "-p", str(self.lab.broker_port), "--cafile", str(pki / "ca.crt"),
                "--cert", str(pki / "listener.crt"), "--key", str(pki / "listener.key"), *words]

    def receipted(self):
        text = (self.folder / "receipts").read_text()
        return {id for line in text[:text.rfind("\n") + 1].splitlines() for id in json.loads(line)["ids"]}

    def send(self, ids):
        """As an outbox does: what is not receipted comes again."""
        lines = "".join(json.dumps({"v": 1, "id": id, "event": id, "phase": "start", "camera": "gate", "kind": "motion",
                                    "start": "2030-01-01T12:00:00.000Z"}) + "\n" for id in ids)
        subprocess.run(self.client("mosquitto_pub", "-t", f"{PREFIX}cg-1/event/gate", "-l"), input=lines, text=True, timeout=60, check=True)

    def rows(self, name):
        with sqlite3.connect(f"file:{self.folder / name / 'hub.db'}?mode=ro", uri=True) as database:
            return [id for id, in database.execute("SELECT id FROM event")]

    def test_a_killed_process_loses_nothing(self):
        with open(self.folder / "receipts", "wb") as out:
            listener = subprocess.Popen(["stdbuf", "-oL", *self.client("mosquitto_sub", "-t", f"{PREFIX}cg-1/receipt")], stdout=out)
        self.addCleanup(lambda: (listener.kill(), listener.wait()))
        time.sleep(0.5)
        ids = [f"{number:06x}" for number in range(EVENTS)]
        for start in range(0, EVENTS, 100):
            self.send(ids[start:start + 100])
            if start == 200:
                shares = {name: len(self.rows(name)) for name in self.hubs}
                os.kill(self.hubs["hub-1"].pid, 9)
        for _ in range(20):
            missing = [id for id in ids if id not in self.receipted()]
            if not missing:
                break
            self.send(missing)
            time.sleep(0.5)
        self.assertEqual(missing, [])
        first, second = self.rows("hub-1"), self.rows("hub-2")
        print(f"before the kill {shares}; at the end hub-1 {len(first)}, hub-2 {len(second)}, in both {len(set(first) & set(second))}")
        self.assertTrue(all(count > 0 for count in shares.values()), "both took part")
        self.assertEqual(set(first) | set(second), set(ids))
        for rows in (first, second):
            self.assertEqual(len(rows), len(set(rows)))


if __name__ == "__main__":
    main()
