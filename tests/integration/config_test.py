"""Configurations from the hub: none strands the box, none costs an untouched camera a frame."""

import json
import os
import random
import signal
import time

from harness import ROOT, YARD, LabTest, main, wait_until

SCHEMA = json.loads((ROOT / "firmware/docs/ref/config.schema.json").read_text())


def places(schema, value, pointer=""):
    """Each setting of the document: pointer, parent, key, schema."""
    for key, member in value.items():
        found = schema["properties"][key]
        yield f"{pointer}/{key}", value, key, found
        if isinstance(member, dict):
            yield from places(found, member, f"{pointer}/{key}")
        if isinstance(member, list) and found["items"].get("type") == "object":
            for index, item in enumerate(member):
                yield from places(found["items"], item, f"{pointer}/{key}/{index}")


def mutate(document, seed):
    """The document as a text that no gateway may take, and the pointer that must be named."""
    dice = random.Random(seed)
    document = json.loads(json.dumps(document))
    pointer, parent, key, schema = dice.choice(list(places(SCHEMA, document)))
    way = dice.choice(["type", "typo", "twice", "huge", "nan", "lack"])
    if way == "lack" and key not in ("gateway", "host", "id", "main"):
        way = "type"
    if way == "type":
        parent[key] = None
    if way == "typo":
        parent[key + "q"] = parent[key]
        pointer += "q"
    if way == "lack":
        del parent[key]
    raw = {"twice": f'{json.dumps(parent.get(key))},"{key}":{json.dumps(parent.get(key))}', "huge": "1e999", "nan": "NaN"}.get(way)
    if raw:
        parent[key] = "@raw@"
    return json.dumps(document).replace('"@raw@"', raw or ""), pointer


class ConfigTest(LabTest):
    def start(self, cameras=2):
        self.lab.start_broker()
        self.cameras = [self.lab.start_camera(name, *YARD) for name in ("gate", "yard")[:cameras]]
        self.gateway = self.lab.start_gateway(self.lab.write_config([c.settings for c in self.cameras]))
        for name in ("gate", "yard")[:cameras]:
            self.wait_for_state(name, "ok", 20)
        self.wait_for_link()
        self.document = {"version": 2} | json.loads((self.folder / "camgate.json").read_text())
        for camera in self.document["cameras"]:
            del camera["password"]

    def give(self, *documents, wait=60):
        files = []
        for number, document in enumerate(documents):
            files.append(self.folder / f"wish-{number}.json")
            files[-1].write_text(document if isinstance(document, str) else json.dumps(document))
        result = self.lab.hub_command("configure", "--gateway", self.lab.gateway, "--wait", wait, *files, timeout=580)
        return [json.loads(line) for line in result.stdout.splitlines()], result

    def counters(self, camera):
        return self.lab.camera_status(camera)["counters"]

    def check_untouched(self, camera, before):
        """The same worker, and nothing dropped, goes on."""
        now = self.counters(camera)
        self.assertEqual(now["worker_starts"], before["worker_starts"])
        self.assertEqual(now["dropped_units"], before["dropped_units"])
        wait_until(lambda: self.counters(camera)["frames"] > now["frames"] + 10, 10, f"{camera} to go on")

    def gaps(self, camera, begin):
        wait_until(lambda: time.time() > begin + 12, 15, "some footage to be there")
        stamp = lambda t: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(t))
        clip = self.lab.ctl("clip", "export", "--camera", camera, "--from", stamp(begin + 3), "--to", stamp(time.time() - 4),
                            "--to-dir", self.folder)
        return clip["manifest"]["gaps"]

    def test_500_mutations_cost_no_frame_and_each_rejection_names_the_setting(self):
        self.start()
        begin = time.time()
        before = {name: self.counters(name) for name in ("gate", "yard")}
        mutations = [mutate(self.document, seed) for seed in range(500)]
        answers, result = self.give(*[text for text, _ in mutations], wait=30)
        self.assertEqual(len(answers), 500, result.stderr)
        for (text, pointer), answer in zip(mutations, answers):
            self.assertEqual(answer["state"], "rejected", text)
            self.assertIn(pointer, [error["pointer"] for error in answer["errors"]], text)
            self.assertEqual(answer["in_force"], 1)
        for name, counters in before.items():
            self.check_untouched(name, counters)
            self.assertEqual(self.gaps(name, begin), [])

    def test_one_camera_is_changed_and_the_other_loses_no_frame(self):
        self.start()
        begin = time.time()
        before = self.counters("yard")
        self.document["cameras"][0]["motion"] = {"sensitivity_percent": 70}
        answers, _ = self.give(self.document)
        self.assertEqual((answers[0]["state"], answers[0]["in_force"]), ("applied", 2))
        self.assertGreater(self.counters("gate")["frames"], 0)
        self.check_untouched("yard", before)
        self.assertEqual(self.gaps("yard", begin), [])

    def test_cameras_come_and_go_and_the_others_lose_no_frame(self):
        self.start()
        begin = time.time()
        shed = self.lab.start_camera("shed", *YARD, user=None)
        before = self.counters("yard")
        both = list(self.document["cameras"])
        for number, cameras in enumerate(([*both, shed.settings], both, both[1:], both)):
            self.document["cameras"] = cameras
            answers, _ = self.give(self.document)
            self.assertEqual((answers[0]["state"], answers[0]["in_force"]), ("applied", number + 2))
            if number == 0:
                self.wait_for_state("shed", "ok", 20)
                wait_until(lambda: self.counters("shed")["stored_records"] > 3, 20, "the new camera to be recorded")
        self.wait_for_state("gate", "ok", 20)
        wait_until(lambda: self.counters("gate")["stored_records"] > 3, 20, "the camera that came back to be recorded")
        self.check_untouched("yard", before)
        self.assertEqual(self.gaps("yard", begin), [])
        self.assertEqual(self.lab.ctl("storage", "check").get("result", {}).get("damaged_records"), 0)

    def test_what_breaks_a_camera_or_the_link_is_reverted_and_said_so(self):
        self.start()
        before = self.counters("yard")
        self.document["trial"] = {"confirm_timeout_s": 30}
        self.assertEqual(self.give(self.document)[0][0]["state"], "applied")
        broken = json.loads(json.dumps(self.document))
        broken["cameras"][0]["main"] = "rtsp://127.0.0.1:1/main"
        begin = time.time()
        answer = self.give(broken)[0][0]
        self.assertLess(time.time() - begin, 40)
        self.assertEqual((answer["state"], answer["in_force"]), ("reverted", 2))
        self.assertIn("camera gate is not back", answer["reason"])
        self.wait_for_state("gate", "ok", 20)
        self.document["hub"]["port"] = 1
        begin = time.time()
        answer = self.give(self.document)[0][0]
        self.assertLess(time.time() - begin, 40)
        self.assertEqual((answer["state"], answer["in_force"]), ("reverted", 2))
        self.assertIn("the hub link is not back", answer["reason"])
        self.check_untouched("yard", before)

    def test_a_kill_at_any_time_of_the_trial_comes_back_with_the_old_one(self):
        self.start(cameras=1)
        broken = json.loads(json.dumps(self.document))
        broken["hub"]["port"] = 1
        for delay in (0, 0.05, 0.2, 1, 5):
            file = self.folder / "wish.json"
            file.write_text(json.dumps(broken))
            wish = self.lab.start("configure", [self.lab.bin / "camgate-hub", "configure", "--gateway", self.lab.gateway, "--wait", "60",
                                                file, *self.lab.hub_link(), "--signer-cert", self.lab.pki / "signer.crt",
                                                "--signer-key", self.lab.pki / "signer.key"])
            log = self.gateway.log
            wait_until(lambda: "state=trial" in log.read_text(), 20, "the trial to begin")
            time.sleep(delay)
            os.kill(self.gateway.popen.pid, signal.SIGKILL)
            self.gateway.popen.wait()
            self.gateway = self.lab.start_gateway(self.folder / "camgate.json", f"camgated-{delay}")
            self.wait_for_link()
            self.wait_for_state("gate", "ok", 20)
            wait_until(lambda: not wish.alive(), 20, "the hub to be told")
            answer = json.loads(wish.log.read_text().splitlines()[0])
            self.assertEqual((answer["state"], answer["in_force"]), ("reverted", 1))
            self.assertIn("stopped during the trial", answer["reason"])


if __name__ == "__main__":
    main()
