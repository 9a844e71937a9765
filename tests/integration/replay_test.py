#!/usr/bin/env python3
"""camgate-replay over files of many forms: every frame is counted, the walk is found in the same place, errors are said."""

import json
import os
import random
import subprocess
import tempfile
import unittest
from pathlib import Path

BIN = Path(os.environ["CAMGATE_BIN"])
FPS = 15
SECONDS = 24
# The yard is empty for 12 s; then somebody walks for 6 s, from outside one side to outside the other.
ENTERS_FRAME = 12 * FPS
LEAVES_FRAME = 18 * FPS

FORMS = {
    "plain.mp4": ["--codec", "h264"],
    "reordered.mp4": ["--codec", "h264", "--reorder", "3"],
    "reordered.mkv": ["--codec", "h264", "--reorder", "3"],
    "times.ts": ["--codec", "h264"],
    "hevc.mkv": ["--codec", "h265"],
    "jpeg.avi": ["--codec", "mjpeg"],
    "mpeg4.avi": ["--codec", "mpeg4"],
}


class ReplayTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="camgate-test-")
        cls.folder = Path(cls.scratch.name)
        cls.made = {}

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def clip(self, name):
        file = self.folder / name
        if not file.exists():
            subprocess.run([BIN / "camgate-make-clip", file, "--seconds", str(SECONDS), "--fps", str(FPS), "--empty", "12", "--walk",
                            "6", "--group", "1", *FORMS[name]], check=True)
        return file

    def replay(self, *arguments):
        ran = subprocess.run([BIN / "camgate-replay", "--json", *arguments], capture_output=True, text=True, timeout=120, check=False)
        return ran.returncode, [json.loads(line) for line in ran.stdout.splitlines()], ran.stderr

    def events(self, lines):
        return [line for line in lines if line["type"] == "event"]

    def test_every_form_gives_every_frame_and_the_walk(self):
        for name in FORMS:
            with self.subTest(name):
                status, lines, _ = self.replay(self.clip(name))
                self.assertEqual(status, 0)
                self.assertEqual(lines[-1]["type"], "summary")
                self.assertEqual(lines[-1]["frames"], SECONDS * FPS)
                self.assertAlmostEqual(lines[-1]["fps"], FPS, delta=0.1)
                (event,) = self.events(lines)
                # Seen once it is in the picture, sure 0.4 s later; half a second for coming in.
                self.assertGreater(event["first_frame"], ENTERS_FRAME)
                self.assertLessEqual(event["first_frame"], ENTERS_FRAME + 1.5 * FPS)
                self.assertLessEqual(abs(event["last_frame"] - LEAVES_FRAME), FPS)
                self.assertAlmostEqual(event["start_s"], event["first_frame"] / FPS, delta=0.07)

    def test_the_gate_changes_no_event(self):
        file = self.clip("plain.mp4")
        _, without, _ = self.replay("--gate", "off", file)
        _, gated, _ = self.replay("--gate", "on", file)
        self.assertEqual(self.events(without)[0]["first_frame"], self.events(gated)[0]["first_frame"])
        self.assertEqual(gated[-1]["frames"], SECONDS * FPS)

    def test_the_same_file_gives_the_same_events(self):
        runs = [self.replay("--gate", "on", self.clip("plain.mp4"))[1][:-1] for _ in range(2)]
        self.assertEqual(runs[0], runs[1])

    def test_zones_hold_and_are_named(self):
        zones = self.folder / "zones.json"
        zones.write_text('[{"name": "left", "polygon": [[0, 0], [0.5, 0], [0.5, 1], [0, 1]]}]')
        _, lines, _ = self.replay("--zones", zones, self.clip("plain.mp4"))
        self.assertEqual(self.events(lines)[0]["zones"], ["left"])
        zones.write_text('[{"name": "bow", "polygon": [[0, 0], [1, 1], [1, 0], [0, 1]]}]')
        status, lines, errors = self.replay("--zones", zones, self.clip("plain.mp4"))
        self.assertEqual((status, lines), (2, []))
        self.assertIn("bow", errors)

    def test_a_cut_off_file_gives_what_is_there(self):
        cut = self.folder / "cut.mkv"
        whole = self.clip("reordered.mkv").read_bytes()
        cut.write_bytes(whole[:len(whole) * 3 // 4])
        _, lines, _ = self.replay(cut)
        self.assertEqual(len(self.events(lines)), 1)
        self.assertLess(lines[-1]["frames"], SECONDS * FPS)

    def test_a_spoilt_view_is_told_as_a_state(self):
        dice = random.Random(1)
        ground = [80 + dice.randrange(60) * ((i // 4 + i // 640) % 2) for i in range(160 * 120)]
        seen = b"".join(bytes(grey + dice.randrange(4) for grey in ground) for _ in range(4 * 10))
        raw, file = self.folder / "black.grey", self.folder / "black.avi"
        raw.write_bytes(2 * seen + bytes(160 * 120 * 12 * 10) + 2 * seen)
        subprocess.run(["gst-launch-1.0", "-q", "filesrc", f"location={raw}", "!", "rawvideoparse", "format=gray8", "width=160",
                        "height=120", "framerate=10/1", "!", "videoconvert", "!", "jpegenc", "!", "avimux", "!", "filesink",
                        f"location={file}"], check=True)
        status, lines, _ = self.replay("--gate", "off", file)
        self.assertEqual(status, 0)
        states = [(line["state"], line["frame"]) for line in lines if line["type"] == "state"]
        told = [frame for state, frame in states if state == "black"]
        self.assertEqual(len(told), 1)
        # From frame 80 on, within 10 s.
        self.assertTrue(80 < told[0] <= 180)
        self.assertEqual(states[-1][0], "normal")

    def test_what_is_no_video_is_said(self):
        text = self.folder / "notes.txt"
        text.write_text("no video\n" * 100)
        for file in (text, self.folder / "missing.mp4", self.folder):
            with self.subTest(file):
                status, lines, errors = self.replay(file)
                self.assertEqual((status, lines), (1, []))
                self.assertIn(str(file), errors)

    def test_picture_and_video_are_written(self):
        picture, video = self.folder / "day.png", self.folder / "day.mp4"
        status, _, _ = self.replay("--picture", picture, "--video", video, self.clip("plain.mp4"))
        self.assertEqual(status, 0)
        self.assertEqual(picture.read_bytes()[:8], b"\x89PNG\r\n\x1a\n")
        # Ten of fifteen frames a second are looked at.
        _, lines, _ = self.replay(video)
        self.assertAlmostEqual(lines[-1]["frames"], SECONDS * 10, delta=3)
        status, _, errors = self.replay("--picture", self.folder / "none/day.png", self.clip("plain.mp4"))
        self.assertEqual(status, 1)
        self.assertIn("none/day.png", errors)


if __name__ == "__main__":
    unittest.main()
