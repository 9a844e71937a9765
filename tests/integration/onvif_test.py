"""Cameras found by ONVIF on loopback: camgated asks camgate-finder, which asks simulated cameras, friendly and hostile."""

import time

from harness import YARD, LabError, LabTest, main, wait_until

class OnvifTest(LabTest):
    def setUp(self):
        super().setUp()
        self.lab.start_gateway(self.lab.write_config([]))
        wait_until(self.lab.status, 10, "camgated to answer")

    def discover(self):
        return self.lab.ctl("cameras", "discover", "--interface", "lo", "--seconds", 2)["cameras"]

    def describe(self, url, user="viewer", password="look-4-me"):
        return self.lab.call("cameras.describe", url=url, user=user, password=password)

    def test_found_described_tried_and_added(self):
        rtsp = self.lab.start_camera("gate", *YARD)
        onvif = self.lab.start_onvif("gate", "--main", rtsp.settings["main"], "--sub", rtsp.settings["sub"], "--name", "Front gate", "--clock-ahead", 3600)
        found = self.discover()
        self.assertEqual([(row["url"], row["name"], row["hardware"]) for row in found], [(onvif.url, "Front gate", "SIM-1")])
        described = self.describe(onvif.url)
        self.assertEqual(described["streams"][described["main"]]["url"], rtsp.settings["main"])
        self.assertEqual(described["streams"][described["sub"]]["url"], rtsp.settings["sub"])
        self.assertAlmostEqual(described["clock_ahead_s"], 3600, delta=2)
        with self.assertRaisesRegex(LabError, "does not accept user and password"):
            self.describe(onvif.url, password="wrong")
        tried = self.lab.call("cameras.test", main=rtsp.settings["main"], sub=rtsp.settings["sub"], user="viewer", password="look-4-me")
        self.assertEqual((tried["main"]["codec"], tried["main"]["width_px"], tried["main"]["height_px"]), ("h264", 640, 480))
        self.assertAlmostEqual(tried["main"]["fps"], 10, delta=2)
        self.assertIn("group_s", tried["main"])
        self.assertIn("jpeg", tried)
        with self.assertRaisesRegex(LabError, "auth-failed"):
            self.lab.call("cameras.test", main=rtsp.settings["main"], user="viewer", password="wrong")

    def test_http_digest(self):
        onvif = self.lab.start_onvif("gate", "--main", "rtsp://127.0.0.1/main", "--auth", "digest")
        self.assertEqual(self.describe(onvif.url)["streams"][0]["url"], "rtsp://127.0.0.1/main")
        with self.assertRaisesRegex(LabError, "does not accept user and password"):
            self.describe(onvif.url, password="wrong")

    def test_hostile_cameras_are_answered_in_words(self):
        begun = time.monotonic()
        for how, words in (("other-host", "another host"), ("bomb", "document type"), ("endless", "too long"), ("silent", "asking the camera"),
                           ("garbage", "no XML|not UTF-8"), ("deep", "XML|deep|too long"), ("flood", "another host|")):
            with self.subTest(how=how):
                onvif = self.lab.start_onvif(how, "--main", "rtsp://192.0.2.1/main", "--misbehave", how)
                found = self.discover()
                if how in ("other-host", "bomb"):
                    self.assertEqual(found, [])
                self.assertLessEqual(len(found), 64)
                with self.assertRaisesRegex(LabError, words):
                    self.describe(onvif.url)
                onvif.stop()
        self.assertLess(time.monotonic() - begun, 120)
        self.assertEqual(self.lab.status()["gateway"], "cg-demo")

    def test_a_worker_that_stands_still_is_given_up(self):
        with self.assertRaises(LabError):
            self.describe("http://127.0.0.1:1/")
        with self.assertRaisesRegex(LabError, "no interface of that name"):
            self.lab.ctl("cameras", "discover", "--interface", "none0")


if __name__ == "__main__":
    main()
