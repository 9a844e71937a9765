#!/usr/bin/env python3
"""usage: stick_writer.py

Holds the box's stick-writer to this, with programs that note what they are asked in the place of mount and mountpoint: a stick is written between
a word and a hang-up, and is read-only afterwards however that came; what cannot be written is not touched.
"""
import os
import pathlib
import signal
import socket
import subprocess
import sys
import tempfile

WRITER = pathlib.Path(__file__).resolve().parents[2] / "firmware/packaging/image/overlay/usr/libexec/camgate/stick-writer"
READ_WRITE, READ_ONLY = "-o remount,rw /media/usb", "-o remount,ro /media/usb"


class Stick:
    def __init__(self, folder, plugged_in=True, refuses="nothing"):
        self.folder = pathlib.Path(folder)
        self.noted = self.folder / "noted"
        self.noted.write_text("")
        self.put("mountpoint", f"exit {0 if plugged_in else 1}")
        self.put("mount", f'case "$*" in *{refuses}*) exit 32 ;; esac; echo "$*" >>{self.noted}')

    def put(self, program, text):
        path = self.folder / program
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def start(self):
        ours, its = socket.socketpair()
        ours.settimeout(10)
        environment = {**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"}
        process = subprocess.Popen([WRITER], stdin=its, stdout=its, stderr=subprocess.DEVNULL, env=environment, start_new_session=True)
        its.close()
        return process, ours

    def done(self):
        return self.noted.read_text().splitlines()


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"stick-writer: {what}: {found!r}, expected {expected!r}")


def is_written_until_given_back(folder):
    stick = Stick(folder)
    process, ours = stick.start()
    expect("its word", ours.recv(100), b"writable\n")
    expect("meanwhile", stick.done(), [READ_WRITE])
    ours.shutdown(socket.SHUT_WR)
    expect("its last word", ours.recv(100), b"read-only\n")
    process.wait(10)
    expect("in the end", stick.done(), [READ_WRITE, READ_ONLY])


def is_put_to_rest_when_nobody_listens(folder):
    stick = Stick(folder)
    process, ours = stick.start()
    ours.close()
    process.wait(10)
    expect("after a console that died", stick.done(), [READ_WRITE, READ_ONLY])


def is_put_to_rest_when_the_box_goes_down(folder):
    stick = Stick(folder)
    process, ours = stick.start()
    expect("its word", ours.recv(100), b"writable\n")
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(10)
    expect("after a stop", stick.done(), [READ_WRITE, READ_ONLY])


def is_left_alone(folder):
    for how, word in (({"plugged_in": False}, b"no-stick\n"), ({"refuses": "rw"}, b"write-protected\n")):
        stick = Stick(folder, **how)
        process, ours = stick.start()
        expect("its word", ours.recv(100), word)
        process.wait(10)
        expect(word, stick.done(), [])


def says_when_it_is_not_whole(folder):
    stick = Stick(folder, refuses="ro")
    process, ours = stick.start()
    expect("its word", ours.recv(100), b"writable\n")
    ours.shutdown(socket.SHUT_WR)
    expect("its last word", ours.recv(100), b"not-read-only\n")
    process.wait(10)


for check in (is_written_until_given_back, is_put_to_rest_when_nobody_listens, is_put_to_rest_when_the_box_goes_down, is_left_alone,
              says_when_it_is_not_whole):
    with tempfile.TemporaryDirectory() as work:
        check(work)
