"""camgate-priv on a message bus of its own: RAUC itself with bundles that the tree's script made (all but writing a
slot, which needs the kernel's dm-verity), and a stand-in for what RAUC cannot do here."""

import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from lab import ROOT, Process, wait_until  # noqa: E402

BIN = Path(os.environ.get("CAMGATE_BIN") or ROOT / "build/host/bin")
SLOTS, INSPECT, INSTALL, ACTIVATE, MARK_GOOD, RESTART = range(1, 7)
HELLO, SLOTS_ARE, BUNDLE_IS, PROGRESS, DONE, FAILED = range(16, 22)
KINDS = ["not-found", "corruption", "no-space", "unavailable", "timeout", "cancelled", "invalid-argument",
         "failed-precondition", "permission-denied", "internal"]
BUS = """<busconfig><type>system</type><listen>unix:path={path}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/></policy></busconfig>"""


def sized(text):
    return struct.pack("<I", len(text)) + text.encode()


def texts(payload, count):
    out = []
    for _ in range(count):
        length = struct.unpack_from("<I", payload)[0]
        out.append(payload[4:4 + length].decode())
        payload = payload[4 + length:]
    return out, payload


class RaucTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="camgate-rauc-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.processes = []
        self.addCleanup(self.stop)
        self.bootenv = self.folder / "bootenv"
        self.bootenv.write_bytes(bytes(1 << 20))
        bus = self.folder / "bus"
        (self.folder / "bus.conf").write_text(BUS.format(path=bus))
        self.env = {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={bus}", "CAMGATE_BOOTENV": str(self.bootenv)}
        self.start("bus", ["dbus-daemon", f"--config-file={self.folder / 'bus.conf'}", "--nofork", "--nopidfile"])
        wait_until(bus.exists, 10, "the message bus")

    def stop(self):
        for process in reversed(self.processes):
            process.stop()

    def start(self, name, command):
        process = Process(name, command, self.folder / f"{name}.log", self.env)
        self.processes.append(process)
        return process

    def start_fake(self, *words):
        fake = self.start("fake", [BIN / "camgate-fake-rauc", self.bootenv, "A", *words])
        wait_until(lambda: "ready" in fake.tail(), 10, "the stand-in for RAUC")
        return fake

    def ask(self, verb, payload=b""):
        """All answers of camgate-priv to one verb, as (type, payload)."""
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                priv = subprocess.Popen([BIN / "camgate-priv", "--role", "priv"], stdin=theirs, env={**os.environ, **self.env},
                                        stderr=subprocess.DEVNULL)
            ours.settimeout(60)
            ours.sendall(struct.pack("<IHH", len(payload), verb, 0) + payload)
            heard = []
            stream = ours.makefile("rb")
            while not heard or heard[-1][0] in (HELLO, PROGRESS):
                head = stream.read(8)
                self.assertEqual(len(head), 8, "camgate-priv ended without an answer")
                length, kind, _ = struct.unpack("<IHH", head)
                heard.append((kind, stream.read(length)))
            stream.close()
        self.assertEqual(priv.wait(10), 0)
        return heard[1:]

    def slots(self):
        (kind, payload), = self.ask(SLOTS)
        self.assertEqual(kind, SLOTS_ARE, payload)
        (a, b, compatible), rest = texts(payload[4:], 3)
        return {"running": "AB"[payload[0]], "first": "AB"[payload[1]], "tries": list(payload[2:4]), "versions": [a, b],
                "compatible": compatible, "installing": rest != b"\0"}

    def failure(self, heard):
        kind, payload = heard[-1]
        self.assertEqual(kind, FAILED)
        return KINDS[payload[0]], texts(payload[1:], 1)[0][0]

    # RAUC itself

    def make_signer(self, name):
        keys = self.folder / name
        subprocess.run([ROOT / "scripts/lib/image/signing-keys", keys], check=True, capture_output=True)
        return keys

    def make_bundle(self, keys, board, version):
        root = self.folder / "root.ext4"
        if not root.exists():
            root.write_bytes(os.urandom(1 << 18))
        bundle = self.folder / f"{keys.name}-{board}-{version}.raucb"
        subprocess.run([ROOT / "scripts/lib/image/bundle", board, version, root, bundle], check=True, capture_output=True,
                       env={**os.environ, "CAMGATE_SIGNING": str(keys)})
        return bundle

    def start_rauc(self, keys):
        backend = self.folder / "backend"
        backend.write_text(f'#!/bin/sh\nexec {BIN}/camgate-bootenv --device {self.bootenv} "$@"\n')
        backend.chmod(0o755)
        conf = (ROOT / "firmware/packaging/image/rauc.conf").read_text().replace("@BOARD@", "test")
        for old, new in (("/usr/libexec/camgate/camgate-bootenv", backend), ("/etc/rauc/signers.pem", keys / "ca.pem"),
                         ("/state/rauc.status", self.folder / "rauc.status"), ("/run/rauc", self.folder / "mount"),
                         ("/dev/disk/by-partlabel/root", self.folder / "root")):
            self.assertIn(old, conf)
            conf = conf.replace(old, str(new))
        (self.folder / "mount").mkdir()
        (self.folder / "system.conf").write_text(conf)
        rauc = self.start("rauc", ["rauc", "--conf", self.folder / "system.conf", "--override-boot-slot=A", "service"])
        ask = ["dbus-send", f"--bus={self.env['DBUS_SYSTEM_BUS_ADDRESS']}", "--print-reply", "--dest=org.freedesktop.DBus", "/",
               "org.freedesktop.DBus.NameHasOwner", "string:de.pengutronix.rauc"]
        wait_until(lambda: b"true" in subprocess.run(ask, capture_output=True).stdout, 20, f"RAUC: {rauc.tail()}")

    def test_rauc_itself(self):
        ours = self.make_signer("ours")
        self.start_rauc(ours)
        self.assertEqual(self.slots(), {"running": "A", "first": "A", "tries": [3, 3], "versions": ["", ""],
                                        "compatible": "camgate-test", "installing": False})
        good = self.make_bundle(ours, "test", "0.2.0+1")
        (kind, payload), = self.ask(INSPECT, sized(str(good)))
        self.assertEqual(kind, BUNDLE_IS, payload)
        self.assertEqual(texts(payload, 2)[0], ["camgate-test", "0.2.0+1"])

        (kind, payload), = self.ask(INSPECT, sized(str(self.make_bundle(ours, "other", "0.2.0"))))
        self.assertEqual((kind, texts(payload, 2)[0][0]), (BUNDLE_IS, "camgate-other"))

        foreign = self.make_bundle(self.make_signer("theirs"), "test", "0.2.0")
        self.assertEqual(self.failure(self.ask(INSPECT, sized(str(foreign))))[0], "permission-denied")
        cut = self.folder / "cut.raucb"
        cut.write_bytes(good.read_bytes()[:-2000])
        self.assertEqual(self.failure(self.ask(INSPECT, sized(str(cut))))[0], "permission-denied")

        self.assertEqual(self.ask(ACTIVATE, b"\1"), [(DONE, b"")])
        self.assertEqual((self.slots()["first"], self.slots()["tries"]), ("B", [3, 3]))
        self.assertEqual(self.ask(ACTIVATE, b"\0"), [(DONE, b"")])
        self.assertEqual(self.slots()["first"], "A")
        self.assertEqual(self.ask(MARK_GOOD), [(DONE, b"")])
        kind, words = self.failure(self.ask(RESTART))
        self.assertEqual(kind, "unavailable", words)

    # What RAUC cannot do here

    def test_an_installation_is_followed_to_its_end(self):
        fake = self.start_fake("camgate-test", "0.2.0")
        heard = self.ask(INSTALL, sized("/a/bundle.raucb"))
        self.assertEqual(heard[-1], (DONE, b""))
        percents = [payload[0] for kind, payload in heard if kind == PROGRESS]
        self.assertEqual(percents, sorted(set(percents)))
        self.assertGreater(len(percents), 1)
        self.assertEqual(self.slots()["tries"], [3, 0])
        self.assertEqual(self.slots()["versions"], ["", "0.2.0"])
        self.assertEqual(self.ask(RESTART), [(DONE, b"")])
        self.assertIn("install /a/bundle.raucb\nstart reboot.target", fake.tail())

    def test_what_rauc_says_is_handed_on(self):
        self.start_fake("camgate-test", "0.2.0", "Failed updating slot: no space left on device")
        heard = self.ask(INSTALL, sized("/a/bundle.raucb"))
        self.assertEqual(self.failure(heard), ("internal", "Failed updating slot: no space left on device"))

    def test_a_machine_without_slots_says_so(self):
        self.bootenv.unlink()
        kind, words = self.failure(self.ask(SLOTS))
        self.assertEqual(kind, "unavailable")
        self.assertIn("no second slot", words)

    def test_a_rauc_that_dies_has_refused_nothing(self):
        kind, words = self.failure(self.ask(MARK_GOOD))
        self.assertEqual(kind, "unavailable", words)
        fake = self.start_fake("camgate-test", "0.2.0")
        fake.kill()
        self.assertEqual(self.failure(self.ask(INSTALL, sized("/a/b.raucb")))[0], "unavailable")

    def test_the_guard_fails_a_start_that_was_not_good_without_anybody_on_the_bus(self):
        kernel_line = self.folder / "cmdline"
        kernel_line.write_text("ro rauc.slot=A quiet\n")
        guard = lambda *more: subprocess.run([BIN / "camgate-priv", "--guard", *more], capture_output=True,
                                             env={**os.environ, **self.env, "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nowhere"}).returncode
        self.assertEqual(guard("--kernel-line", kernel_line), 1)
        subprocess.run([BIN / "camgate-bootenv", "--device", self.bootenv, "set-state", "A", "good"], check=True)
        self.assertEqual(guard("--kernel-line", kernel_line), 0)
        self.assertEqual(guard(), 5)


unittest.main(verbosity=2)
