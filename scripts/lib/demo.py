"""The demo behind scripts/demo: runs the lab, shows what arrives at the hub, sums up."""

import argparse
import json
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from lab import Lab, LabError, probe_mp4, wait_until

LIVE = sys.stdout.isatty()


class Display:
    """A live table on a terminal, plain lines elsewhere."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.begin = time.monotonic()
        self.drawn = 0

    def elapsed(self):
        return time.monotonic() - self.begin

    def say(self, text):
        self.wipe()
        print(f"{self.elapsed():6.1f}  {text}", flush=True)

    def wipe(self):
        if LIVE and self.drawn:
            print(f"\033[{self.drawn}F\033[J", end="")
        self.drawn = 0

    def draw(self, status, events, clips):
        if not LIVE:
            return
        self.wipe()
        width = shutil.get_terminal_size().columns
        lines = ["", f"{'CAMERA':10}{'STATE':14}{'FRAMES':>8}{'STORED':>8}   {'EVENTS':>6}{'CLIPS':>7}"]
        for camera in status.get("cameras", []):
            counters = camera.get("counters", {})
            lines.append(f"{camera['id']:10}{camera['state']:14}{counters.get('frames', '-'):>8}"
                         f"{counters.get('stored_records', '-'):>8}   {events.get(camera['id'], 0):>6}"
                         f"{clips.get(camera['id'], 0):>7}")
        done = min(1.0, self.elapsed() / self.seconds)
        lines.append(f"hub link {status.get('link', {}).get('state', '-')}, outbox {status.get('outbox', {}).get('rows', '-')}"
                     f"   [{'#' * int(done * 20):20}] {int(done * 100)} %")
        print("\n".join(line[:width] for line in lines), flush=True)
        self.drawn = len(lines)


class Watcher:
    """What has arrived at the hub so far, told as it comes."""

    def __init__(self, lab, display):
        self.lab = lab
        self.display = display
        self.seen_events = 0
        self.seen_clips = set()
        self.events = {}
        self.clips = {}

    def look(self):
        events = self.lab.hub_events()
        for event in events[self.seen_events:]:
            if event["phase"] == "start":
                self.events[event["camera"]] = self.events.get(event["camera"], 0) + 1
                self.display.say(f"event  {event['camera']:8} {event['start']}  confidence {event['confidence']:.2f}"
                                 f"{'  zones ' + ', '.join(event['zones']) if event['zones'] else ''}")
            elif event["phase"] == "end":
                self.display.say(f"ended  {event['camera']:8} last motion {event['last_motion']}")
        self.seen_events = len(events)
        for path, clip in self.lab.hub_clips().items():
            if path in self.seen_clips:
                continue
            self.seen_clips.add(path)
            camera = clip["manifest"]["camera"]
            self.clips[camera] = self.clips.get(camera, 0) + 1
            self.display.say(f"clip   {camera:8} {path.stat().st_size / 1024:.0f} KiB  {path.name[:16]}...")


def stop_on_signals():
    def stop(number, _):
        raise KeyboardInterrupt(f"signal {number}")
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)


def start_all(lab, vtest, display):
    lab.start_broker()
    display.say(f"broker on port {lab.broker_port}, mutual TLS")
    street = lab.start_camera("street", "--main", f"file:{vtest}", "--sub", f"file:{vtest}", "--codec", "h264")
    yard = lab.start_camera("yard", "--main", "yard", "--sub", "yard", "--codec", "h265", "--size", "1280x720",
                            "--fps", "10")
    display.say("two cameras, digest passwords: street (real footage, H.264), yard (synthetic, H.265)")
    lab.start_hub()
    config = lab.write_config([street.settings | {"motion": {"max_event_s": 20}}, yard.settings])
    gateway = lab.start_gateway(config)
    wait_until(lambda: lab.status().get("link", {}).get("state") == "up" or not gateway.alive(), 30,
               "the gateway to reach the broker")
    if not gateway.alive():
        raise LabError(f"camgated ended:\n{gateway.tail()}")
    display.say("gateway up, hub link up")
    return gateway


def run(lab, options):
    display = Display(options.seconds)
    gateway = start_all(lab, options.vtest, display)
    watcher = Watcher(lab, display)
    while display.elapsed() < options.seconds:
        if not gateway.alive():
            raise LabError(f"camgated ended:\n{gateway.tail()}")
        watcher.look()
        display.draw(lab.status(), watcher.events, watcher.clips)
        time.sleep(0.5)
    status = lab.status()
    display.wipe()
    print_processes(status)
    gateway.stop()
    watcher.look()
    return watcher, status


def print_processes(status):
    print("\nprocess            CPU s    RSS MiB")
    for process in status.get("processes", []):
        print(f"{process['name']:16}{process['cpu_s']:8.1f}{process['rss_kb'] / 1024:11.1f}")


def check_clips(clips):
    """Every clip must be verified by the hub and play to its end."""
    faults = []
    for path, clip in clips.items():
        if not clip["verified"]:
            faults.append(f"{path.name}: not verified")
        complaints = probe_mp4(path)["errors"]
        if complaints:
            faults.append(f"{path.name}: {complaints.strip().splitlines()[0]}")
    return faults


def summarise(lab, watcher, status, folder):
    clips = lab.hub_clips()
    faults = check_clips(clips)
    subprocess.run([str(lab.bin / "camgate-hub"), "gallery", str(lab.hub_out)], check=True, stdout=subprocess.DEVNULL)
    written = status.get("storage", {}).get("written_bytes", 0)
    print(f"\nevents {sum(watcher.events.values())}  clips {len(clips)}, all verified and playable: {'no' if faults else 'yes'}"
          f"  to the ring {written / 1048576:.1f} MiB")
    for fault in faults:
        print(f"  {fault}")
    print(f"look at  {lab.hub_out / 'index.html'}\nlogs in  {lab.logs}\nall of it in {folder}")
    cameras = {clip["manifest"]["camera"] for clip in clips.values()}
    if not clips or faults or cameras != {"street", "yard"}:
        print(f"demo: clips from both cameras were expected, verified; got some from: {sorted(cameras)}", file=sys.stderr)
        return 1
    return 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--vtest", required=True)
    options = parser.parse_args()
    stop_on_signals()
    try:
        with Lab(options.out) as lab:
            watcher, status = run(lab, options)
            return summarise(lab, watcher, status, options.out)
    except KeyboardInterrupt:
        print(f"\ndemo: stopped; what arrived is in {options.out}", file=sys.stderr)
        return 130
    except (LabError, json.JSONDecodeError, subprocess.CalledProcessError, OSError) as error:
        print(f"\ndemo: {error}\nlogs in {options.out / 'logs'}", file=sys.stderr)
        return 1


sys.exit(main())
