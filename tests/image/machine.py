"""A board in QEMU whose serial console a test reads and types on.

Machine("qemu-arm64", card) starts it; expect(pattern), type(line), plug_in(stick); the card is a file that outlives the machine.
"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../scripts/lib"))
from lab import die_with_parent  # noqa: E402

UBOOT_ARM64 = "/usr/lib/u-boot/qemu_arm64/u-boot.bin"
CARD_BYTES = 4 << 30
STICK_BYTES = 256 << 20
STICK_START = 1 << 20
# A legacy image's header and the two lengths behind it.
SCRIPT_HEADER_BYTES = 64 + 8


def unpack_card(image, path, size=CARD_BYTES):
    """The card as scripts/flash leaves it: the image at its front, what is behind untouched."""
    subprocess.run(["zstd", "-dqf", "--sparse", image, "-o", path], check=True)
    os.truncate(path, size)


def start_one_processor(card):
    """By its boot script. Four that share two of ours wait for one another by the minute whenever the kernel stops them all."""
    table = json.loads(subprocess.run(["sfdisk", "--json", card], check=True, capture_output=True).stdout)["partitiontable"]
    start = next(part["start"] for part in table["partitions"] if part.get("name") == "boot") * table["sectorsize"]
    with tempfile.TemporaryDirectory() as folder:
        script, text = os.path.join(folder, "boot.scr"), os.path.join(folder, "boot.cmd")
        subprocess.run(["mcopy", "-i", f"{card}@@{start}", "::boot.scr", script], check=True)
        with open(script, "rb") as was, open(text, "wb") as now:
            lines = was.read()[SCRIPT_HEADER_BYTES:]
            assert lines.count(b" panic=10 ") == 1
            now.write(lines.replace(b" panic=10 ", b" panic=10 maxcpus=1 "))
        subprocess.run(["mkimage", "-A", "arm", "-T", "script", "-C", "none", "-d", text, script], check=True, capture_output=True)
        subprocess.run(["mcopy", "-o", "-i", f"{card}@@{start}", script, "::boot.scr"], check=True)


def make_stick(path, *files):
    """A stick as it is bought, with one FAT partition."""
    with open(path, "wb") as stick:
        stick.truncate(STICK_BYTES)
    run = lambda *words, **more: subprocess.run([str(word) for word in words], check=True, capture_output=True, **more)
    run("sfdisk", path, input=f"label: dos\nstart={STICK_START // 512}, type=c\n".encode())
    run("mkfs.vfat", "-F", 32, "--offset", STICK_START // 512, path, (STICK_BYTES - STICK_START) // 1024)
    for file in files:
        run("mcopy", "-i", f"{path}@@{STICK_START}", file, "::")


class Ended(Exception):
    """The machine is gone."""


class Machine:
    def __init__(self, board, card, log):
        self.folder = tempfile.mkdtemp(prefix="camgate-machine-")
        self.log = open(log, "a", encoding="utf-8", errors="replace")
        self.started = time.monotonic()
        self.text = ""
        line = os.path.join(self.folder, "serial")
        self.monitor = os.path.join(self.folder, "monitor")
        self.process = subprocess.Popen(self.command(board, card, line, self.monitor), stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=subprocess.STDOUT, preexec_fn=die_with_parent)
        self.serial = self.connect(line)

    # What the card has taken outlives QEMU, as it lies with this machine's kernel: no sync of its own is needed.
    @staticmethod
    def command(board, card, line, monitor):
        serial = ["-chardev", f"socket,id=line,path={line},server=on,wait=on", "-serial", "chardev:line"]
        common = ["-display", "none", "-monitor", f"unix:{monitor},server=on,wait=off", "-no-user-config", "-nodefaults", *serial]
        if board == "qemu-arm64":
            return ["qemu-system-aarch64", "-M", "virt", "-cpu", "cortex-a53", "-smp", "2", "-m", "1024", *common,
                    "-bios", UBOOT_ARM64, "-drive", f"if=none,id=card,format=raw,cache=unsafe,file={card}", "-device",
                    "virtio-blk-device,drive=card", "-netdev", "user,id=net", "-device", "virtio-net-device,netdev=net",
                    "-object", "rng-random,id=rng,filename=/dev/urandom", "-device", "virtio-rng-device,rng=rng",
                    "-device", "qemu-xhci,id=usb", "-device", "i6300esb", "-action", "watchdog=reset"]
        if board == "orangepi-pc":
            # The loader says that the timer counts 24 MHz, as the board's does; QEMU's counts more unless told, and then a second is 0.4 of ours.
            return ["qemu-system-arm", "-M", "orangepi-pc", "-global", "cortex-a7-arm-cpu.cntfrq=24000000", "-m", "1024", *common,
                    "-drive", f"if=sd,format=raw,cache=unsafe,file={card}", "-nic", "user"]
        raise ValueError(f"no QEMU machine for board {board}")

    def connect(self, line):
        deadline = time.monotonic() + 20
        while True:
            serial = socket.socket(socket.AF_UNIX)
            try:
                serial.connect(line)
                return serial
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise Ended("QEMU did not start: see the log") from None
                time.sleep(0.05)

    def seconds(self):
        return time.monotonic() - self.started

    def expect(self, pattern, seconds=120):
        """What stood before the match; the match and it are gone from the text that later calls see."""
        return self.find(pattern, seconds)[0]

    def find(self, pattern, seconds=120):
        """The same, and the match."""
        wanted = re.compile(pattern, re.S)
        deadline = time.monotonic() + seconds
        while not (found := wanted.search(self.text)):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"no {pattern!r} after {seconds} s in {self.text[-800:]!r}")
            self.serial.settimeout(min(left, 1))
            try:
                piece = self.serial.recv(65536)
            except TimeoutError:
                continue
            if not piece:
                raise Ended(f"the machine ended while {pattern!r} was awaited")
            self.text += piece.decode("utf-8", "replace")
            self.log.write(piece.decode("utf-8", "replace"))
            self.log.flush()
        before, self.text = self.text[:found.start()], self.text[found.end():]
        return before, found

    def type(self, line):
        self.press(line + "\r")

    def press(self, keys):
        self.serial.sendall(keys.encode())

    def plug_in(self, stick):
        with socket.socket(socket.AF_UNIX) as monitor:
            monitor.connect(self.monitor)
            monitor.sendall(f"drive_add 0 if=none,id=stick,format=raw,file={stick}\ndevice_add usb-storage,drive=stick,bus=usb.0\n".encode())
            monitor.settimeout(2)
            try:
                while monitor.recv(65536):
                    pass
            except TimeoutError:
                pass

    def cut_power(self):
        self.process.kill()
        self.process.wait()
        self.serial.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cut_power()
        self.log.close()
