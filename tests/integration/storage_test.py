"""The card as its owner and a technician see it: footage taken out at the gateway itself, without hub or broker, and
the storage verbs of camgatectl."""

import json
import subprocess
import time

from harness import YARD, LabTest, main, probe_mp4, wait_until

SECONDS = 6


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class StorageTest(LabTest):
    def test_footage_is_taken_out_and_the_card_set_up_anew(self):
        camera = self.lab.start_camera("gate", *YARD)
        self.lab.start_gateway(self.lab.write_config([camera.settings]))
        self.wait_for_state("gate", "ok", 20)
        begin = time.time()
        wait_until(lambda: self.kept_hours("main") * 3600 > SECONDS + 3, 40, "footage to be kept")
        self.check_export(begin)
        self.check_status()
        self.check_the_check()
        self.check_format()

    def storage(self):
        return self.lab.ctl("storage", "status")

    def kept_hours(self, stream):
        return next((row["hours"] for row in self.storage()["retention"] if row["stream"] == stream), 0)

    def check_export(self, begin):
        out = self.folder / "usb"
        out.mkdir()
        exported = self.lab.ctl("clip", "export", "--camera", "gate", "--from", stamp(begin + 1), "--to",
                                stamp(begin + SECONDS), "--to-dir", out)
        self.assertEqual(sorted(str(path) for path in out.iterdir()),
                         sorted([*exported["files"], exported["manifest_file"]]), "these files and no parts")
        self.assertTrue(exported["signed"])
        facts = probe_mp4(exported["files"][0])
        self.assertEqual(facts["errors"], "")
        self.assertGreaterEqual(facts["duration"], SECONDS - 2)
        verdict = subprocess.run([self.lab.bin / "camgate-verify", *exported["files"], exported["manifest_file"], "--ca",
                                  self.lab.pki / "ca.crt", "--json"], capture_output=True, text=True)
        self.assertEqual(json.loads(verdict.stdout)["verdict"], "unchanged", verdict.stdout + verdict.stderr)
        self.assertGreaterEqual(self.lab.status()["outbox"]["rows"], 2, "two audit entries wait for the hub")

    def check_status(self):
        storage = self.storage()
        self.assertEqual(storage["state"], "ok")
        self.assertGreater(storage["writes"]["bytes_ever"], storage["writes"]["media_bytes"])
        self.assertGreater(sum(bucket["rounds"] for bucket in storage["write_times"]["histogram"]), 0)
        self.assertNotIn("days", storage.get("life", {}), "nobody knows what a development machine's disk is rated for")

    def check_the_check(self):
        job = self.lab.ctl("storage", "check")
        self.assertEqual(job["state"], "done")
        self.assertGreater(job["result"]["records"], SECONDS)
        self.assertEqual(job["result"]["damages"], [])

    def check_format(self):
        before = self.kept_hours("main")
        job = self.lab.ctl("storage", "format", "--yes")
        self.assertEqual(job["state"], "done")
        self.assertGreater(job["result"]["bytes_per_s"], 0)
        wait_until(lambda: 0 < self.kept_hours("main") < before, 20, "recording to begin anew on an empty ring")
        self.assertEqual(self.storage()["state"], "ok")


if __name__ == "__main__":
    main()
