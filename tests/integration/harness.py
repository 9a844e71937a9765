"""What the lab's tests share: a lab in a folder of its own that is kept only when a test failed."""

import shutil
import sys
import tempfile
import unittest
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from lab import ROOT, Lab, LabError, make_pki, probe_mp4, wait_until  # noqa: E402,F401

YARD = ("--main", "yard", "--sub", "yard", "--size", "640x480", "--sub-size", "320x240", "--fps", "10")


class LabTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="camgate-lab-"))
        self.lab = Lab(self.folder)
        self.addCleanup(self._clean)

    def _clean(self):
        self.lab.stop_all()
        failed = any(error for _, error in getattr(self._outcome, "errors", [])) or (
            self._outcome.result and (self._outcome.result.failures or self._outcome.result.errors))
        if failed:
            print(f"kept for a look: {self.folder}", file=sys.stderr)
            for log in sorted((self.folder / "logs").glob("*.log")):
                print(f"--- {log.name}\n" + "\n".join(log.read_text(errors='replace').splitlines()[-25:]), file=sys.stderr)
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def wait_for_state(self, camera, state, seconds=15):
        return wait_until(lambda: self.lab.camera_status(camera).get("state") == state, seconds,
                          f"camera {camera} to be {state}, it is {self.lab.camera_status(camera)}")

    def wait_for_link(self, state="up", seconds=20):
        return wait_until(lambda: self.lab.status().get("link", {}).get("state") == state, seconds,
                          f"the link to be {state}, it is {self.lab.status().get('link')}")

    def frames(self, camera):
        return self.lab.camera_status(camera).get("counters", {}).get("frames", 0)


def when(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def main():
    unittest.main(verbosity=2)
