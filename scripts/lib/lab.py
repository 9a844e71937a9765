"""A whole camgate installation on one machine, for the demo, the benchmarks and the integration tests: a broker
with mutual TLS, simulated cameras, a gateway and the reference hub, each in a folder and on a port of its own.
Everything is started by this process, known by its id, and ends with it."""

import contextlib
import ctypes
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PR_SET_PDEATHSIG = 1


class LabError(Exception):
    pass


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds, what, every=0.05):
    """Waits for something real to happen; raises with `what` when it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(every)
    raise LabError(f"waited {seconds} s for {what}")


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def make_pki(folder, gateway, broker_address="127.0.0.1"):
    subprocess.run([ROOT / "scripts/lib/make-pki", folder, gateway, broker_address], check=True)


class Process:
    def __init__(self, name, command, log, env=None):
        self.name = name
        self.log = Path(log)
        with open(self.log, "ab") as out:
            self.popen = subprocess.Popen([str(word) for word in command], stdout=out, stderr=out,
                                          stdin=subprocess.DEVNULL, preexec_fn=die_with_parent,
                                          env={**os.environ, **(env or {})})

    @property
    def pid(self):
        return self.popen.pid

    def alive(self):
        return self.popen.poll() is None

    def kill(self):
        """As a crash does: no chance to clean up."""
        self.popen.kill()
        self.popen.wait()

    def stop(self, patience=8):
        if self.alive():
            self.popen.terminate()
            try:
                self.popen.wait(patience)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.popen.returncode

    def tail(self, lines=15):
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class Lab:
    """Use as a context manager: leaving it stops everything, newest first."""

    def __init__(self, folder, binaries=None, gateway="cg-demo", line=None):
        """`line`: a HomeLine that lies between the gateway and the broker."""
        self.folder = Path(folder)
        self.bin = Path(binaries or os.environ.get("CAMGATE_BIN") or ROOT / "build/host/bin")
        self.gateway = gateway
        self.processes = []
        self.broker_port = free_port()
        self.pki = self.folder / "pki"
        self.hub_out = self.folder / "hub"
        self.data = self.folder / "data"
        self.control = self.data / "control"
        self.boards = ROOT / "boards"
        self.logs = self.folder / "logs"
        for folder in (self.logs, self.hub_out, self.data):
            folder.mkdir(parents=True, exist_ok=True)
        self.line = line
        self.broker_address = line.hub_address if line else "127.0.0.1"
        self.broker_name = line.hub_address if line else "localhost"
        make_pki(self.pki, gateway, self.broker_address)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop_all()

    def start(self, name, command, env=None):
        process = Process(name, command, self.logs / f"{name}.log", env)
        self.processes.append(process)
        return process

    def stop_all(self):
        for process in reversed(self.processes):
            process.stop()
        self.processes.clear()

    # The parts

    def issue(self, name, common_name, *extensions):
        """One more certificate under the lab's CA, for a client of the broker unless `extensions` say otherwise."""
        path = self.pki / name
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{path}.key",
                        "-subj", f"/O=camgate/CN={common_name}", "-out", f"{path}.csr"], check=True, capture_output=True)
        Path(f"{path}.ext").write_text("\n".join(extensions or ("extendedKeyUsage=clientAuth",)))
        subprocess.run(["openssl", "x509", "-req", "-in", f"{path}.csr", "-CA", self.pki / "ca.crt", "-CAkey", self.pki / "ca.key",
                        "-CAcreateserial", "-days", "30", "-sha256", "-extfile", f"{path}.ext", "-out", f"{path}.crt"],
                       check=True, capture_output=True)

    def start_broker(self, lines="", clients="ca.crt"):
        """`clients`: under whose authority it takes them."""
        folder = self.folder / "broker"
        folder.mkdir(exist_ok=True)
        config = folder / "mosquitto.conf"
        config.write_text(
            f"listener {self.broker_port} {self.broker_address}\n"
            f"cafile {self.pki}/{clients}\ncertfile {self.pki}/broker.crt\nkeyfile {self.pki}/broker.key\n"
            "require_certificate true\nuse_identity_as_username true\ntls_version tlsv1.2\n"
            f"persistence true\npersistence_location {folder}/\nautosave_interval 1\nautosave_on_changes true\n"
            "log_dest stderr\n" + lines + ("user root\n" if os.geteuid() == 0 else ""))
        program = "/usr/sbin/mosquitto" if Path("/usr/sbin/mosquitto").exists() else "mosquitto"
        broker = self.start("mosquitto", [program, "-c", config])
        self.wait_for_port(self.broker_port, broker, self.broker_address)
        return broker

    def wait_for_port(self, port, process, address="127.0.0.1"):
        def answers():
            if not process.alive():
                raise LabError(f"{process.name} ended at once:\n{process.tail()}")
            with socket.socket() as probe:
                return probe.connect_ex((address, port)) == 0
        wait_until(answers, 20, f"{process.name} to listen on port {port}")

    def start_camera(self, name, *options, user="viewer", password="look-4-me"):
        port = free_port()
        command = [self.bin / "camgate-rtsp-camera", "--port", port, *options]
        if user:
            command += ["--user", user, "--password", password]
        camera = self.start(f"camera-{name}", command)
        self.wait_for_port(port, camera)
        camera.settings = {"id": name, "name": name.capitalize(), "main": f"rtsp://127.0.0.1:{port}/main",
                           "sub": f"rtsp://127.0.0.1:{port}/sub"}
        if user:
            camera.settings |= {"user": user, "password": password}
        return camera

    def start_onvif(self, name, *options):
        """A simulated ONVIF camera, found on loopback; `url` is its device service."""
        camera = self.start(f"onvif-{name}", [sys.executable, "-B", ROOT / "tests/support/camera/onvif_camera.py", *options])
        ready = lambda: next((line.split()[1] for line in camera.log.read_text().splitlines() if line.startswith("ready ")), None)
        camera.url = wait_until(ready, 10, f"{camera.name} to listen")
        return camera

    def write_config(self, cameras, **sections):
        config = {
            "gateway": self.gateway,
            "hub": {"host": self.broker_name, "port": self.broker_port, "ca_file": f"{self.pki}/ca.crt",
                    "certificate_file": f"{self.pki}/gateway.crt", "key_file": f"{self.pki}/gateway.key",
                    "signers_file": f"{self.pki}/signer.crt",
                    "receive_certificate_file": f"{self.pki}/receiver.crt", "clips": "all", "cap_kbps": 20000},
            "evidence": {"certificate_file": f"{self.pki}/evidence.crt", "key_file": f"{self.pki}/evidence.key"},
            "storage": {"ring_mib": 256, "extent_mib": 8},
            "cameras": cameras,
        }
        for section, values in sections.items():
            config[section] |= values
        path = self.folder / "camgate.json"
        path.write_text(json.dumps(config, indent=2))
        return path

    def start_gateway(self, config, name="camgated"):
        return self.start(name, [*(self.line.at_home if self.line else []), self.bin / "camgated", "--config", config, "--board", "host", "--boards", self.boards,
                                 "--data", self.data, "--control", self.control])

    def start_hub(self, *options):
        return self.start("hub", [self.bin / "camgate-hub", "serve", "--out", self.hub_out, *self.hub_link(),
                                  "--countersign-cert", self.pki / "countersigner.crt",
                                  "--countersign-key", self.pki / "countersigner.key",
                                  "--receive-key", self.pki / "receiver.key", *options])

    def hub_link(self):
        return ["--broker", f"{self.broker_name}:{self.broker_port}", "--ca", self.pki / "ca.crt",
                "--cert", self.pki / "hub.crt", "--key", self.pki / "hub.key"]

    def hub_command(self, *words, timeout=60):
        """A one-shot command of camgate-hub that signs what it asks."""
        return subprocess.run([str(w) for w in (self.bin / "camgate-hub", *words, *self.hub_link(), "--signer-cert",
                               self.pki / "signer.crt", "--signer-key", self.pki / "signer.key")],
                              capture_output=True, text=True, timeout=timeout, preexec_fn=die_with_parent)

    # What can be seen

    def ctl(self, *words):
        result = subprocess.run([str(self.bin / "camgatectl"), "--socket", str(self.control), "--json",
                                 *[str(w) for w in words]], capture_output=True, text=True, timeout=40)
        if result.returncode != 0:
            raise LabError(f"camgatectl {words}: {result.stderr.strip()}")
        return json.loads(result.stdout)

    def call(self, method, **parameters):
        """A call of the control socket that no command of the console makes as it is."""
        with socket.socket(socket.AF_UNIX) as wire:
            wire.settimeout(40)
            wire.connect(str(self.control))
            wire.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode() + b"\n")
            answer = json.loads(wire.makefile().readline())
        if "error" in answer:
            raise LabError(answer["error"]["message"])
        return answer["result"]

    def status(self):
        """The gateway's status, or nothing while it does not answer."""
        try:
            return self.ctl("status")
        except (LabError, json.JSONDecodeError, subprocess.TimeoutExpired):
            return {}

    def camera_status(self, camera):
        return next((row for row in self.status().get("cameras", []) if row["id"] == camera), {})

    def hub_rows(self, query):
        """What the hub has durable, each a JSON document, in the order in which it came."""
        path = self.hub_out / "hub.db"
        if not path.exists():
            return []
        try:
            with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
                return [json.loads(document) for document, in database.execute(query)]
        except sqlite3.OperationalError:  # it is being made
            return []

    def hub_events(self):
        return self.hub_rows("SELECT document FROM row WHERE kind = 'event' ORDER BY rowid")

    def hub_checkpoints(self):
        return self.hub_rows("SELECT document FROM checkpoint ORDER BY position")

    def hub_clips(self):
        """Verdicts of complete clips: file -> its JSON document."""
        clips = self.hub_out / "clips"
        return {path.with_suffix(".mp4"): json.loads(path.read_text())
                for path in sorted(clips.glob("*.json"))} if clips.exists() else {}


def probe_mp4(path):
    """What ffprobe says of the video, and what decoding every frame complains of."""
    shown = subprocess.run(["ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
                            "stream=codec_name,width,height,duration,nb_frames:format=duration", "-of", "json", str(path)],
                           capture_output=True, text=True)
    decoded = subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-i", str(path), "-f", "null", "-"],
                             capture_output=True, text=True)
    facts = json.loads(shown.stdout or "{}")
    stream = (facts.get("streams") or [{}])[0]
    return {"codec": stream.get("codec_name"), "duration": float(facts.get("format", {}).get("duration", 0)),
            "errors": shown.stderr + decoded.stderr}


def proc_cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def proc_rss_kb(pid):
    """0: it has ended."""
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    return 0
