"""A clip arrives with the same bytes over a line that is cut: connections reset, the broker killed and its sessions lost, the daemon killed. The
short form of `scripts/bench cut-upload`, where the figures are made."""

import json
import subprocess
import unittest

from harness import ROOT, main

CHUNK_BYTES = 65536


class CutUploadTest(unittest.TestCase):
    def test_the_same_bytes_arrive_and_little_goes_again(self):
        done = subprocess.run([ROOT / "tests/bench/cut_upload.py", "--bytes", "6000000", "--disconnects", "3", "--broker-restarts", "1",
                               "--daemon-restarts", "1"], capture_output=True, text=True, timeout=280)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        print(done.stdout)
        figures = json.loads(done.stdout)
        self.assertTrue(figures["verified"])
        self.assertTrue(figures["same_sha256"])
        cuts = figures["disconnects"] + figures["broker_restarts"] + figures["daemon_restarts"]
        # Besides what was under way: the chunk that was being handed over, and one that the hub's answer did not know of yet.
        per_cut = figures["most_in_flight_bytes"] + 2 * CHUNK_BYTES
        self.assertLessEqual(figures["sent_again_bytes"], cuts * per_cut + figures["lost_by_broker_bytes"])


if __name__ == "__main__":
    main()
