"""A stolen box and a broker: what `camgate-hub ca revoke` lists is judged by openssl and kept by a real mosquitto with `crlfile`; the revoked gateway
is refused, the others and the hub go on, and nothing of theirs is lost."""

import base64
import json
import shutil
import signal
import subprocess

from authority import AuthorityTest, run
from harness import YARD, main, wait_until


class RevocationTest(AuthorityTest):
    def setUp(self):
        super().setUp()
        self.lists = self.folder / "lists"
        self.lists.mkdir()
        # The gateway that stays is `lab.gateway`; the one that is stolen has its keys here.
        self.commune.issue("transport", self.lab.gateway, "gateway")
        self.commune.issue("transport", "cg-stolen", "stolen")

    def serial(self, stem):
        return run("openssl", "x509", "-in", self.lab.pki / f"{stem}.crt", "-noout", "-serial").strip().split("=")[1]

    def shown(self, name="issuing"):
        return run("openssl", "crl", "-in", self.authority / f"{name}.crl", "-noout", "-text")

    def verify(self, stem, *words):
        """As a broker does: the leaf against the list of who issued it."""
        return subprocess.run([str(word) for word in ("openssl", "verify", "-x509_strict", "-CAfile", self.lab.pki / "ca.crt", "-untrusted",
                               self.authority / "issuing.crt", "-CRLfile", self.authority / "issuing.crl", "-crl_check", *words,
                               self.lab.pki / f"{stem}.crt")], capture_output=True, text=True, timeout=30)

    def give_list(self):
        shutil.copy(self.authority / "issuing.crl", self.lists / "issuing.crl")

    def says(self, stem, name):
        """Does the broker take this certificate? A publish under its own topics with QoS 1."""
        pki = self.lab.pki
        return subprocess.run(["mosquitto_pub", "-V", "5", "-q", "1", "-h", self.lab.broker_name, "-p", str(self.lab.broker_port), "--cafile", pki / "ca.crt",
                               "--cert", pki / f"{stem}.crt", "--key", pki / f"{stem}.key", "-i", name, "-t", f"camgate/v1/{name}/status", "-m", "{}"],
                              capture_output=True, text=True, timeout=20)

    def test_openssl_reads_the_lists_and_believes_what_they_say(self):
        for name, issuer in (("issuing", "Commune issuing"), ("root", "Commune root")):
            shown = self.shown(name)
            self.assertIn(f"CN = {issuer}", shown)
            self.assertIn("No Revoked Certificates", shown)
            self.assertIn("ecdsa-with-SHA256", shown)
            self.assertIn("X509v3 CRL Number", shown)
            checked = subprocess.run(["openssl", "crl", "-in", self.authority / f"{name}.crl", "-noout", "-CAfile",
                                      self.authority / ("issuing.crt" if name == "issuing" else "root.crt")], capture_output=True, text=True)
            self.assertIn("verify OK", checked.stderr)
        # Whose key signed is said as the certificate says it.
        key_of = lambda text, after: text.split(after)[1].split("\n")[1].strip().removeprefix("keyid:")
        issuing = run("openssl", "x509", "-in", self.authority / "issuing.crt", "-noout", "-text")
        self.assertEqual(key_of(self.shown(), "Authority Key Identifier"), key_of(issuing, "Subject Key Identifier"))
        self.assertEqual(self.verify("stolen").returncode, 0)
        number = lambda: int(self.shown().split("X509v3 CRL Number:")[1].split("\n")[1].strip(), 0)
        before = number()
        said = self.commune.ca("revoke", "--gateway", "cg-stolen", "--reason", "stolen")
        self.assertIn("1 revoked", said)
        self.assertIn("issuing.crl  1 revoked, good until", said)
        self.assertGreater(number(), before)
        self.assertIn(f"Serial Number: {self.serial('stolen')}", self.shown())
        refused = self.verify("stolen")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("certificate revoked", refused.stdout + refused.stderr)
        for stem in ("gateway", "hub", "broker"):
            self.assertEqual(self.verify(stem).returncode, 0, stem)
        # Each authority of the chain has its list, for those who ask for all.
        self.assertEqual(self.verify("gateway", "-crl_check_all", "-CRLfile", self.authority / "root.crl").returncode, 0)

    def test_lists_are_made_without_the_root_and_again_on_demand(self):
        (self.authority / "root/root.key").rename(self.folder / "carried-away.key")
        root_list = (self.authority / "root.crl").read_bytes()
        for number in range(3):
            self.commune.issue("transport", f"cg-{number}", f"of-{number}")
        self.commune.ca("revoke", "--gateway", "cg-0")
        self.commune.ca("revoke", self.serial("of-1").lower())
        said = self.commune.ca("crl")
        self.assertIn("issuing.crl  2 revoked", said)
        self.assertNotIn("root.crl", said)
        self.assertEqual((self.authority / "root.crl").read_bytes(), root_list)
        self.assertEqual([self.verify(f"of-{number}").returncode == 0 for number in range(3)], [False, False, True])
        refused = subprocess.run([self.lab.bin / "camgate-hub", "ca", "revoke", "--dir", self.authority, "--gateway", "cg-0"], capture_output=True, text=True)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("no certificate of this authority that is still good", refused.stderr)

    def test_a_trust_document_lists_what_gateways_judge_and_no_gateway(self):
        self.commune.ca("revoke", "--gateway", "cg-stolen")
        self.commune.ca("revoke", self.serial("signer2").lower())
        run(self.lab.bin / "camgate-hub", "trust", "sign", "--dir", self.authority, "--cert", self.lab.pki / "signer.crt")
        document = json.loads(base64.b64decode(json.loads((self.authority / "trust.json").read_text())["trust"]))
        digest = run("openssl", "x509", "-in", self.lab.pki / "signer2.crt", "-noout", "-fingerprint", "-sha256").strip().split("=")[1]
        self.assertEqual(document["revoked"], [digest.replace(":", "").lower()])

    def test_a_stolen_box_is_refused_by_the_broker_and_the_others_go_on(self):
        self.give_list()
        lines = f"crlfile {self.lists}/issuing.crl\n"
        broker = self.lab.start_broker(lines)
        self.commune.start_hub()
        camera = self.lab.start_camera("gate", *YARD, "--empty", "6", "--walk", "4")
        self.lab.start_gateway(self.lab.write_config([camera.settings]))
        self.wait_for_link()
        wait_until(self.lab.hub_events, 60, "the first event")
        self.assertEqual(self.says("stolen", "cg-stolen").returncode, 0)
        self.commune.ca("revoke", "--gateway", "cg-stolen", "--reason", "stolen")
        self.give_list()
        broker.popen.send_signal(signal.SIGHUP)
        wait_until(lambda: self.says("stolen", "cg-stolen").returncode != 0, 10, "the broker to have read the list")
        self.assertIn("certificate verify failed", broker.log.read_text())
        self.assertEqual(self.lab.status()["link"]["state"], "up")
        before = len(self.lab.hub_events())
        wait_until(lambda: len(self.lab.hub_events()) >= before + 3, 90, "events behind the revocation")
        remembered = {row["event"] for row in self.lab.ctl("events", "--limit", "1000")["events"]}
        wait_until(lambda: remembered <= {row["event"] for row in self.lab.hub_events()}, 40, "each event to be at the hub")
        # One that is connected stays so until the broker starts again.
        self.commune.ca("revoke", "--gateway", self.lab.gateway)
        self.give_list()
        broker.popen.send_signal(signal.SIGHUP)
        wait_until(lambda: self.says("gateway", "probe").returncode != 0, 10, "the broker to have read the list")
        self.assertEqual(self.lab.status()["link"]["state"], "up")
        broker.stop()
        self.lab.start_broker(lines)
        state = lambda: self.lab.status().get("link", {})
        wait_until(lambda: state().get("state") not in ("up", "connecting", "lost", "unreachable", None), 60, f"the gateway to be refused, it is {state()}")
        print(f"the revoked gateway says of its link: {state()}")
        self.assertEqual(self.says("hub", "hub.commune-probe").returncode, 0)


if __name__ == "__main__":
    main()
