"""The console at the end of a serial line of 115200 baud: what is typed and what comes up."""

import os
import pty
import re
import select
import termios
import time

PROMPT = "camgate> "


class Terminal:
    """A serial line of 115200 baud with the console at its end."""

    def __init__(self, program, socket, term="vt100", lang="C.UTF-8", **env):
        self.text = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            clean = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
            os.execve(str(program), [str(program), "--socket", str(socket)],
                      clean | {"TERM": term, "LANG": lang, "LINES": "24", "COLUMNS": "80"} | env)
        modes = termios.tcgetattr(self.fd)
        modes[4] = modes[5] = termios.B115200
        termios.tcsetattr(self.fd, termios.TCSANOW, modes)

    def press(self, keys):
        os.write(self.fd, keys.encode())

    def until(self, wanted, seconds=15):
        """What came up to and with the text."""
        deadline = time.monotonic() + seconds
        while wanted not in self.text:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError(f"waited for {wanted!r}, the screen has: {self.text!r}")
            try:
                self.text += os.read(self.fd, 4096).decode(errors="replace")
            except OSError:
                raise AssertionError(f"the console ended; waited for {wanted!r}, the screen has: {self.text!r}")
        at = self.text.index(wanted) + len(wanted)
        shown, self.text = self.text[:at], self.text[at:]
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)

    def enter(self, line, wanted=PROMPT):
        """The answer to a line."""
        self.press(line + "\r")
        self.until("\n")
        return self.until(wanted)

    def ended(self, seconds=10):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if select.select([self.fd], [], [], 0.1)[0]:
                try:
                    os.read(self.fd, 4096)
                except OSError:
                    pass
        raise AssertionError("the console goes on")
