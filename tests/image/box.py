"""A machine with a card, and what a technician types on its serial line."""
import re
import time

from machine import Machine

HOST_SEEN_FROM_GUEST = "10.0.2.2"
PIN = "271828"
# QEMU without KVM on a busy machine.
START_S = 900
PROMPT = r"(?:camgate|technician|owner)> $"
PAGER = r"-- \d+/\d+ --$"
LOADER = r"camgate: slot ([AB]), order . ., tries left A \d B \d"
# What `update status` says, and the phase of firmware/docs/ref/update.md.
PHASES = {"downloading": "downloading", "verifying": "verifying", "installing": "installing", "the box starts again": "rebooting",
          "on trial": "trial", "installed and kept": "committed", "did not prove itself": "rolled-back", "not installed": "failed"}
ENDED = {"committed", "rolled-back", "failed"}


class Box:
    def __init__(self, board, card, log):
        self.board, self.card, self.log = board, card, log
        self.slot = None
        self.start()

    def start(self):
        self.machine = Machine(self.board, self.card, self.log)
        self.await_start()

    def await_start(self):
        self.came_up(self.machine.find(LOADER, START_S)[1])

    def came_up(self, found):
        self.slot = found.group(1)
        self.say(found.group())
        self.machine.expect(PROMPT, START_S)
        self.say("the serial line has camgatectl")

    def cut_power(self):
        self.machine.cut_power()

    def say(self, what):
        print(f"image: {what} ({self.machine.seconds():.0f} s after power-on)", flush=True)

    def ask(self, command, seconds=120):
        """All pages of the answer. Once more where the box was going down."""
        self.machine.type(command)
        text = ""
        while True:
            more, found = self.machine.find(f"{PROMPT}|{PAGER}|{LOADER}", seconds)
            text += more
            if found.group(1):
                self.came_up(found)
                return self.ask(command, seconds)
            if not found.group().startswith("--"):
                return text
            self.machine.press(" ")

    def insist(self, command, done, seconds=START_S):
        """What is not answered in time, or is cut off by settings that come into force: once more, as a technician would."""
        deadline = time.monotonic() + seconds
        while not re.search(done, said := self.ask(command, 300)):
            self.say(f"{command.split(' --')[0]}: {said.strip()[-400:]!r}")
            if not re.search(r"\(timeout\)|closed the connection", said) or time.monotonic() > deadline:
                raise RuntimeError(f"no {done!r}")
        return said

    def wait_for(self, command, pattern, seconds, what):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            text = self.ask(command)
            if found := re.search(pattern, text, re.M):
                self.say(what)
                return found
            time.sleep(5)
        raise TimeoutError(f"{what}: not within {seconds} s, last: {text!r}")

    def wait_for_recording(self, what):
        self.wait_for("status", r"^.*gate.*\bok\b", START_S, what)

    def log_in(self, role="technician", first=False):
        if first:
            self.type_pins(f"login set {role}", 2)
            self.machine.expect(PROMPT)
        self.type_pins(f"login {role}", 1)
        self.machine.expect(rf"{role}> $")

    def type_pins(self, command, times):
        self.machine.type(command)
        for _ in range(times):
            self.machine.expect(r": $")
            self.machine.type(PIN)

    def update_status(self):
        """Its phase, and all that the console says of it."""
        text = self.ask("update status")
        shown = self.row(text, "update")
        return next((phase for words, phase in PHASES.items() if shown.startswith(words)), None), text

    @staticmethod
    def row(text, name):
        found = re.search(rf"^{name} {{2,}}(.+?)\s*$", text, re.M)
        return found.group(1) if found else ""

    def follow_update(self, seconds, phase=None):
        """Says each phase as it comes, over restarts, until the update has ended: its last phase, and what the console says of it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            before, (phase, text) = phase, self.update_status()
            if phase != before:
                self.say(f"the update is {phase}")
            if phase in ENDED:
                return phase, text
            # Nothing is typed while the loader could take it. What runs the new version has been there already.
            if phase == "rebooting" and self.row(text, "runs") != self.row(text, "version"):
                self.await_start()
            time.sleep(2)
        raise TimeoutError(f"the update has not ended within {seconds} s, last: {text!r}")
