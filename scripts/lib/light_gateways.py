"""Gateways without cameras for the benchmarks of the link (tests/bench/app/light_gateways.cpp), and a clip of a wanted
size for them to send."""

import datetime
import json
import subprocess
import threading
import time

from lab import Lab, wait_until

FOOTAGE_KBPS = 6000


def make_footage(path, kbps=FOOTAGE_KBPS):
    """Noise: its bitrate is what was asked for, whatever the encoder thinks of the scene."""
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-f", "lavfi", "-i", "nullsrc=s=640x360:r=15,noise=alls=80:allf=t", "-t", "10",
                    "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-b:v", f"{kbps}k", "-minrate", f"{kbps}k",
                    "-maxrate", f"{kbps}k", "-bufsize", f"{kbps}k", "-pix_fmt", "yuv420p", "-y", path], check=True)


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def record_clip(folder, need_bytes, kbps=FOOTAGE_KBPS):
    """A real gateway records noise and exports it: (MP4 file, manifest)."""
    with Lab(folder / "recorder") as lab:
        make_footage(lab.folder / "noise.mp4", kbps)
        camera = {"id": "noise", "main": f"file:{lab.folder}/noise.mp4?loop=1", "bitrate_kbps": 2 * kbps, "motion": {"enabled": False}}
        lab.start_gateway(lab.write_config([camera], hub={"clips": "none"}))
        wait_until(lambda: lab.camera_status("noise").get("state") == "ok", 60, "the camera to be ok")
        begin = now()
        time.sleep(need_bytes * 8 / (kbps * 1000) + 4)
        end = begin + datetime.timedelta(seconds=need_bytes * 8 / (kbps * 1000))
        out = folder / "clip"
        out.mkdir()
        lab.ctl("clip", "export", "--camera", "noise", "--from", text(begin), "--to", text(end), "--to-dir", out)
    return next(out.glob("*.mp4")), next(out.glob("*.manifest.json"))


class LightGateways:
    """The program and its newest words. `stop()` gives the last."""

    def __init__(self, lab, **options):
        data = lab.folder / "light"
        data.mkdir(exist_ok=True)
        options = {"host": lab.broker_name, "port": lab.broker_port, "ca": lab.pki / "ca.crt", "cert": lab.pki / "gateway.crt",
                   "key": lab.pki / "gateway.key", "data": data} | options
        words = [str(part) for name, value in options.items() for part in (f"--{name.replace('_', '-')}", value)]
        self.news = {}
        self.history = []
        self.popen = subprocess.Popen([*(lab.line.at_home if lab.line else []), str(lab.bin / "bench_light_gateways"), *words],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(lab.logs / "light.log", "wb"), text=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.popen.stdout:
            self.news = json.loads(line)
            self.history.append((time.time(), self.news))

    def say(self, word):
        self.popen.stdin.write(word + "\n")
        self.popen.stdin.flush()

    def wait_for(self, condition, seconds, what):
        return wait_until(lambda: self.news and condition(self.news), seconds, f"{what}; it says {self.news}")

    def stop(self):
        self.popen.stdin.close()
        self.popen.wait(60)
        self.reader.join()
        return self.news
