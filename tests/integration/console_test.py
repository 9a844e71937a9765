"""The console on a terminal of its own: what a technician types and sees, with the daemon and without."""

import os
import time

from harness import YARD, LabTest, main, wait_until
from terminal import PROMPT, Terminal


class ConsoleTest(LabTest):
    def open(self, **options):
        terminal = Terminal(self.lab.bin / "camgatectl", self.lab.control, **options)
        self.addCleanup(os.close, terminal.fd)
        terminal.until(PROMPT)
        return terminal

    def test_without_a_daemon_it_says_what_it_can(self):
        for term in ("vt100", "vt220", "ansi", "dumb"):
            with self.subTest(term=term):
                console = self.open(term=term)
                shown = console.enter("status")
                self.assertIn("camgated does not answer", shown)
                self.assertRegex(shown, r"up for +\d+ d")
                self.assertIn("no camgated answers at", shown)
                self.assertIn("did you mean \"status\"?", console.enter("stauts"))
                console.press("exit\r")
                self.assertEqual(console.ended(), 0)

    def test_noise_on_the_line_is_answered_in_words(self):
        console = self.open(term="dumb")
        self.assertIn("has no end", console.enter('config set a "b'))
        self.assertIn("at most 4096", console.enter("x" * 500 + "".join("y" * 500 for _ in range(20)), "are read"))
        console.until(PROMPT)
        console.press("sta\x03")
        console.until("^C")
        console.until(PROMPT)
        self.assertIn("All commands", console.enter("help help"))

    def test_two_languages_and_seven_bits(self):
        console = self.open()
        self.assertIn("Bảng điều khiển dùng tiếng Việt.", console.enter("lang vi"))
        self.assertIn("Ví dụ: lang vi", console.enter("help lang"))
        self.assertIn("The console speaks English.", console.enter("lang en"))
        self.assertIn("Bang dieu khien dung tieng Viet.", self.open(lang="C").enter("lang vi"))
        self.assertIn("Gõ ?", Terminal(self.lab.bin / "camgatectl", self.lab.control, CAMGATE_LANG="vi").until(PROMPT))

    def test_long_answers_come_a_screen_at_a_time(self):
        console = self.open()
        first = console.enter("help", "-- 1/4 --")
        self.assertLessEqual(first.count("\n"), 23)
        for page in ("-- 2/4 --", "-- 3/4 --"):
            console.press(" ")
            console.until(page)
        console.press(" ")
        self.assertIn("exit", console.until(PROMPT))
        console.enter("help", "-- 1/4 --")
        console.press("q")
        self.assertNotIn("Leaves the console", console.until(PROMPT))

    def test_the_household_has_a_time_zone(self):
        self.lab.start_gateway(self.lab.write_config([]))
        wait_until(self.lab.status, 20, "the gateway to answer")
        console = self.open()
        self.assertRegex(console.enter("time"), r"\+07:00\s+time zone +Asia/Ho_Chi_Minh")
        self.assertIn('did you mean "Asia/Tokyo"?', console.enter("config set time_zone Asia/Tokio"))
        editing = "camgate config> "
        console.enter("config edit", editing)
        console.press("set time_zone Asia/Tok\t")
        self.assertIn("no fault", console.enter("", editing))
        self.assertIn('+ time_zone "Asia/Tokyo"', console.enter("diff", editing))
        console.enter("commit", editing)
        console.enter("exit")
        deadline = time.monotonic() + 20
        while "revision 2 is in force" not in console.enter("config report"):
            self.assertLess(time.monotonic(), deadline)
        self.assertRegex(console.enter("time"), r"\+09:00\s+time zone +Asia/Tokyo")
        self.assertRegex(console.enter("config revisions"), r"T\d\d:\d\d:\d\d\+09:00")
        self.assertEqual(self.lab.status()["time"]["zone"], "Asia/Tokyo")

    def test_the_uplink_is_measured_within_the_cap(self):
        self.lab.start_broker()
        self.lab.start_gateway(self.lab.write_config([]))
        self.wait_for_link()
        speed = self.lab.call("hub.speed")
        self.assertEqual(speed["cap_kbps"], self.lab.status()["link"]["cap_kbps"])
        self.assertGreater(speed["kbps"], speed["cap_kbps"] * 0.85)
        self.assertLessEqual(speed["kbps"], speed["cap_kbps"] * 1.02)
        console = self.open()
        self.assertRegex(console.enter("network test"), r"uplink +at least \d+ kbit/s; the cap is \d+")

    def test_a_change_from_candidate_to_rollback(self):
        camera = self.lab.start_camera("gate", *YARD)
        self.lab.start_gateway(self.lab.write_config([camera.settings]))
        self.wait_for_state("gate", "ok", 20)
        console = self.open()
        # Tab: the words, the setting's path, its last word.
        console.press('config se\tcam\tga\tna\t"Cổng trước"')
        self.assertIn("no fault", console.enter(""))
        console.press("config set ?")
        self.assertIn("config set SETTING VALUE", console.until(PROMPT))
        console.press("\x15\r")
        console.until(PROMPT)
        self.assertIn('+ cameras/gate/name "Cổng trước"', console.enter("config diff"))
        self.assertIn("/hub/port: expected a whole number from 1 to 65535, found 0", console.enter("config set hub/port 0"))
        self.assertIn("nothing has changed: faults", console.enter("config commit"))
        console.enter(f"config set hub/port {self.lab.broker_port}")
        self.assertIn("revision 2 is on trial", console.enter("config commit confirm 5"))
        self.assertIn("waits for config confirm", console.enter("config report"))
        console.enter("config confirm")
        deadline = time.monotonic() + 20
        while "revision 2 is in force" not in console.enter("config report"):
            self.assertLess(time.monotonic(), deadline)
        self.assertIn("Cổng trước", console.enter("config show cameras/gate"))
        self.assertIn("console", console.enter("config revisions"))
        console.press("secret set cameras/gate/password\r")
        console.until("none): ")
        console.press("look-4-me\r")
        self.assertNotIn("look-4-me", console.until("done"))
        console.until(PROMPT)
        self.assertNotIn("look-4-me", console.enter("config show --defaults", "-- 1/"))
        console.press("q")
        console.until(PROMPT)
        console.enter("config rollback 1")
        self.assertIn("- cameras/gate/name", console.enter("config diff"))
        self.wait_for_state("gate", "ok", 20)
        metrics = self.lab.ctl("metrics")["text"]
        self.assertIn('camgate_camera_state_info{camera="gate",state="ok"} 1\n', metrics)
        self.assertIn("camgate_configuration_revision 2\n", metrics)
        self.assertTrue(metrics.endswith("# EOF\n"))


if __name__ == "__main__":
    main()
