"""A commune's authority in a lab: `camgate-hub ca` issues what brokers and hub need, and a broker of its own is there for boxes that have no
certificate yet."""

import os
import subprocess
from pathlib import Path

from lab import ROOT, LabError, free_port

# (use, name, file in the lab's folder)
ISSUED = (("connection", "hub.commune", "hub"), ("command", "hub command", "signer"), ("command", "hub command 2", "signer2"),
          ("receive", "hub receive", "receiver"), ("countersign", "hub", "countersigner"), ("evidence", None, "evidence"))


def run(*words):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60)
    if done.returncode != 0:
        raise LabError(f"{words}: {done.stdout}{done.stderr}")
    return done.stdout


class Commune:
    """Makes `lab`'s certificates anew, under its own root; `addresses`: the broker's names."""

    def __init__(self, lab, addresses=("localhost", "127.0.0.1")):
        self.lab = lab
        self.authority = lab.folder / "authority"
        self.ca("init", "--name", "Commune")
        self.issue("broker", "broker.commune", "broker", *(word for address in addresses for word in ("--address", address)))
        for use, name, stem in ISSUED:
            self.issue(use, name or lab.gateway, stem)
        (lab.pki / "ca.crt").write_bytes((self.authority / "root.crt").read_bytes())

    def ca(self, verb, *words):
        return run(self.lab.bin / "camgate-hub", "ca", verb, "--dir", self.authority, *words)

    def issue(self, use, name, stem, *words):
        out = self.lab.folder / f"issued-{stem}"
        self.ca("issue", use, name, "--out", out, *words)
        for ending in ("crt", "key"):
            (self.lab.pki / f"{stem}.{ending}").write_bytes((out / f"{use}.{ending}").read_bytes())

    def publish_trust(self, gateway):
        """Whose commands `gateway` obeys, and whom it seals for."""
        run(self.lab.bin / "camgate-hub", "trust", "sign", "--dir", self.authority,
            *(word for stem in ("signer", "signer2", "receiver") for word in ("--cert", self.lab.pki / f"{stem}.crt")))
        run(self.lab.bin / "camgate-hub", "trust", "publish", *self.lab.hub_link(), "--name", "trusting", "--gateway", gateway,
            self.authority / "trust.json")

    def start_hub(self):
        return self.lab.start_hub("--authority", self.authority)

    def start_brokers(self):
        """The lab's, and one for enrolment that is bridged to it, as firmware/docs/ref/enrolment.md has it; the latter's port."""
        self.lab.start_broker()
        self.issue("connection", "enrol.commune", "bridge")
        port, pki = free_port(), self.lab.pki
        config = self.lab.folder / "enrol.conf"
        config.write_text(f"listener {port} 127.0.0.1\ncafile {pki}/ca.crt\ncertfile {pki}/broker.crt\nkeyfile {pki}/broker.key\nallow_anonymous true\n"
                          f"clientid_prefixes enrol-\nacl_file {ROOT}/firmware/docs/ref/acl/mosquitto-enrol.acl\nlog_dest stderr\n"
                          + ("user root\n" if os.geteuid() == 0 else "") +
                          f"connection enrol\naddress localhost:{self.lab.broker_port}\nbridge_cafile {pki}/ca.crt\nbridge_certfile {pki}/bridge.crt\n"
                          f"bridge_keyfile {pki}/bridge.key\nbridge_protocol_version mqttv50\ntopic camgate/v1/enrol/authority in 1\n"
                          "topic camgate/v1/enrol/+/bundle in 1\ntopic camgate/v1/enrol/+/request out 1\n")
        program = "/usr/sbin/mosquitto" if Path("/usr/sbin/mosquitto").exists() else "mosquitto"
        self.lab.wait_for_port(port, self.lab.start("mosquitto-enrol", [program, "-c", config]))
        return port

    def enrolment_code(self, gateway):
        """The one-time code and the root's fingerprint, as the hub's people tell them."""
        made = run(self.lab.bin / "camgate-hub", "enrol", "code", "--dir", self.authority, "--gateway", gateway)
        return tuple(next(line.split(maxsplit=1)[1] for line in made.splitlines() if line.startswith(name)) for name in ("code", "fingerprint"))
