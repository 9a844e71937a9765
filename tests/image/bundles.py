"""Bundles made of an image's own root file system, with another version, and sick where a test wants it so.

Nothing is built: the version and what is sick are written into a copy of the first slot's file system, which scripts/lib/image/bundle signs. All
else is the image's, to the byte.
"""
import hashlib
import os
import pathlib
import subprocess
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERSION_FILE = "/usr/share/camgate/version"
PROGRAMS = "/usr/libexec/camgate/"
# In the place of a program: it ends at once.
SICK = "#!/bin/sh\nexit 1\n"


@dataclass
class Bundle:
    path: pathlib.Path
    version: str
    sha256: str
    bytes: int


def debugfs(file_system, *requests, writes=False):
    mode = ["-w"] if writes else []
    done = subprocess.run(["debugfs", *mode, "-f", "-", file_system], input="".join(f"{request}\n" for request in requests), capture_output=True,
                          text=True, check=True)
    return done.stdout


class BundleMaker:
    def __init__(self, board, image, folder):
        self.board, self.folder = board, pathlib.Path(folder)
        self.root = self.folder / "root.ext4"
        subprocess.run([ROOT / "tests/image/root-of", image, self.root], check=True)
        self.version = self.read(VERSION_FILE).strip()

    def read(self, path):
        out = self.folder / "read"
        debugfs(self.root, f"dump {path} {out}")
        return out.read_text()

    def make(self, addition, sick=(), files=()):
        """The image's version with `addition` behind it; programs named in `sick` end at once; `files`: (path, text) of others."""
        version = self.version + addition
        root = self.folder / f"{addition}.ext4"
        subprocess.run(["cp", "--sparse=always", self.root, root], check=True)
        replace(root, VERSION_FILE, version + "\n", 0o644)
        for program in sick:
            replace(root, PROGRAMS + program, SICK, 0o755)
        for path, text in files:
            replace(root, path, text, 0o644)
        subprocess.run(["e2fsck", "-fn", root], check=True, capture_output=True)
        out = self.folder / f"update{addition}.raucb"
        signing = {"CAMGATE_SIGNING": os.path.expanduser("~/.cache/camgate/signing"), **os.environ}
        subprocess.run([ROOT / "scripts/lib/image/bundle", self.board, version, root, out], check=True, env=signing, capture_output=True)
        root.unlink()
        with open(out, "rb") as file:
            return Bundle(out, version, hashlib.file_digest(file, "sha256").hexdigest(), out.stat().st_size)


def replace(file_system, path, text, mode):
    new = file_system.with_suffix(".new")
    new.write_text(text)
    debugfs(file_system, f"rm {path}", f"write {new} {path}", f"set_inode_field {path} mode 0{0o100000 | mode:o}", f"set_inode_field {path} uid 0",
            f"set_inode_field {path} gid 0", writes=True)
    new.unlink()
