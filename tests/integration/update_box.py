"""A box of two slots: camgated, camgate-priv, a stand-in for RAUC on a message bus of its own, and the boot loader's part played by hand."""

import os
import shutil
import subprocess

from harness import ROOT, YARD, LabTest, wait_until

OWN_VERSION = "0.1.0+20260301.abc"
BUS = """<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>"""


class UpdateBox(LabTest):
    HUB = {}  # of the configuration

    def setUp(self):
        super().setUp()
        bus = self.folder / "bus"
        self.bootenv = self.folder / "bootenv"
        self.bootenv.write_bytes(bytes(1 << 20))
        os.environ |= {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}", "CAMGATE_BOOTENV": str(self.bootenv)}
        (self.folder / "bus.conf").write_text(BUS.format(path=bus))
        self.lab.start("bus", ["dbus-daemon", f"--config-file={self.folder / 'bus.conf'}", "--nofork", "--nopidfile"])
        wait_until(bus.exists, 10, "the message bus")
        self.broker = self.lab.start_broker()
        self.bundles = self.folder / "bundles"
        self.bundles.mkdir()
        self.lab.start_hub("--bundles", self.bundles)
        camera = self.lab.start_camera("gate", *YARD)
        self.config = self.lab.write_config([camera.settings], hub=self.HUB)
        # As a package lays it out, with its own version beside the boards.
        self.lab.boards = self.folder / "share/boards"
        shutil.copytree(ROOT / "boards", self.lab.boards)
        (self.folder / "share/version").write_text(f"{OWN_VERSION}\n")
        self.bundle = self.folder / "update.raucb"
        self.bundle.write_bytes(os.urandom(300_000))

    def boot(self, slot, version="0.2.0"):
        """What starts after the loader took that slot."""
        self.fake = self.lab.start(f"rauc-{slot}", [self.lab.bin / "camgate-fake-rauc", self.bootenv, slot, "camgate-test", version])
        wait_until(lambda: "ready" in self.fake.tail(), 10, "the stand-in for RAUC")
        self.gateway = self.lab.start_gateway(self.config, f"camgated-{slot}-{version}")
        self.wait_for_state("gate", "ok", 30)
        self.wait_for_link()

    def power_off(self):
        self.gateway.stop()
        self.fake.stop()

    def bootenv_tool(self, *words):
        return subprocess.run([self.lab.bin / "camgate-bootenv", "--device", self.bootenv, *words], check=True, capture_output=True, text=True).stdout

    def wait_for_phase(self, phase, seconds=30):
        return wait_until(lambda: (status := self.lab.ctl("update", "status"))["phase"] == phase and status, seconds,
                          f"the update to be {phase}, it is {self.lab.ctl('update', 'status')}")

    def outcomes(self):
        return [entry["outcome"] for entry in reversed(self.lab.ctl("audit", "--limit", 50)["entries"]) if entry["action"] == "update"]
