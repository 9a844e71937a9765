#!/usr/bin/env python3
"""A household's line with delay, loss and a rate, for kernels without netem: a TUN device in the household's network
namespace, another outside, and a process that carries every packet from one to the other late, or not at all. Each
direction has its own queue, as long as the rate carries in 200 ms. Needs root."""

import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from home_line import HomeLine, HomeLineError, _ip  # noqa: E402

CLONE_NEWNET = 0x40000000
TUNSETIFF, IFF_TUN_NO_PI = 0x400454CA, 0x1001
QUEUE_S = 0.2
LONGEST_PACKET = 2048
ETHERNET_BYTES = 14


class EmulatedLine(HomeLine):
    """As HomeLine, between the same two ends. `one_way_ms` of delay each way, `loss` a share of the packets each way."""

    def __init__(self, one_way_ms, loss, kbps):
        super().__init__()
        self.hub_end = f"cge{os.getpid()}"
        self.quality = [str(one_way_ms), str(loss), str(kbps)]
        self.emulator = None

    def __enter__(self):
        try:
            _ip("netns", "add", self.namespace)
            _ip("-n", self.namespace, "link", "set", "lo", "up")
            self.emulator = subprocess.Popen([sys.executable, __file__, self.namespace, self.home_address, self.hub_end, self.hub_address,
                                              *self.quality], stdout=subprocess.PIPE, text=True)
            if self.emulator.stdout.readline().strip() != "up":
                raise HomeLineError("the line's emulator did not start")
        except (HomeLineError, FileNotFoundError):
            self.__exit__()
            raise
        return self

    def sent_bytes(self):
        """What the household has put on the line, what is lost on it too, with Ethernet headers that a TUN device has not."""
        counts = [subprocess.run([*self.at_home, "cat", f"/sys/class/net/home/statistics/tx_{what}"], capture_output=True, text=True, check=True)
                  for what in ("bytes", "packets")]
        carried, packets = (int(count.stdout) for count in counts)
        return carried + packets * ETHERNET_BYTES

    def __exit__(self, *_):
        if self.emulator:
            self.emulator.kill()
            self.emulator.wait()
        super().__exit__()


def open_tun(name, address, peer):
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN_NO_PI))
    for words in (("addr", "add", address, "peer", peer, "dev", name), ("link", "set", name, "up", "mtu", "1500", "txqueuelen", "500")):
        subprocess.run(["ip", *words], check=True)
    return tun


class Direction:
    """Packets that go one way: when is each due at the other end?"""

    def __init__(self, out, delay_s, loss, bytes_per_s):
        self.out = out
        self.delay_s = delay_s
        self.loss = loss
        self.bytes_per_s = bytes_per_s
        self.free_at = 0.0

    def due(self, now, length):
        """None: lost, by chance or because the queue is full."""
        start = max(now, self.free_at)
        if start - now > QUEUE_S or random.random() < self.loss:
            return None
        self.free_at = start + length / self.bytes_per_s
        return self.free_at + self.delay_s


def emulate(namespace, home_address, hub_end, hub_address, one_way_ms, loss, kbps):
    outside = os.open("/proc/self/ns/net", os.O_RDONLY)
    hub = open_tun(hub_end, hub_address, home_address)
    libc = ctypes.CDLL(None, use_errno=True)
    household = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    if libc.setns(household, CLONE_NEWNET) != 0:
        sys.exit("no way into the namespace")
    home = open_tun("home", home_address, hub_address)
    libc.setns(outside, CLONE_NEWNET)
    quality = (float(one_way_ms) / 1000, float(loss), float(kbps) * 125)
    directions = {home: Direction(hub, *quality), hub: Direction(home, *quality)}
    os.nice(-10)  # it is the wire: it does not wait for a processor
    print("up", flush=True)
    carry(directions)


def carry(directions):
    under_way, count = [], 0
    while True:
        now = time.monotonic()
        readable, _, _ = select.select(list(directions), [], [], max(0, under_way[0][0] - now) if under_way else 1)
        for tun in readable:
            for _ in range(64):
                try:
                    packet = os.read(tun, LONGEST_PACKET)
                except BlockingIOError:
                    break
                due = directions[tun].due(time.monotonic(), len(packet))
                if due is not None:
                    count += 1
                    heapq.heappush(under_way, (due, count, directions[tun].out, packet))
        now = time.monotonic()
        while under_way and under_way[0][0] <= now:
            _, _, out, packet = heapq.heappop(under_way)
            try:
                os.write(out, packet)
            except OSError:
                pass  # the reader's queue is full: lost, as anywhere


if __name__ == "__main__":
    emulate(*sys.argv[1:])
