"""`camgate-hub ca`, judged by openssl: chains, usages, names and keys that belong together; nothing is overwritten, keys are their owner's alone."""

import json
import os
import shutil
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import ROOT, main

BIN = Path(os.environ.get("CAMGATE_BIN", ROOT / "build/host/bin"))
ARC = "2.25.44254404398301313505594824726653034204"


def run(*words):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=30)


class CaTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="camgate-ca-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.dir, self.out = self.folder / "ca", self.folder / "out"
        made = self.ca("init", "--name", "Xa Tan Phu")
        self.assertEqual(made.returncode, 0, made.stderr)

    def ca(self, verb, *words):
        return run(BIN / "camgate-hub", "ca", verb, "--dir", self.dir, *words)

    def issue(self, role, name, *words):
        done = self.ca("issue", role, name, "--out", self.out, *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split()

    def text(self, certificate):
        return run("openssl", "x509", "-in", certificate, "-noout", "-text").stdout

    def verify(self, certificate, *words):
        return run("openssl", "verify", "-x509_strict", "-CAfile", self.dir / "root.crt", "-untrusted", certificate, *words, certificate)

    def public_key(self, path, kind):
        return run("openssl", kind, "-in", path, "-noout" if kind == "x509" else "-pubout", *(["-pubkey"] if kind == "x509" else [])).stdout

    def test_openssl_accepts_what_is_issued_for_what_it_is(self):
        roles = {"broker": ("broker.commune", "TLS Web Server Authentication", ("--address", "hub.example", "--address", "10.0.0.7")),
                 "connection": ("hub.commune", "TLS Web Client Authentication", ()), "command": ("hub command", f"{ARC}.1", ()),
                 "receive": ("hub receive", f"{ARC}.5", ()), "countersign": ("hub", f"{ARC}.4", ()), "release": ("hub release", f"{ARC}.3", ()),
                 "transport": ("cg-1", "TLS Web Client Authentication", ()), "evidence": ("cg-1", f"{ARC}.2", ()), "unwrap": ("cg-1", f"{ARC}.6", ())}
        for role, (name, usage, words) in roles.items():
            with self.subTest(role):
                self.issue(role, name, *words)
                certificate, key = self.out / f"{role}.crt", self.out / f"{role}.key"
                judged = self.verify(certificate, *{"broker": ("-purpose", "sslserver"), "connection": ("-purpose", "sslclient"),
                                                    "transport": ("-purpose", "sslclient")}.get(role, ()))
                self.assertEqual(judged.returncode, 0, judged.stdout + judged.stderr)
                text = self.text(certificate)
                self.assertIn(usage, text)
                self.assertIn(f"CN = {name}", text)
                self.assertIn("Key Agreement" if role in ("receive", "release", "unwrap") else "Digital Signature", text)
                self.assertEqual(self.public_key(certificate, "x509"), self.public_key(key, "ec"))
                self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        broker = self.text(self.out / "broker.crt")
        self.assertIn("DNS:hub.example, IP Address:10.0.0.7", broker)
        self.assertEqual(run("openssl", "verify", "-CAfile", self.dir / "root.crt", "-untrusted", self.out / "broker.crt", "-verify_ip", "10.0.0.7",
                             self.out / "broker.crt").returncode, 0)
        self.assertNotEqual(self.verify(self.out / "transport.crt", "-purpose", "sslserver").returncode, 0)

    def test_the_root_signs_one_authority_that_signs_no_other(self):
        root, issuing = self.text(self.dir / "root.crt"), self.text(self.dir / "issuing.crt")
        self.assertIn("CA:TRUE, pathlen:1", root)
        self.assertIn("CA:TRUE, pathlen:0", issuing)
        self.assertEqual(run("openssl", "verify", "-x509_strict", "-CAfile", self.dir / "root.crt", self.dir / "issuing.crt").returncode, 0)
        for key in (self.dir / "root/root.key", self.dir / "issuing.key"):
            self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        (self.dir / "root/root.key").unlink()  # carried away
        self.issue("command", "hub command")

    def test_nothing_is_overwritten(self):
        before = (self.dir / "issuing.key").read_bytes()
        self.assertEqual(self.ca("init", "--name", "Other").returncode, 1)
        self.assertEqual((self.dir / "issuing.key").read_bytes(), before)
        self.issue("gateway", "cg-1")
        kept = {path.name: path.read_bytes() for path in self.out.iterdir()}
        self.assertEqual(sorted(kept), ["evidence.crt", "evidence.key", "transport.crt", "transport.key", "unwrap.crt", "unwrap.key"])
        for role in ("gateway", "evidence"):
            again = self.ca("issue", role, "cg-1", "--out", self.out)
            self.assertEqual(again.returncode, 1)
            self.assertIn("not overwritten", again.stderr)
        self.assertEqual({path.name: path.read_bytes() for path in self.out.iterdir()}, kept)

    def test_names_that_a_role_cannot_have_are_refused(self):
        for role, name, word in (("transport", "Cg 1", "gateway's id"), ("connection", "hub", "dot"), ("broker", "broker", "names it is reached by"),
                                 ("command", "a,CN=b", "plain name"), ("gateway", "cg.1", "gateway's id")):
            refused = self.ca("issue", role, name, "--out", self.out)
            self.assertEqual(refused.returncode, 1)
            self.assertIn(word, refused.stderr)
        late = self.ca("issue", "command", "hub command", "--out", self.out, "--days", "4000")
        self.assertIn("ends before", late.stderr)
        self.assertNotIn("revoked", self.ca("list").stdout)

    def test_what_was_issued_is_listed_and_can_be_revoked_once(self):
        self.issue("command", "hub command")
        self.issue("gateway", "cg-1")
        listed = [json.loads(line) for line in self.ca("list", "--json").stdout.splitlines()]
        self.assertEqual([one["role"] for one in listed], ["issuing", "command", "transport", "evidence", "unwrap"])
        self.assertEqual(len({one["serial"] for one in listed}), 5)
        serial = run("openssl", "x509", "-in", self.out / "command.crt", "-noout", "-serial").stdout.strip().split("=")[1].lower()
        self.assertEqual(listed[1]["serial"], serial)
        self.assertEqual(self.ca("revoke", listed[1]["fingerprint"], "--reason", "stolen").returncode, 0)
        self.assertIn("already", self.ca("revoke", serial).stderr)
        self.assertIn("issued no certificate", self.ca("revoke", "ab" * 16).stderr)
        again = [json.loads(line) for line in self.ca("list", "--json").stdout.splitlines()]
        self.assertEqual([one.get("reason") for one in again], [None, "stolen", None, None, None])

    def test_a_request_that_openssl_made_is_certified(self):
        run("openssl", "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.folder / "own.key")
        run("openssl", "req", "-new", "-key", self.folder / "own.key", "-subj", "/CN=hub command", "-out", self.folder / "own.csr")
        self.issue("command", "hub command", "--request", self.folder / "own.csr")
        self.assertEqual(self.public_key(self.out / "command.crt", "x509"), self.public_key(self.folder / "own.key", "ec"))
        self.assertFalse((self.out / "command.key").exists())


if __name__ == "__main__":
    main()
