"""The main job: cameras to events and clips at the hub, and what the clips are worth."""

import json
import subprocess
import time

from browser import video_facts
from harness import YARD, LabTest, main, probe_mp4, wait_until, when

EMPTY_S, WALK_S, WALKERS = 8, 5, 3
PRE_ROLL_S = 3
MOTION = {"motion": {"pre_roll_s": PRE_ROLL_S, "post_roll_s": 2, "merge_gap_s": 2}}


def first_frames(path):
    shown = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                            "packet=pts_time,flags", "-of", "json", str(path)], capture_output=True, text=True, check=True)
    return json.loads(shown.stdout)["packets"]


class ChainTest(LabTest):
    def start_yards(self):
        self.lab.start_broker()
        self.lab.start_hub()
        truth = self.folder / "truth.jsonl"
        walks = ("--empty", EMPTY_S, "--walk", WALK_S)
        h264 = self.lab.start_camera("old", *YARD, *walks, "--codec", "h264", "--truth", truth)
        h265 = self.lab.start_camera("new", *YARD, *walks, "--codec", "h265", "--seed", 7)
        config = self.lab.write_config([h264.settings | MOTION, h265.settings | MOTION])
        self.lab.start_gateway(config)
        for camera in ("old", "new"):
            self.wait_for_state(camera, "ok", 20)
        return truth

    def events_of(self, camera, phase):
        return [e for e in self.lab.hub_events() if e["camera"] == camera and e["phase"] == phase]

    def test_every_walker_is_an_event_and_every_event_a_clip_that_plays(self):
        truth = self.start_yards()
        for camera in ("old", "new"):
            wait_until(lambda c=camera: len(self.events_of(c, "end")) >= WALKERS, 90, f"{WALKERS} events of {camera}")
        walks = [json.loads(line) for line in truth.read_text().splitlines()]
        entered = [walk["wall_ns"] / 1e9 for walk in walks if walk["walker"] == "enters"]
        starts = [when(event["start"]) for event in self.events_of("old", "start")]
        for start in starts:
            self.assertTrue(any(0 <= start - enter <= WALK_S for enter in entered), f"an event without a walker at {start}")
        walked = [enter for enter in entered if starts[0] - WALK_S <= enter <= starts[-1]]
        self.assertEqual(len(starts), len(walked), "one event per walker")

        wait_until(lambda: len(self.lab.hub_clips()) >= 2 * WALKERS, 40, "a clip of each event")
        ranges = {e["event"]: e["clip"] for e in self.lab.hub_events() if e["phase"] == "end"}
        for path, clip in self.lab.hub_clips().items():
            with self.subTest(clip=path.name):
                self.assertTrue(clip["verified"])
                self.check_clip(path, clip["manifest"], ranges)
                self.check_evidence(path, clip)
        self.check_in_browser()
        self.check_request()
        self.check_ledger()

    def check_clip(self, path, manifest, ranges):
        facts = probe_mp4(path)
        self.assertEqual(facts["errors"], "")
        packets = first_frames(path)
        self.assertIn("K", packets[0]["flags"], "a clip begins with a random access point")
        asked = when(manifest["asked"]["from"])
        covered = when(manifest["covered"]["from"])
        self.assertLessEqual(covered, asked, "it begins at or before what was asked for")
        self.assertGreaterEqual(facts["duration"], when(manifest["covered"]["to"]) - covered - 0.5)
        for event in ranges.values():
            self.assertTrue(event["from"] and event["to"])

    def verify(self, path, clip):
        manifest = self.folder / "manifest.json"
        manifest.write_text(json.dumps(clip["signed"]))
        done = subprocess.run([self.lab.bin / "camgate-verify", path, manifest, "--ca", self.lab.pki / "ca.crt", "--json"],
                              capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.returncode, json.loads(done.stdout)

    def check_evidence(self, path, clip):
        status, said = self.verify(path, clip)
        self.assertEqual((status, said["verdict"], said["findings"]), (10, "unchanged", []))
        spoiled = bytearray(path.read_bytes())
        spoiled[-1] ^= 1
        copy = self.folder / "spoiled.mp4"
        copy.write_bytes(spoiled)
        status, said = self.verify(copy, clip)
        self.assertEqual((status, said["findings"][0]["record"]), (21, said["records"] - 1))

    def check_ledger(self):
        """A minute after its start the gateway has its first checkpoints countersigned."""
        def streams():
            return {(c["camera"], c["chain"]) for c in self.lab.hub_checkpoints() if c.get("countersignature")}
        wait_until(lambda: streams() >= {("old", "first"), ("new", "first")}, 90, "checkpoints of both cameras")

    def check_in_browser(self):
        h264 = [p for p, c in self.lab.hub_clips().items() if c["manifest"]["camera"] == "old"]
        facts = video_facts(h264[0])
        self.assertAlmostEqual(facts["duration"], probe_mp4(h264[0])["duration"], delta=0.3)
        self.assertAlmostEqual(facts["seeked_to"], facts["duration"] / 2, delta=0.5)

    def check_request(self):
        """Asked for by a signed command: the same range in full quality, and a picture."""
        end = self.events_of("old", "end")[0]
        asked = self.lab.hub_command("request-clip", "--gateway", self.lab.gateway, "--camera",
                                     "old", "--from", end["start"], "--to", end["last_motion"], "--quality", "full")
        self.assertEqual(asked.returncode, 0, asked.stderr + asked.stdout)
        before = len(self.lab.hub_clips())
        wait_until(lambda: any(c["manifest"]["quality"] == "full" for c in self.lab.hub_clips().values()), 30,
                   f"the full clip beside {before} others")
        picture = self.folder / "now.jpg"
        shot = self.lab.hub_command("snapshot", "--out", picture, "--receive-key", self.lab.pki / "receiver.key", "--gateway", self.lab.gateway, "--camera", "old")
        self.assertEqual(shot.returncode, 0, shot.stderr + shot.stdout)
        self.assertEqual(picture.read_bytes()[:2], b"\xff\xd8")


if __name__ == "__main__":
    main()
