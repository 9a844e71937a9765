"""Whatever stands still is found and started anew: recording and link again within 60 s, and the cause is told."""

import os
import signal
import socket
import threading
import time

from harness import ROOT, YARD, LabTest, main, wait_until

WATCHDOG_S = 20


class Manager:
    """As much of a service manager as the daemon sees: hears it, and kills it when it has been silent too long."""

    def __init__(self, lab, config):
        self.lab, self.config, self.said, self.starts = lab, config, [], 0
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(lab.folder / "notify"))
        self.socket.settimeout(0.5)
        self.over = False
        self.start()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def start(self):
        self.starts += 1
        self.heard = time.monotonic()
        command = [self.lab.bin / "camgated", "--config", self.config, "--board", "host", "--boards", ROOT / "boards",
                   "--data", self.lab.data, "--control", self.lab.control]
        self.daemon = self.lab.start(f"camgated-{self.starts}", command, {
            "NOTIFY_SOCKET": str(self.lab.folder / "notify"), "WATCHDOG_USEC": str(WATCHDOG_S * 1_000_000)})

    def watch(self):
        while not self.over:
            try:
                self.said.append(self.socket.recv(4096).decode())
                self.heard = time.monotonic()
            except TimeoutError:
                pass
            if not self.over and time.monotonic() - self.heard > WATCHDOG_S:
                self.daemon.kill()
                self.start()

    def end(self):
        self.over = True
        self.thread.join()
        self.socket.close()


class WatchdogTest(LabTest):
    def start(self):
        self.lab.start_broker()
        camera = self.lab.start_camera("gate", *YARD)
        self.manager = Manager(self.lab, self.lab.write_config([camera.settings]))
        self.addCleanup(self.manager.end)
        self.wait_until_all_is_well()

    def wait_until_all_is_well(self, seconds=60):
        begin = time.monotonic()
        self.wait_for_state("gate", "ok", seconds)
        self.wait_for_link("up", seconds - (time.monotonic() - begin))
        stored = self.lab.camera_status("gate")["counters"]["stored_records"]
        wait_until(lambda: self.lab.camera_status("gate").get("counters", {}).get("stored_records", 0) > stored,
                   seconds - (time.monotonic() - begin), "recording to go on")
        return time.monotonic() - begin

    def pid_of(self, name):
        return next(p["pid"] for p in self.lab.status()["processes"] if p["name"].startswith(name))

    def test_stopped_processes_come_back(self):
        self.start()
        self.assertIn("READY=1", self.manager.said)
        self.assertIn("WATCHDOG=1", self.manager.said)
        for name, event in (("camera", "role=camera"), ("link", "role=link-control")):
            with self.subTest(process=name):
                pid = self.pid_of(name)
                os.kill(pid, signal.SIGSTOP)
                wait_until(lambda: pid not in [p["pid"] for p in self.lab.status()["processes"]], 30, f"{name} to be given up")
                took = self.wait_until_all_is_well(60)
                print(f"\n{name}: all well {took:.0f} s after it was given up", flush=True)
                self.assertRegex(self.manager.daemon.log.read_text(), f"worker-ended {event}.*said nothing for too long")
        os.kill(self.manager.daemon.pid, signal.SIGSTOP)
        begin = time.monotonic()
        wait_until(lambda: self.manager.starts == 2, 40, "the daemon to be started anew")
        self.wait_until_all_is_well(60 - (time.monotonic() - begin))
        print(f"camgated: all well {time.monotonic() - begin:.0f} s after it was stopped", flush=True)
        self.assertEqual(self.lab.status()["started"]["last_end"], "killed or crashed")


if __name__ == "__main__":
    main()
