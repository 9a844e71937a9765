"""What households and technicians get wrong: each shows as its own state, and harms nothing else."""

import subprocess
import time

from harness import ROOT, YARD, LabTest, main, make_pki, wait_until

BAD = {"id": "x", "main": "rtsp://127.0.0.1:1/none"}


class CameraTest(LabTest):
    def test_each_fault_is_a_state_within_10_s_and_others_lose_no_frame(self):
        self.lab.start_broker()
        good = self.lab.start_camera("good", *YARD)
        locked = self.lab.start_camera("locked", *YARD)
        mute = self.lab.start_camera("mute", *YARD, "--stop-after", 3)
        odd = self.lab.start_camera("odd", *YARD, "--unknown-codec", "vp8")
        noise = self.lab.start_camera("noise", *YARD, "--garbage")
        faults = {
            "locked": (locked.settings | {"password": "wrong"}, {"auth-failed"}),
            "nobody": (BAD | {"id": "nobody"}, {"no-link"}),
            "mute": (mute.settings, {"no-frames"}),
            "odd": (odd.settings, {"unsupported"}),
            "noise": (noise.settings, {"no-frames", "no-keyframes", "unsupported"}),
        }
        self.lab.start_gateway(self.lab.write_config([good.settings] + [settings for settings, _ in faults.values()]))
        begin = time.time()
        self.wait_for_state("good", "ok", 20)
        for camera, (_, states) in faults.items():
            # The mute one sends for 3 s before its 10 s begin.
            patience = 25 if camera == "mute" else 20
            wait_until(lambda c=camera, s=states: self.lab.camera_status(c).get("state") in s, patience,
                       f"{camera} to be {states}, it is {self.lab.camera_status(camera)}")
        frames = self.frames("good")
        wait_until(lambda: self.frames("good") > frames + 30, 10, "the good camera to go on")
        time.sleep(3)
        stamp = lambda t: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t))
        manifest = self.lab.ctl("clip", "export", "--camera", "good", "--from", stamp(begin + 6), "--to", stamp(time.time() - 4),
                                "--to-dir", self.folder)["manifest"]
        self.assertEqual(manifest["gaps"], [])
        secrets = ("wrong", "look-4-me")
        for log in (self.folder / "logs").glob("camgated*.log"):
            for secret in secrets:
                self.assertNotIn(f"={secret}", log.read_text())


class LinkTest(LabTest):
    def start(self, **hub):
        self.lab.start_broker()
        camera = self.lab.start_camera("gate", *YARD, "--empty", 4, "--walk", 4)
        self.lab.start_gateway(self.lab.write_config([camera.settings], hub=hub))
        self.wait_for_state("gate", "ok", 20)

    def check_unharmed(self):
        wait_until(lambda: self.lab.status()["outbox"]["rows"] > 0, 40, "events to wait in the outbox")
        self.assertEqual(self.lab.status()["storage"]["state"], "ok")

    def test_a_foreign_ca(self):
        foreign = self.folder / "foreign"
        make_pki(foreign, self.lab.gateway)
        # Nothing else is of that CA, so that the broker alone is what is wrong.
        self.start(ca_file=str(foreign / "ca.crt"), receive_certificate_file="")
        self.wait_for_link("tls-failed")
        self.check_unharmed()

    def test_a_missing_certificate(self):
        self.start(certificate_file=str(self.folder / "nowhere.crt"))
        link = self.lab.status()["link"]
        self.assertEqual(link["state"], "no-credentials")
        self.assertIn("nowhere.crt", link["detail"])
        self.check_unharmed()

    def test_another_brokers_name(self):
        self.start(server_name="hub.example")
        link = self.wait_for_link("tls-failed")
        self.assertTrue(link)
        self.check_unharmed()


class StorageTest(LabTest):
    def start(self, **storage):
        camera = self.lab.start_camera("gate", *YARD)
        self.lab.start_gateway(self.lab.write_config([camera.settings], storage=storage))
        wait_until(self.lab.status, 15, "the daemon to answer")

    def wait_for_storage(self, *states):
        return wait_until(lambda: self.lab.status().get("storage", {}).get("state") in states, 20,
                          f"storage to be one of {states}, it is {self.lab.status().get('storage')}")

    def test_a_card_too_small(self):
        self.start(ring_mib=4194304, extent_mib=1024)
        self.wait_for_storage("full")
        self.wait_for_state("gate", "ok", 20)
        self.assertEqual(sorted(p.name for p in self.lab.data.glob("ring*")), [], "nothing half made is left")

    def test_a_card_pulled_while_recording(self):
        self.start()
        self.wait_for_storage("ok")
        wait_until(lambda: self.lab.camera_status("gate")["counters"]["stored_records"] > 2, 20, "records to be stored")
        (self.lab.data / "ring").rename(self.folder / "pulled")
        self.wait_for_storage("missing")
        self.wait_for_state("gate", "ok", 20)
        self.assertFalse((self.lab.data / "ring").exists(), "no ring is made in its place")
        (self.folder / "pulled").rename(self.lab.data / "ring")
        self.wait_for_storage("ok")

    def test_a_missing_data_folder(self):
        self.lab.data.rmdir()
        self.lab.control = self.folder / "control"
        self.start()
        self.wait_for_storage("missing")
        self.wait_for_state("gate", "ok", 20)
        self.assertFalse(self.lab.data.exists())


class ConfigurationTest(LabTest):
    def test_every_fault_is_printed_and_nothing_starts(self):
        config = self.lab.write_config([{"id": "Gate", "main": "http://x/"}, {"id": "b"}])
        config.write_text(config.read_text().replace('"cap_kbps": 20000', '"cap_kbps": 3'))
        result = subprocess.run([str(self.lab.bin / "camgated"), "--config", str(config), "--board", "host", "--boards",
                                 str(ROOT / "boards"), "--data", str(self.lab.data)], capture_output=True, text=True, timeout=20)
        self.assertEqual(result.returncode, 2)
        for pointer in ("/hub/cap_kbps", "/cameras/1/main"):
            self.assertIn(pointer, result.stderr)
        self.assertEqual(list(self.lab.data.iterdir()), [])


if __name__ == "__main__":
    main()
