"""A video file in headless Chromium: what the browser itself says of its length and of seeking in it."""

import html
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

PAGE = """<!doctype html><video id=v muted src="%s"></video><pre id=out>waiting</pre><script>
const v = document.getElementById('v'), out = document.getElementById('out');
v.onloadedmetadata = () => { v.currentTime = v.duration / 2; };
v.onseeked = () => { out.textContent = 'done ' + v.duration + ' ' + v.currentTime; };
v.onerror = () => { out.textContent = 'error ' + v.error.message; };
</script>"""


def video_facts(path):
    browser = shutil.which("chromium")
    with tempfile.TemporaryDirectory(prefix="camgate-browser-") as folder:
        page = Path(folder) / "page.html"
        page.write_text(PAGE % html.escape(Path(path).resolve().as_uri()))
        flags = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                 "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", f"--user-data-dir={folder}/profile",
                 "--virtual-time-budget=8000", "--dump-dom"]
        if os.geteuid() == 0:
            flags.append("--no-sandbox")
        shown = subprocess.run([browser, *flags, page.as_uri()], capture_output=True, text=True, timeout=90)
    found = re.search(r"done ([0-9.]+) ([0-9.]+)", shown.stdout)
    if not found:
        raise AssertionError(f"the browser did not play {path}: {shown.stdout[-400:]}\n{shown.stderr[-400:]}")
    return {"duration": float(found[1]), "seeked_to": float(found[2])}
