"""A household's line between two network namespaces' ends: the gateway lives in a namespace of its own, broker and
hub outside, a pair of virtual interfaces between them. Needs root. What crosses it is counted by the kernel."""

import os
import subprocess
import threading
import time
from pathlib import Path


class HomeLineError(Exception):
    pass


def _ip(*words):
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise HomeLineError(f"ip {' '.join(words)}: {done.stderr.strip()}")


class HomeLine:
    """Use as a context manager. `up_bytes()` counts what the household has sent, Ethernet headers too."""

    def __init__(self):
        number = os.getpid() % 200
        self.namespace = f"camgate-home-{os.getpid()}"
        self.hub_end = f"cgh{os.getpid()}"
        self.hub_address = f"10.77.{number}.1"
        self.home_address = f"10.77.{number}.2"
        self.at_home = ["ip", "netns", "exec", self.namespace]

    def __enter__(self):
        try:
            _ip("netns", "add", self.namespace)
            _ip("link", "add", self.hub_end, "type", "veth", "peer", "name", "home", "netns", self.namespace)
            _ip("addr", "add", f"{self.hub_address}/24", "dev", self.hub_end)
            _ip("link", "set", self.hub_end, "up")
            for words in (("addr", "add", f"{self.home_address}/24", "dev", "home"), ("link", "set", "home", "up"),
                          ("link", "set", "lo", "up")):
                _ip("-n", self.namespace, *words)
            # Segments as a wire has them, each with its headers: virtual interfaces would pass on 64 KiB at once.
            _ip("-n", self.namespace, "link", "set", "home", "gso_max_segs", "1")
        except (HomeLineError, FileNotFoundError):
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        subprocess.run(["ip", "netns", "del", self.namespace], capture_output=True)

    def up_bytes(self):
        return int(Path(f"/sys/class/net/{self.hub_end}/statistics/rx_bytes").read_text())

    def sampler(self, every=0.05):
        return Sampler(self, every)


class Sampler(threading.Thread):
    """Samples of what the household sent, by time, until `stop()`."""

    def __init__(self, line, every):
        super().__init__(daemon=True)
        self.line = line
        self.every = every
        self.samples = []
        self.over = threading.Event()

    def run(self):
        while not self.over.is_set():
            self.samples.append((time.monotonic(), self.line.up_bytes()))
            self.over.wait(self.every)

    def stop(self):
        self.over.set()
        self.join()

    def largest(self, seconds):
        """The most bytes within so many seconds: between any two samples that are at most that far apart."""
        most, oldest = 0, 0
        for at, sent in self.samples:
            while at - self.samples[oldest][0] > seconds:
                oldest += 1
            most = max(most, sent - self.samples[oldest][1])
        return most
