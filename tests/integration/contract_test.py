"""What gateway and hub really say, against docs/ref/asyncapi.yaml: a lab lives through events, clips, a snapshot, a refusal and a checkpoint while a
listener takes down every message. And what must never be said: secrets planted in configuration and keys appear in no message, log, file of the hub
or status."""

import base64
import hashlib
import json
import subprocess

from contract import PREFIX, Listener, channel_of, faults, load_contract
from harness import ROOT, YARD, LabTest, main, probe_mp4, wait_until

CANARY = "canary-7f3b-password"


class ContractTest(LabTest):
    def said(self):
        return self.listener.said()

    def heard(self, ending):
        return [payload for topic, payload in self.said() if ending in topic]

    def live(self):
        self.lab.issue("listener", "listener")
        self.lab.start_broker()
        self.listener = Listener(self, "listener", f"{PREFIX}#")
        camera = self.lab.start_camera("gate", *YARD, "--empty", "10", "--walk", "4", password=CANARY)
        config = self.lab.write_config([camera.settings])
        hub = self.lab.start_hub()
        gateway = self.lab.start_gateway(config)
        wait_until(lambda: len(self.heard('/event/')) >= 4 and self.lab.hub_clips(), 90, "events and a clip")
        asked = self.lab.hub_command("snapshot", "--out", self.folder / "now.jpg", "--receive-key", self.lab.pki / "receiver.key",
                                     "--gateway", self.lab.gateway, "--camera", "gate")
        self.assertEqual(asked.returncode, 0, asked.stdout + asked.stderr)
        refused = self.lab.hub_command("request-clip", "--gateway", self.lab.gateway, "--camera", "nobody", "--from", "2026-01-01T00:00:00Z",
                                       "--to", "2026-01-01T00:00:10Z")
        self.assertEqual(refused.returncode, 1, refused.stdout + refused.stderr)
        self.look_on()
        self.ask_for_the_rest()
        wait_until(lambda: self.heard("/telemetry") and self.heard("/checkpoint/"), 100, "telemetry and a checkpoint")
        self.status = json.dumps(self.lab.status())
        audit = self.lab.ctl("audit")
        self.assertEqual(audit["broken"], [])
        self.assertEqual({"clip.request", "clip.upload", "live.end", "snapshot.request", "clip.cancel", "reboot"} - {e["action"] for e in audit["entries"]}, set())
        gateway.stop()
        wait_until(lambda: any(b'"online":false' in payload for payload in self.heard("/status")), 15, "the last word")
        hub.stop()
        chain = subprocess.run([self.lab.bin / "camgate-hub", "audit", self.lab.hub_out], capture_output=True, text=True)
        self.assertEqual(chain.returncode, 0, chain.stdout + chain.stderr)
        self.assertRegex(chain.stdout, r"the chain holds, signed up to [1-9]")

    def look_on(self):
        """Live view of the camera, sealed to the hub, whole for a decoder, to the end of its time."""
        words = ["follow", "--gateway", self.lab.gateway, "--camera", "gate", "--case", "17/2030", "--bytes", 5_000_000,
                 "--receive-key", self.lab.pki / "receiver.key", "--out", self.folder / "live.mp4", "--seconds"]
        seen = self.lab.hub_command(*words, 8)
        self.assertEqual(seen.returncode, 0, seen.stderr)
        reply, ended = (json.loads(line) for line in seen.stderr.splitlines()[-2:])
        self.assertIn("sealed", reply["result"])
        self.assertEqual((ended["ended"], ended["files"], ended["parts_lost"]), ("expired", 1, 0))
        shown = probe_mp4(self.folder / "live.mp4")
        self.assertEqual(shown["errors"], "")
        self.assertGreater(shown["duration"], 4)
        print("live view:", [e["detail"] for e in self.lab.ctl("audit")["entries"] if e["action"] == "live.end"])
        refused = self.lab.hub_command(*words[:4], "nobody", *words[5:], 8)
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertIn("unknown-camera", refused.stderr)

    def ask_for_the_rest(self):
        cases = [("events.query", {"limit": 1}, 0), ("status.request", {}, 0), ("rebirth", {}, 0), ("reboot", {}, 1),
                 ("clip.cancel", {"clip": "0" * 64}, 1),
                 ("secret.set", {"name": "cameras/gate/password", "sealed": {"to": "0" * 64, "ephemeral": base64.b64encode(b"\4" * 65).decode(), "bytes": ""}}, 1)]
        for name, payload, status in cases:
            asked = self.lab.hub_command("request", "--gateway", self.lab.gateway, name, json.dumps(payload))
            self.assertEqual(asked.returncode, status, asked.stdout + asked.stderr)
            if name == "events.query":
                result = json.loads(asked.stdout)["result"]
                self.assertEqual(len(result["events"]), 1)
                self.assertIsInstance(result["next"], str)

    def test_every_message_is_as_the_contract_says_and_none_has_a_secret(self):
        self.live()
        self.check_contract()
        self.check_secrets()

    def check_contract(self):
        self.document, channels = load_contract()
        seen = {}
        for topic, payload in self.said():
            name = channel_of(channels, topic)
            self.assertIsNotNone(name, f"a topic of no channel: {topic}")
            seen[name] = seen.get(name, 0) + 1
            schema = channels[name][1]
            if schema is None or not payload:
                continue
            self.check(schema, json.loads(payload), topic)
            if name == "audit":
                self.check_audit(json.loads(payload), topic)
            if name == "command":
                order = base64.b64decode(json.loads(payload)["payload"])
                orders = self.document["components"]["schemas"]["commandPayload"]
                self.check(orders[topic.split("/")[-1]], json.loads(order), topic)
        print("messages by channel:", seen)
        # setup_test listens to enrolment, mqtt_update_test to updates.
        channels = {name: channel for name, channel in channels.items() if channel[0][2] != "enrol"}
        missing = set(channels) - set(seen) - {"configDesired", "trust", "renewal", "bundle", "probe", "updateWanted", "updatePiece"}
        self.assertEqual(missing, set(), "channels that nobody spoke on")
        source = (ROOT / "firmware/uplink/topics.cpp").read_text()
        patterns = ["/".join("+" if word.startswith("{") else word for word in pattern[3:]) for pattern, _ in channels.values()]
        for pattern in patterns:
            self.assertIn(f'"{pattern}"', source)
        self.assertEqual(source.count("TopicRow{Topic::"), len(patterns))

    def check_audit(self, message, topic):
        entry = json.loads(message["entry"])
        self.check(self.document["components"]["schemas"]["auditEntry"], entry, topic)
        self.assertEqual(message["hash"], hashlib.sha256(b"camgate-audit-v1\n" + message["entry"].encode()).hexdigest())
        hashes = self.__dict__.setdefault("audit_hashes", {})
        hashes[entry["number"]] = message["hash"]
        if entry["number"] > 1:
            self.assertEqual(entry["previous"], hashes[entry["number"] - 1])

    def check(self, schema, value, topic):
        self.assertEqual(faults(self.document, schema, value), [], f"{topic}: {str(value)[:400]}")

    def check_secrets(self):
        secrets = {"camera password": CANARY}
        for key in ("gateway", "evidence", "signer", "receiver", "countersigner"):
            lines = (self.lab.pki / f"{key}.key").read_text().splitlines()
            secrets[f"{key}.key"] = lines[1][8:56]
        places = {"status of the console": self.status.encode()}
        places |= {f"message on {topic}": payload for topic, payload in self.said()}
        for path in [*self.lab.logs.glob("*"), *self.lab.hub_out.rglob("*"), *self.lab.data.rglob("*.db*")]:
            if path.is_file() and not path.name.startswith("camera-"):
                places[str(path)] = path.read_bytes()
        self.assertGreater(len(places), 20)
        for what, secret in secrets.items():
            for where, content in places.items():
                self.assertNotIn(secret.encode(), content, f"the {what} is in {where}")
        for where, content in places.items():
            self.assertNotIn(b"viewer:", content, f"an address with a user is in {where}")


if __name__ == "__main__":
    main()
