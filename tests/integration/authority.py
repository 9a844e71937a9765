"""A lab under an authority of `camgate-hub ca`, as a commune has it, with the broker at which boxes without certificates enrol."""

import os
import subprocess
import sys
from pathlib import Path

from harness import ROOT, LabTest

sys.path.insert(0, str(ROOT / "scripts/lib"))
from lab import free_port  # noqa: E402


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.stdout}{done.stderr}")
    return done.stdout


class AuthorityTest(LabTest):
    def setUp(self):
        super().setUp()
        self.authority = self.folder / "authority"
        self.ca("init", "--dir", self.authority, "--name", "Commune")
        for role, name, stem, *more in (("broker", "broker.commune", "broker", "--address", "localhost", "--address", "127.0.0.1"),
                                        ("connection", "hub.commune", "hub"), ("command", "hub command", "signer"), ("command", "hub command 2", "signer2"),
                                        ("receive", "hub receive", "receiver"), ("countersign", "hub", "countersigner"), ("evidence", "cg-demo", "evidence")):
            name = self.lab.gateway if role == "evidence" else name
            out = self.folder / f"issued-{stem}"
            self.ca("issue", "--dir", self.authority, role, name, "--out", out, *more)
            for ending in ("crt", "key"):
                (self.lab.pki / f"{stem}.{ending}").write_bytes((out / f"{role}.{ending}").read_bytes())
        (self.lab.pki / "ca.crt").write_bytes((self.authority / "root.crt").read_bytes())

    def ca(self, verb, *words):
        return run(self.lab.bin / "camgate-hub", "ca", verb, *words)

    def start_enrolment_broker(self):
        """As firmware/docs/ref/enrolment.md has it: one of its own, bridged to the lab's."""
        self.lab.start_broker()
        self.ca("issue", "--dir", self.authority, "connection", "enrol.commune", "--out", self.folder / "bridge")
        port, pki, bridge = free_port(), self.lab.pki, self.folder / "bridge/connection"
        config = self.folder / "enrol.conf"
        config.write_text(f"listener {port} 127.0.0.1\ncafile {pki}/ca.crt\ncertfile {pki}/broker.crt\nkeyfile {pki}/broker.key\nallow_anonymous true\n"
                          f"clientid_prefixes enrol-\nacl_file {ROOT}/firmware/docs/ref/acl/mosquitto-enrol.acl\nlog_dest stderr\n"
                          + ("user root\n" if os.geteuid() == 0 else "") +
                          f"connection enrol\naddress localhost:{self.lab.broker_port}\nbridge_cafile {pki}/ca.crt\nbridge_certfile {bridge}.crt\n"
                          f"bridge_keyfile {bridge}.key\nbridge_protocol_version mqttv50\ntopic camgate/v1/enrol/authority in 1\n"
                          "topic camgate/v1/enrol/+/bundle in 1\ntopic camgate/v1/enrol/+/request out 1\n")
        program = "/usr/sbin/mosquitto" if Path("/usr/sbin/mosquitto").exists() else "mosquitto"
        self.lab.wait_for_port(port, self.lab.start("mosquitto-enrol", [program, "-c", config]))
        return port

    def enrolment_code(self):
        """The one-time code and the root's fingerprint, as the hub's people tell them."""
        made = run(self.lab.bin / "camgate-hub", "enrol", "code", "--dir", self.authority, "--gateway", self.lab.gateway)
        return tuple(next(line.split(maxsplit=1)[1] for line in made.splitlines() if line.startswith(name)) for name in ("code", "fingerprint"))
