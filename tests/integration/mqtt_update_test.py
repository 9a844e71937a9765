"""A bundle over MQTT: an order without an address, camgated, its link worker, a broker and camgate-hub with a folder of bundles; from the order to
`committed`, over a broker, a link worker and a daemon that end on the way; and a hub that does not have it."""

import hashlib
import json
import os
import signal
import subprocess
import time
import unittest

from contract import PREFIX, Listener, channel_of, faults, load_contract
from harness import wait_until
from update_box import UpdateBox

CAP_KBPS = 4000
SYNC_BYTES = 4 << 20
LONGEST_PIECE = 60 << 10


def moment_ms(gateway, sha256):
    """When that gateway begins to ask for that bundle, after the order: docs/ref/mqtt.md."""
    digest = hashlib.sha256(f"camgate-bundle-v1\n{gateway}\n{sha256}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 3_600_000


class MqttUpdateTest(UpdateBox):
    HUB = {"cap_kbps": CAP_KBPS}

    def make_bundle(self, size):
        """One whose moment is at once: its last bytes are tried until it is."""
        start = os.urandom(size - 8)
        first = hashlib.sha256(start)
        for number in range(1 << 20):
            end = number.to_bytes(8, "big")
            whole = first.copy()
            whole.update(end)
            if moment_ms(self.lab.gateway, whole.hexdigest()) < 2000:
                return start + end, whole.hexdigest()
        self.fail("no bundle of an early moment")

    def order(self, size, sha256):
        said = self.lab.hub_command("request", "--gateway", self.lab.gateway, "update.install",
                                    json.dumps({"version": "0.2.0", "sha256": sha256, "bytes": size}))
        self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        return json.loads(said.stdout)["result"]

    def listen(self):
        self.lab.issue("listener", "listener")
        return Listener(self, "listener", f"{PREFIX}+/update/#")

    def wait_for_percent(self, percent, seconds=60):
        wait_until(lambda: self.lab.ctl("update", "status").get("percent", 0) >= percent, seconds,
                   f"{percent} % of the bundle, it is {self.lab.ctl('update', 'status')}")

    def link_worker(self):
        return next((p["pid"] for p in self.lab.status().get("processes", []) if p["name"] == "link-control" and p.get("pid")), None)

    def check_messages(self, said, sha256):
        document, channels = load_contract()
        wanted = []
        for topic, payload in said:
            name = channel_of(channels, topic)
            self.assertIn(name, ("updateWanted", "updatePiece"), topic)
            self.assertIn(f"/update/{sha256}/", topic)
            if name == "updateWanted":
                wanted.append(json.loads(payload))
                self.assertEqual(faults(document, channels[name][1], wanted[-1]), [])
            else:
                self.assertEqual(payload[:4], b"CGU1")
                self.assertLessEqual(len(payload), LONGEST_PIECE)
        return wanted

    def test_from_an_order_without_an_address_to_committed(self):
        data, sha256 = self.make_bundle(5_500_000)
        (self.bundles / "orangepi.raucb").write_bytes(data)
        listener = self.listen()
        self.boot("A")
        self.assertEqual(self.order(len(data), sha256)["source"], "hub")
        began = time.monotonic()
        self.wait_for_percent(15)
        self.broker.stop()
        self.broker = self.lab.start_broker()
        self.wait_for_link(seconds=40)
        self.wait_for_percent(45)
        worker = self.link_worker()
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: self.link_worker() not in (None, worker), 15, "another link worker")
        self.wait_for_link(seconds=40)
        self.wait_for_percent(85)
        self.gateway.kill()
        so_far = len(listener.said())
        self.gateway = self.lab.start_gateway(self.config, "camgated-again")
        self.wait_for_state("gate", "ok", 30)
        self.wait_for_phase("rebooting", 90)
        took = time.monotonic() - began
        wanted = self.check_messages(listener.said(), sha256)
        again = self.check_messages(listener.said()[so_far:], sha256)
        # Behind what was synced, after one of the daemon's last requests perhaps.
        self.assertIn(SYNC_BYTES, [w["missing"][0][0] for w in again[:2]])
        # Half of the cap, headers counted.
        self.assertGreater(took, len(data) / (CAP_KBPS * 125 * 0.98 / 2))
        window = CAP_KBPS * 125 * 0.98 * 1.2
        self.assertLessEqual(max(to - since for w in wanted for since, to in w["missing"]), window)
        print(f"{len(data)} bytes in {took:.1f} s, {len(wanted)} requests")
        self.assertIn(f"install {self.lab.data}/update/bundle.raucb", self.fake.tail())
        self.assert_nothing_retained()
        self.power_off()
        self.boot("B")
        self.assertEqual(self.wait_for_phase("committed")["source"], "hub")
        self.assertEqual(self.outcomes(), ["started", "committed"])

    def assert_nothing_retained(self):
        keys = self.lab.pki / "listener"
        kept = subprocess.run(["mosquitto_sub", "-V", "5", "-h", "localhost", "-p", str(self.lab.broker_port), "--cafile", str(self.lab.pki / "ca.crt"),
                               "--cert", f"{keys}.crt", "--key", f"{keys}.key", "-t", f"{PREFIX}+/update/#", "--retained-only", "-W", "2", "-F", "%t"],
                              capture_output=True, text=True, timeout=20)
        self.assertEqual(kept.stdout, "")

    def test_a_hub_that_does_not_have_it_and_one_that_has_less(self):
        self.boot("A")
        data, sha256 = self.make_bundle(100_000)
        self.order(len(data), sha256)
        status = self.wait_for_phase("failed")
        self.assertEqual(status["reason"], "not-delivered")
        self.assertIn("does not have the bundle", status["detail"])
        # It comes into the folder, and the order says more bytes than it has.
        (self.bundles / "late.raucb").write_bytes(data)
        wait_until(lambda: self.ordered_in_vain(len(data) + 1, sha256), 40, "the hub to have looked into its folder")
        self.order(len(data), sha256)
        self.wait_for_phase("rebooting")

    def ordered_in_vain(self, size, sha256):
        self.order(size, sha256)
        return "is shorter" in self.wait_for_phase("failed")["detail"]


if __name__ == "__main__":
    unittest.main(verbosity=2)
