"""The example ACL on a real mosquitto: over all topics of the contract, gateway `cg-a` can neither read nor write anything of `cg-b`'s, nor
say what only a hub says; and everything that the contract gives each party is there."""

import json
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import ROOT, Lab, LabError, main, wait_until

TOPICS = {"up": ["status", "event/gate", "telemetry", "checkpoint/gate", "audit", "config/reported", "clip/c1/manifest", "clip/c1/chunk/hub-1", "live/c1", "reply", "renewal", "probe", "update/c1/wanted"],
          "down": ["receipt", "clip/c1/receipt", "command/clip.request", "config/desired", "trust", "bundle", "update/c1/piece"]}
# Said for the broker's acknowledgement alone.
UNREAD = ["probe"]
WILDCARDS = ["#", "camgate/#", "camgate/v1/#", "camgate/v1/+/#", "+/+/+/#", "camgate/v1/cg-b/#", "camgate/v1/+/status", "camgate/v1/+/command/+",
             "$share/g/camgate/v1/#", "camgate/v1/cg-a/../cg-b/status"]
OTHERS = {"status": "$SYS/broker/version", "outside": "other/topic"}


def topic(gateway, suffix):
    return f"camgate/v1/{gateway}/{suffix}"


class AclTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="camgate-acl-"))
        cls.lab = Lab(cls.folder, gateway="cg-a")
        cls.lab.issue("cg-b", "cg-b")
        cls.lab.issue("hub.commune", "hub.commune")
        cls.lab.start_broker(f"acl_file {ROOT}/firmware/docs/ref/acl/mosquitto.acl\n")

    @classmethod
    def tearDownClass(cls):
        cls.lab.stop_all()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def client(self, program, who, *words):
        names = {"cg-a": "gateway"}
        certificate = self.lab.pki / names.get(who, who)
        return [program, "-V", "5", "-q", "1", "-h", "localhost", "-p", str(self.lab.broker_port), "--cafile",
                str(self.lab.pki / "ca.crt"), "--cert", f"{certificate}.crt", "--key", f"{certificate}.key", *words]

    def may_publish(self, who, where, text="x", retain=False):
        done = subprocess.run(self.client("mosquitto_pub", who, "-t", where, "-m", text, *(["-r"] if retain else [])),
                              capture_output=True, text=True, timeout=20)
        said = done.stdout + done.stderr
        if "not authorized" in said.lower():
            return False
        self.assertEqual((done.returncode, said), (0, ""))
        return True

    def listen(self, who, filters, *options):
        """A subscriber, once it is subscribed: its lines are what it reads."""
        log = self.folder / f"{who}-{len(list(self.folder.iterdir()))}.log"
        out = open(log, "wb")
        arguments = [word for where in filters for word in ("-t", where)]
        listener = subprocess.Popen(["stdbuf", "-oL"] + self.client("mosquitto_sub", who, "-d", "-F", "READ %t %p", *options, *arguments), stdout=out, stderr=out)
        self.addCleanup(lambda: (listener.kill(), listener.wait(), out.close()))
        wait_until(lambda: "Subscribed" in log.read_text(), 15, f"{who} to be subscribed")
        return lambda: [line[5:] for line in log.read_text().splitlines() if line.startswith("READ ")]

    def test_a_gateway_writes_its_own_up_topics_and_nothing_else(self):
        for suffix in TOPICS["up"]:
            self.assertTrue(self.may_publish("cg-a", topic("cg-a", suffix)), suffix)
            self.assertFalse(self.may_publish("cg-a", topic("cg-b", suffix)), f"cg-a speaks as cg-b on {suffix}")
        for suffix in TOPICS["down"]:
            self.assertFalse(self.may_publish("cg-a", topic("cg-b", suffix)), f"cg-a plays the hub to cg-b on {suffix}")
            self.assertFalse(self.may_publish("cg-a", topic("cg-a", suffix)), f"cg-a plays the hub to itself on {suffix}")
        for where in ("camgate/v1/cg-a", "camgate/v1/cg-a/", "camgate/v1/cg-a/status/x", "camgate/v1/cg-ab/status", "camgate/v1//status",
                      "camgate/v2/cg-a/status", *OTHERS.values()):
            self.assertFalse(self.may_publish("cg-a", where), where)

    def test_a_gateway_reads_its_own_down_topics_and_nothing_else(self):
        for suffix in TOPICS["up"] + TOPICS["down"]:
            # Retained, so that a subscription that comes later would find it.
            who = "cg-b" if suffix in TOPICS["up"] else "hub.commune"
            self.assertTrue(self.may_publish(who, topic("cg-b", suffix), "secret of b", retain=True), suffix)
        filters = WILDCARDS + [topic(gateway, suffix) for gateway in ("cg-a", "cg-b") for suffix in TOPICS["up"] + TOPICS["down"]]
        read = self.listen("cg-a", filters)
        for suffix in TOPICS["up"] + TOPICS["down"]:
            who = "cg-b" if suffix in TOPICS["up"] else "hub.commune"
            self.may_publish(who, topic("cg-b", suffix), "secret of b")
        for suffix in TOPICS["down"]:
            self.assertTrue(self.may_publish("hub.commune", topic("cg-a", suffix), "for a"))
        # What was said before has been handed out when the last has been: one broker, one queue per reader.
        last = f"{topic('cg-a', TOPICS['down'][-1])} for a"
        wait_until(lambda: last in read(), 15, f"cg-a to read {last}")
        self.assertEqual([line for line in read() if "secret" in line], [])
        for suffix in TOPICS["down"]:
            self.assertIn(f"{topic('cg-a', suffix)} for a", read())

    @staticmethod
    def read_up():
        return [suffix for suffix in TOPICS["up"] if suffix not in UNREAD]

    def test_the_hub_reads_all_that_gateways_say_and_writes_what_they_hear(self):
        read = self.listen("hub.commune", [f"$share/hubs/camgate/v1/+/{suffix.replace('gate', '+').replace('c1', '+').replace('hub-1', '+')}"
                                           for suffix in self.read_up()])
        for gateway in ("cg-a", "cg-b"):
            for suffix in self.read_up():
                self.assertTrue(self.may_publish(gateway, topic(gateway, suffix), "up"))
        wait_until(lambda: len([line for line in read() if line.endswith(" up")]) >= 2 * len(self.read_up()), 15, "the hub to read all")
        for suffix in TOPICS["up"]:
            self.assertFalse(self.may_publish("hub.commune", topic("cg-a", suffix)), f"the hub speaks as a gateway on {suffix}")

    def test_who_takes_anothers_client_id_reads_nothing_of_it(self):
        session = ["-i", "cg-b", "-c", "-x", "3600"]
        subscribed = self.client("mosquitto_sub", "cg-b", *session, "-t", topic("cg-b", "receipt"), "-E")
        self.assertEqual(subprocess.run(subscribed, timeout=20).returncode, 0)
        self.may_publish("hub.commune", topic("cg-b", "receipt"), "queued for b")
        read = self.listen("cg-a", [topic("cg-a", "trust")], *session)
        self.may_publish("hub.commune", topic("cg-a", "trust"), "for a")
        wait_until(lambda: any(line.endswith("for a") for line in read()), 15, "cg-a to read its trust")
        self.assertEqual([line for line in read() if "queued" in line], [])

    def test_without_a_certificate_nobody_gets_in(self):
        bare = ["mosquitto_pub", "-V", "5", "-h", "localhost", "-p", str(self.lab.broker_port), "--cafile", str(self.lab.pki / "ca.crt"),
                "-t", topic("cg-a", "status"), "-m", "x"]
        self.assertNotEqual(subprocess.run(bare, capture_output=True, timeout=20).returncode, 0)

    def test_the_topics_are_those_of_the_contract(self):
        """Against the table of firmware/uplink/topics.cpp: a topic that is added there must come into the ACLs and in here."""
        source = (ROOT / "firmware/uplink/topics.cpp").read_text()
        table = source[source.index("kTopics{"):source.index("};", source.index("kTopics{"))]
        rows = [line.split('"')[1] for line in table.splitlines() if "TopicRow{" in line]
        ours = [suffix.replace("event/gate", "event/+").replace("checkpoint/gate", "checkpoint/+").replace("c1", "+").replace("hub-1", "+")
                .replace("command/clip.request", "command/+") for suffix in TOPICS["up"] + TOPICS["down"]]
        self.assertEqual(sorted(rows), sorted(ours))
        acl = (ROOT / "firmware/docs/ref/acl/mosquitto.acl").read_text()
        emqx = (ROOT / "firmware/docs/ref/acl/emqx.conf").read_text()
        for row in rows:
            self.assertIn(f"camgate/v1/%u/{row}\n", acl)
            self.assertIn(f'"camgate/v1/${{username}}/{row}"', emqx)
            if row not in UNREAD:
                self.assertIn(f'"camgate/v1/+/{row}"', emqx)


if __name__ == "__main__":
    main()
