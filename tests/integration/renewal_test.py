"""A gateway under an authority of `camgate-hub ca` whose certificates are near their end: it renews them over a real broker, connects with the new
ones, and no event is lost. Then the hub is revoked by a trust document. At last a box without certificates is enrolled by hand."""

import json
import subprocess
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from authority import AuthorityTest, run
from harness import YARD, main, wait_until


class RenewalTest(AuthorityTest):
    def issue_old(self, stem, name, authority, lived_days, left_days):
        """openssl, as `ca issue` makes no certificate of the past; `authority` is the stem of another one's files."""
        pki, form = self.lab.pki, "%y%m%d%H%M%SZ"
        now = datetime.now(timezone.utc)
        (pki / "old.cnf").write_text(f"[ca]\ndefault_ca=d\n[d]\ndatabase={pki}/index.txt\nnew_certs_dir={pki}\nrand_serial=yes\ndefault_md=sha256\npolicy=p\n"
                                     "x509_extensions=x\n[p]\ncommonName=supplied\n[x]\nextendedKeyUsage=clientAuth\n")
        (pki / "index.txt").write_text("")
        run("openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", pki / f"{stem}.key",
            "-subj", f"/CN={name}", "-out", pki / f"{stem}.csr")
        run("openssl", "ca", "-batch", "-notext", "-config", pki / "old.cnf", "-cert", f"{authority}.crt", "-keyfile", f"{authority}.key",
            "-startdate", (now - timedelta(days=lived_days)).strftime(form), "-enddate", (now + timedelta(days=left_days)).strftime(form),
            "-in", pki / f"{stem}.csr", "-out", pki / f"{stem}.crt")
        with open(pki / f"{stem}.crt", "ab") as out:
            out.write(Path(f"{authority}.crt").read_bytes())

    def hub_ids(self, phase):
        return {row["event"] for row in self.lab.hub_events() if row["phase"] == phase}

    def test_certificates_are_renewed_and_a_hub_is_revoked(self):
        self.issue_old("gateway", self.lab.gateway, self.authority / "issuing", lived_days=20, left_days=5)
        self.lab.start_broker()
        camera = self.lab.start_camera("gate", *YARD, "--empty", "10", "--walk", "4")
        config = self.lab.write_config([camera.settings])
        self.commune.start_hub()
        # What is asked for on connecting is asked for again after hours only.
        wait_until(lambda: "broker-up" in (self.lab.logs / "hub.log").read_text(), 20, "the hub to listen")
        gateway = self.lab.start_gateway(config)
        identity = self.lab.data / "identity"
        wait_until(identity.exists, 60, "the renewed identity to be in force")
        self.assertFalse((self.lab.data / "identity.next").exists())
        self.assertFalse((self.lab.data / "identity.request").exists())
        self.assertEqual(identity.stat().st_mode & 0o777, 0o600)
        renewed = json.loads(identity.read_text())["bundle"]["certificates"]["transport"]
        self.assertNotEqual(renewed, (self.lab.pki / "gateway.crt").read_text())
        self.wait_for_link()
        before = len(self.hub_ids("end"))
        wait_until(lambda: len(self.hub_ids("end")) >= before + 2, 120, "events with the renewed certificates")
        gateway.stop()
        gateway = self.lab.start_gateway(config, "camgated-again")
        self.wait_for_link()
        remembered = {row["event"] for row in self.lab.ctl("events", "--limit", "1000")["events"]}
        wait_until(lambda: remembered <= self.hub_ids("end") | self.hub_ids("start"), 40, "each event to be at the hub")
        self.assertEqual(json.loads(identity.read_text())["bundle"]["certificates"]["transport"], renewed)
        print(f"events at the gateway {len(remembered)}, of these not at the hub {len(remembered - self.hub_ids('start'))}")
        self.set_secret()
        self.revoke()

    def test_certificates_that_the_broker_refuses_are_taken_back_and_no_event_is_lost(self):
        """The broker takes clients of another authority than the one that renews."""
        other = self.lab.pki / "other"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{other}.key", "-out", f"{other}.crt",
            "-subj", "/CN=Other", "-days", "30", "-addext", "keyUsage=critical,keyCertSign")
        self.issue_old("gateway", self.lab.gateway, other, lived_days=20, left_days=5)
        self.issue_old("hub", "hub.commune", other, lived_days=1, left_days=5)
        self.lab.start_broker(clients="other.crt")
        camera = self.lab.start_camera("gate", *YARD, "--empty", "6", "--walk", "4")
        config = self.lab.write_config([camera.settings])
        self.commune.start_hub()
        wait_until(lambda: "broker-up" in (self.lab.logs / "hub.log").read_text(), 20, "the hub to listen")
        self.lab.start_gateway(config)
        log = self.lab.logs / "camgated.log"
        wait_until(lambda: "renewal-on-trial" in log.read_text(), 60, "the renewed certificates to be tried")
        began = time.monotonic()
        self.wait_for_link("tls-failed", 30)
        before = len(self.hub_ids("start"))
        # Two minutes of trial.
        wait_until(lambda: "identity-reverted" in log.read_text(), 150, "the trial to end")
        self.wait_for_link(seconds=40)
        print(f"back with the old certificate {time.monotonic() - began:.1f} s after the new one came")
        self.assertFalse((self.lab.data / "identity").exists())
        self.assertFalse((self.lab.data / "identity.next").exists())
        remembered = {row["event"] for row in self.lab.ctl("events", "--limit", "1000")["events"]}
        self.assertGreater(len(remembered), before + 5)
        wait_until(lambda: remembered <= self.hub_ids("start"), 60, "each event of the trial to be at the hub")
        print(f"events at the gateway {len(remembered)}, of the trial {len(remembered) - before}, not at the hub {len(remembered - self.hub_ids('start'))}")
        # A day passes before the next try.
        self.assertEqual(log.read_text().count("renewal-on-trial"), 1)

    def set_secret(self):
        """The hub sets the camera's password, a wrong one and the right one; nobody but gateway and hub see it."""
        def give(value, name="cameras/gate/password"):
            return subprocess.run([str(word) for word in (self.lab.bin / "camgate-hub", "secret", "--gateway", self.lab.gateway, *self.lab.hub_link(), "--name",
                                   "setting", "--signer-cert", self.lab.pki / "signer.crt", "--signer-key", self.lab.pki / "signer.key", name)],
                                  input=value + "\n", capture_output=True, text=True, timeout=70)
        self.assertIn('"unknown-secret"', give("x", "cameras/nobody/password").stdout)
        wrong = "canary-5c1d-wrong"
        given = give(wrong)
        self.assertEqual(given.returncode, 0, given.stdout + given.stderr)
        self.wait_for_state("gate", "auth-failed", 20)
        self.assertEqual(give("look-4-me").returncode, 0)
        self.wait_for_state("gate", "ok", 30)
        wait_until(lambda: [entry["detail"].get("signer") for entry in self.audit_entries() if entry["action"] == "secret.set"].count("hub command") == 3,
                   20, "the entries of the three secrets")
        for path in [*self.lab.logs.glob("*"), *self.lab.hub_out.rglob("*"), *self.lab.data.rglob("*"), *(self.folder / "broker").rglob("*")]:
            if path.is_file() and not path.is_symlink() and path.name != "ring" and not path.name.startswith("camera-"):
                self.assertNotIn(wrong.encode(), path.read_bytes(), f"the password is in {path}")

    def ask_status(self, signer):
        return subprocess.run([str(word) for word in (self.lab.bin / "camgate-hub", "request-clip", "--gateway", self.lab.gateway, "--camera", "nobody",
                               "--from", "2026-01-01T00:00:00Z", "--to", "2026-01-01T00:00:10Z", *self.lab.hub_link(), "--name", "asking", "--signer-cert",
                               self.lab.pki / f"{signer}.crt", "--signer-key", self.lab.pki / f"{signer}.key")], capture_output=True, text=True, timeout=70)

    def revoke(self):
        """The signer is believed until the document says otherwise, over a restart too."""
        self.assertIn("unknown-camera", self.ask_status("signer").stdout)
        self.commune.publish_trust(self.lab.gateway)
        wait_until(lambda: (self.lab.data / "trust").exists(), 20, "the first trust document")
        self.assertIn("unknown-camera", self.ask_status("signer2").stdout)
        fingerprint = json.loads(next(line for line in self.commune.ca("list", "--json").splitlines() if '"hub command"' in line))["fingerprint"]
        self.commune.ca("revoke", fingerprint, "--reason", "stolen")
        self.commune.publish_trust(self.lab.gateway)
        wait_until(lambda: any(entry["action"] == "trust.changed" and entry["detail"]["revoked"] == 1 for entry in self.audit_entries()),
                   30, "the revocation to be known")
        self.assertIn('"revoked"', self.ask_status("signer").stdout)
        self.assertIn("unknown-camera", self.ask_status("signer2").stdout)

    def audit_entries(self):
        return [json.loads(row["entry"]) for row in self.lab.hub_rows("SELECT document FROM audit")]

    def start_bare_box(self):
        camera = self.lab.start_camera("gate", *YARD, "--empty", "10", "--walk", "4")
        config = self.lab.write_config([camera.settings])
        document = json.loads(config.read_text())
        for name in ("ca_file", "certificate_file", "key_file", "receive_certificate_file", "signers_file"):
            del document["hub"][name]
        del document["evidence"]
        config.write_text(json.dumps(document))
        self.commune.start_hub()
        self.lab.start_gateway(config)
        self.wait_for_link("no-credentials")

    def ctl(self, *words):
        return subprocess.run([str(word) for word in (self.lab.bin / "camgatectl", "--socket", self.lab.control, "--json", *words)], capture_output=True, text=True,
                              timeout=150)

    def test_a_box_is_enrolled_over_the_network(self):
        port = self.commune.start_brokers()
        self.start_bare_box()
        code, fingerprint = self.commune.enrolment_code(self.lab.gateway)
        enrol = ("hub", "enrol", "--port", port, "--host", "localhost")
        wrong_root = self.ctl(*enrol, "--code", code, "--fingerprint", "11" * 32)
        self.assertIn("keeps a root", wrong_root.stderr + wrong_root.stdout)
        wrong_code = self.ctl(*enrol, "--code", "AAAA-AAAA-AAAA-AAAA", "--fingerprint", fingerprint)
        self.assertIn("wrong-code", wrong_code.stderr + wrong_code.stdout)
        self.assertFalse((self.lab.data / "identity").exists())
        began = time.monotonic()
        enrolled = self.ctl(*enrol, "--code", code.lower(), "--fingerprint", fingerprint)
        self.assertEqual(enrolled.returncode, 0, enrolled.stderr + enrolled.stdout)
        self.wait_for_link()
        print(f"enrolled and connected in {time.monotonic() - began:.1f} s")
        wait_until(self.lab.hub_events, 60, "an event of the enrolled box")

    def test_a_box_is_enrolled_by_hand(self):
        self.lab.start_broker()
        self.start_bare_box()
        request, bundles = self.folder / "request.json", self.folder / "bundles"
        shown = self.lab.ctl("hub", "enrol", "--request", request)
        self.assertEqual(shown["request"], request.read_text())
        self.commune.ca("issue", "gateway", self.lab.gateway, "--request", request, "--out", bundles)
        bundle = bundles / f"{self.lab.gateway}.bundle"
        with self.assertRaises(Exception):
            self.lab.ctl("hub", "enrol", "--bundle", bundle, "--fingerprint", "00" * 32)
        self.assertFalse((self.lab.data / "identity").exists())
        said = run("openssl", "x509", "-in", self.authority / "root.crt", "-noout", "-fingerprint", "-sha256").strip().split("=")[1]
        self.assertEqual(self.lab.ctl("hub", "enrol", "--bundle", bundle, "--fingerprint", said), {"on_trial": False})
        self.wait_for_link()
        wait_until(lambda: self.lab.hub_events() and self.lab.hub_checkpoints(), 100, "events and a checkpoint signed with the enrolled evidence key")


if __name__ == "__main__":
    main()
