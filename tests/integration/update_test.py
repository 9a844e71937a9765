"""A bundle from the console to its end: camgated, camgate-priv, a stand-in for RAUC on a message bus of its own, and the
boot loader's part played by hand."""

import base64
import hashlib
import json
import os
import socket
import subprocess
import unittest

from harness import LabError, wait_until
from lab import free_port
from update_box import OWN_VERSION, UpdateBox


class UpdateTest(UpdateBox):
    def install(self):
        frames = self.frames("gate")
        done = self.lab.ctl("update", "install", self.bundle)
        self.assertEqual(done["phase"], "rebooting")
        wait_until(lambda: "start reboot.target" in self.fake.tail(), 10, "the restart")
        self.assertIn(f"install {self.lab.data}/update/bundle.raucb", self.fake.tail())
        wait_until(lambda: self.frames("gate") > frames, 10, "the camera's frames to have gone on")

    def order(self, reason, **fields):
        """A signed order of the hub's that is refused."""
        asked = {"version": "0.2.0", "sha256": "0" * 64, "bytes": 1000, "url": "http://127.0.0.1:1/b.raucb"} | fields
        said = self.lab.hub_command("request", "--gateway", self.lab.gateway, "update.install", json.dumps(asked))
        self.assertIn(f'"{reason}"', said.stdout + said.stderr)

    def test_installed_tried_and_kept_then_one_that_never_starts(self):
        self.boot("A")
        status = self.lab.ctl("update", "status")
        self.assertEqual((status["phase"], status["running"], self.lab.status()["firmware"]), ("none", OWN_VERSION, OWN_VERSION))
        self.install()
        self.assertIn("first B, tries left A 8, B 3", self.bootenv_tool("show"))
        self.power_off()

        # The new version reads what the old one wrote, and proves itself.
        self.boot("B")
        status = self.wait_for_phase("committed")
        self.assertEqual((status["version"], [s["slot"] for s in status["slots"] if s["runs"]]), ("0.2.0", ["B"]))
        wait_until(lambda: not (self.lab.data / "update/bundle.raucb").exists(), 10, "the bundle to be removed")
        self.assertEqual(self.outcomes(), ["started", "committed"])
        retained = lambda: self.lab.hub_rows("SELECT document FROM row WHERE kind = 'audit' ORDER BY rowid")
        wait_until(lambda: any(json.loads(row["entry"])["outcome"] == "committed" for row in retained()), 20, "the hub to hear of it")

        # Another one, of which the loader used up all three tries.
        self.bundle.write_bytes(os.urandom(200_000))
        self.power_off()
        self.boot("B", "0.3.0")
        self.install()
        self.power_off()
        self.bootenv_tool("set-state", "A", "bad")
        self.boot("B", "0.3.0")
        status = self.wait_for_phase("rolled-back")
        self.assertEqual(status["reason"], "did-not-start")
        self.assertEqual(self.outcomes(), ["started", "committed", "started", "rolled-back"])

    def test_what_does_not_fit_is_named_and_nothing_is_installed(self):
        self.boot("A", OWN_VERSION)
        with self.assertRaisesRegex(LabError, "no stick with a bundle"):
            self.lab.ctl("update", "install", "USB")
        with self.assertRaisesRegex(LabError, "opening .*missing.raucb"):
            self.lab.ctl("update", "install", self.folder / "missing.raucb")
        # The stand-in says of every bundle that it has the version that runs.
        text = subprocess.run([str(self.lab.bin / "camgatectl"), "--socket", str(self.lab.control), "update", "install", str(self.bundle)],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(text.returncode, 1)
        self.assertIn("runs already", text.stdout + text.stderr)
        self.assertNotIn("install /", self.fake.tail())
        self.order("downgrade", version="0.1.0")
        self.order("already-running", version=OWN_VERSION)
        self.order("malformed", url="file:///etc/passwd")
        self.assertFalse((self.lab.data / "update/bundle.raucb").exists())

    def test_a_bundle_from_a_web_server(self):
        self.boot("A")
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        data = self.bundle.read_bytes()
        asked = {"version": "0.2.0", "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        order = lambda **fields: self.lab.hub_command("request", "--gateway", self.lab.gateway, "update.install", json.dumps(asked | fields))
        self.lab.start("web", ["python3", "-m", "http.server", port, "--bind", "127.0.0.1", "--directory", self.folder])
        wait_until(lambda: socket.socket().connect_ex(("127.0.0.1", port)) == 0, 10, "the web server")
        order(url=f"{url}/missing.raucb")
        status = self.wait_for_phase("failed")
        self.assertEqual(status["reason"], "not-delivered")
        self.assertIn("404", status["detail"])
        order(url=f"{url}/update.raucb", sha256="0" * 64)
        wait_until(lambda: self.lab.ctl("update", "status").get("reason") == "wrong-hash", 20, "the wrong bundle to be refused")
        order(url=f"{url}/update.raucb")
        self.wait_for_phase("rebooting")
        self.assertIn("install ", self.fake.tail())
        said = self.lab.hub_command("request", "--gateway", self.lab.gateway, "status.request", "{}")
        self.assertIn('"rebooting"', said.stdout, said.stderr)

    def test_a_delivery_that_is_cut_goes_on(self):
        self.boot("A")
        data = self.bundle.read_bytes()
        begun = self.lab.call("update.begin", bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
        self.assertEqual(begun, {"have_bytes": 0})
        self.lab.call("update.write", offset=0, bytes=base64.b64encode(data[:40_000]).decode())
        with self.assertRaisesRegex(LabError, "expected what follows byte 40000"):
            self.lab.call("update.write", offset=0, bytes="AAAA")
        self.gateway.kill()
        self.gateway = self.lab.start_gateway(self.config, "camgated-again")
        self.wait_for_state("gate", "ok", 30)
        self.assertEqual(self.lab.ctl("update", "status")["phase"], "downloading")
        self.install()


if __name__ == "__main__":
    unittest.main(verbosity=2)
