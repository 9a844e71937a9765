"""The owner's pause of a real camera: nothing of it is received or recorded, the hub sees that it is paused, it survives a restart, a change of
the configuration is kept meanwhile, and the clip over it says why there is a hole."""

import json
import time

from harness import YARD, LabTest, main, wait_until


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


class PauseTest(LabTest):
    def at_hub(self):
        """The camera's state as the hub has it."""
        statuses = self.lab.hub_rows("SELECT status FROM gateway WHERE status IS NOT NULL")
        return next((row["state"] for status in statuses for row in status.get("cameras", []) if row["id"] == "gate"), None)

    def stored(self):
        return self.lab.camera_status("gate").get("counters", {}).get("stored_records", 0)

    def test_a_camera_is_paused_and_goes_on(self):
        self.lab.start_broker()
        self.lab.start_hub()
        camera = self.lab.start_camera("gate", *YARD)
        gateway = self.lab.start_gateway(self.lab.write_config([camera.settings]))
        self.wait_for_state("gate", "ok", 20)
        wait_until(lambda: self.stored() >= 3, 20, "footage")
        wait_until(lambda: self.at_hub() == "ok", 20, "the hub to see the camera")

        self.assertEqual(self.lab.ctl("pause", "gate")["by"], "owner")
        status = self.lab.camera_status("gate")
        self.assertEqual((status["state"], status["detail"]), ("paused", "by its owner"))
        self.assertNotIn("camera gate", [process["name"] for process in self.lab.status()["processes"]])
        wait_until(lambda: self.at_hub() == "paused", 10, "the hub to see the pause")
        self.assertIn("is paused", self.refusal("snapshot", "gate", self.folder / "none.jpg"))
        self.assertIn("is paused", self.refusal("cameras", "test", "gate"))
        frames, paused_at = self.frames("gate"), time.time()

        # A paused camera fails no trial; nobody waits for it.
        self.lab.ctl("config", "set", "cameras/gate/name", "Front")
        self.lab.ctl("config", "commit")
        wait_until(lambda: self.lab.ctl("config", "report")["proposal"]["state"] == "applied", 10, "the change to be kept")
        self.assertEqual(self.lab.camera_status("gate")["state"], "paused")

        gateway.stop()
        self.lab.start_gateway(self.lab.folder / "camgate.json", "camgated-again")
        wait_until(self.lab.status, 20, "the gateway to answer")
        self.assertEqual(self.lab.camera_status("gate")["state"], "paused")
        self.assertEqual(self.stored(), 0)
        self.assertGreater(frames, 0)
        self.lab.ctl("pause", "gate", "for", "2h")
        self.assertIn("by its owner until ", self.lab.camera_status("gate")["detail"])

        self.assertFalse(self.lab.ctl("resume", "gate")["paused"])
        self.wait_for_state("gate", "ok", 20)
        resumed_at = time.time()
        wait_until(lambda: self.stored() >= 3, 20, "footage again")
        wait_until(lambda: self.at_hub() == "ok", 10, "the hub to see the end of the pause")
        plan = self.lab.call("clip.plan", camera="gate", **{"from": stamp(paused_at - 3), "to": stamp(resumed_at + 3)})
        gaps = plan["manifest"]["gaps"] if isinstance(plan["manifest"], dict) else json.loads(plan["manifest"])["gaps"]
        self.assertIn("paused", [gap["reason"] for gap in gaps])
        actions = [entry["action"] for entry in self.lab.ctl("audit", "--limit", "50")["entries"] if entry["action"].startswith("camera.")]
        self.assertEqual(actions, ["camera.resume", "camera.pause", "camera.pause"])
        at_hub = lambda: [json.loads(row["entry"])["action"] for row in self.lab.hub_rows("SELECT document FROM row WHERE kind = 'audit'")]
        wait_until(lambda: at_hub().count("camera.pause") == 2 and "camera.resume" in at_hub(), 20, "the hub to have the entries")

    def refusal(self, *words):
        with self.assertRaises(Exception) as refused:
            self.lab.ctl(*words)
        return str(refused.exception)


if __name__ == "__main__":
    main()
