"""What a technician and an owner take along on a stick: a picture, footage, what the support needs. Looked at on this machine afterwards."""
import os
import re
import subprocess
import time

from lab import LabError, probe_mp4
from machine import STICK_START, make_stick

FOLDER = "/media/usb"
MOUNT_S = 60
CLIP_S = 6
AT_REST = "The stick may be pulled out."


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def write(box, command):
    said = box.ask(command, 300)
    if AT_REST not in said:
        raise LabError(f"{command}: {said.strip()!r}")
    box.say(f"{command.split(' --')[0]}: {said.strip()!r}")


def await_mount(box, command):
    """Without a stick it says so; with one it is there within MOUNT_S."""
    deadline = time.monotonic() + MOUNT_S
    while "no stick" in box.ask(command, 300):
        if time.monotonic() > deadline:
            raise LabError(f"the stick is not there after {MOUNT_S} s")
        time.sleep(2)


def take_along(box, folder, recorded_since):
    """`recorded_since`: seconds since the epoch, from when on footage is there."""
    stick = os.path.join(folder, "taken.img")
    make_stick(stick)
    said = box.ask("support-bundle /media/usb/camgate.json", 300)
    if "no stick" not in said:
        raise LabError(f"without a stick: {said.strip()!r}")
    box.machine.plug_in(stick)
    await_mount(box, f"snapshot gate {FOLDER}/first.jpg")
    write(box, f"snapshot gate {FOLDER}/gate.jpg")
    write(box, f"support-bundle {FOLDER}/camgate.json")
    box.log_in("owner", first=True)
    write(box, f"clip export --camera gate --from {stamp(recorded_since)} --to {stamp(recorded_since + CLIP_S)} --to-dir {FOLDER}")
    box.log_in()
    look_at(box, stick, folder)


def look_at(box, stick, folder):
    drive = f"{stick}@@{STICK_START}"
    names = subprocess.run(["mdir", "-b", "-i", drive, "::"], check=True, capture_output=True, text=True).stdout.split()
    ends = sorted(re.sub(r"^::/gate-[0-9TZ]+-[0-9a-f]{8}", "CLIP", name.strip()).removeprefix("::/") for name in names)
    expected = sorted(["CLIP.mp4", "CLIP.manifest.json", "camgate.json", "first.jpg", "gate.jpg"])
    if ends != expected:
        raise LabError(f"on the stick: {names}, expected {expected}")
    clip = os.path.join(folder, "taken.mp4")
    subprocess.run(["mcopy", "-n", "-i", drive, next(name for name in names if name.endswith(".mp4")), clip], check=True)
    checked = subprocess.run(["fsck.vfat", "-n", "-V", carve(stick, folder)], capture_output=True, text=True)
    if checked.returncode != 0 or "dirty" in checked.stdout.lower():
        raise LabError(f"the stick's file system: {checked.stdout}{checked.stderr}")
    box.say(f"the stick, as this machine reads it, holds {len(names)} files and is clean; the clip: {probe_mp4(clip)}")


def carve(stick, folder):
    out = os.path.join(folder, "taken.vfat")
    subprocess.run(["dd", f"if={stick}", f"of={out}", f"bs={STICK_START}", "skip=1", "conv=sparse", "status=none"], check=True)
    return out
