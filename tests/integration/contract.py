"""docs/ref/asyncapi.yaml as tests hold messages against it, and a listener that takes down what is said."""

import re
import subprocess

import jsonschema
import yaml
from harness import ROOT

PREFIX = "camgate/v1/"


def load_contract():
    """The document, and of each channel its address' words and its payload's schema."""
    document = yaml.safe_load((ROOT / "firmware/docs/ref/asyncapi.yaml").read_text())
    channels = {}
    for name, channel in document["channels"].items():
        message = next(iter(channel.get("messages", {}).values()), None)
        payload = document["components"]["messages"][message["$ref"].split("/")[-1]].get("payload") if message else None
        channels[name] = (channel["address"].split("/"), payload)
    return document, channels


def fits(pattern, topic):
    words = topic.split("/")
    return len(words) == len(pattern) and all(re.fullmatch(re.sub(r"{.*}", "[^/]+", p), w) for p, w in zip(pattern, words))


def channel_of(channels, topic):
    """The most literal one: `enrol` is no gateway."""
    return min((name for name, (pattern, _) in channels.items() if fits(pattern, topic)), key=lambda name: "/".join(channels[name][0]).count("{"), default=None)


def faults(document, schema, value):
    # References count from the document's root.
    validator = jsonschema.Draft202012Validator({**schema, "components": document["components"]})
    return [f"{'/'.join(map(str, fault.absolute_path))}: {fault.message}"[:300] for fault in validator.iter_errors(value)]


class Listener:
    def __init__(self, test, certificate, topic):
        self.path = test.folder / "said.jsonl"
        lab, log = test.lab, open(self.path, "wb")
        listener = subprocess.Popen(["stdbuf", "-oL", "mosquitto_sub", "-V", "5", "-q", "1", "-h", "localhost", "-p", str(lab.broker_port), "--cafile",
                                     str(lab.pki / "ca.crt"), "--cert", str(lab.pki / f"{certificate}.crt"), "--key", str(lab.pki / f"{certificate}.key"),
                                     "-t", topic, "-F", "%t %x"], stdout=log, stderr=log)
        test.addCleanup(lambda: (listener.kill(), listener.wait(), log.close()))

    def said(self):
        text = self.path.read_text()
        lines = text[:text.rfind("\n") + 1].splitlines()
        return [(line.split(" ")[0], bytes.fromhex(line.split(" ")[1])) for line in lines if line.startswith(PREFIX) and line.count(" ") == 1]
