"""A video file in headless Chromium: what the browser itself says of its length and of seeking in it."""

import html
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

PAGE = """<!doctype html><video id=v muted src="%s"></video><script>
const v = document.getElementById('v');
const tell = facts => { new Image().src = 'http://127.0.0.1:%d/?' + new URLSearchParams(facts); };
v.onloadedmetadata = () => { v.currentTime = v.duration / 2; };
v.onseeked = () => tell({duration: v.duration, seeked_to: v.currentTime});
v.onerror = () => tell({error: v.error.message});
</script>"""

FLAGS = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


class Listener:
    """Where the page says what it saw."""

    def __init__(self):
        told = self.told = queue.Queue()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                told.put({key: values[0] for key, values in parse_qs(urlparse(self.path).query).items()})
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def video_facts(path):
    listener = Listener()
    with tempfile.TemporaryDirectory(prefix="camgate-browser-", ignore_cleanup_errors=True) as folder:
        page = Path(folder) / "page.html"
        page.write_text(PAGE % (html.escape(Path(path).resolve().as_uri()), listener.port))
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = subprocess.Popen([shutil.which("chromium"), *FLAGS, *root, f"--user-data-dir={folder}/profile", page.as_uri()],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            facts = listener.told.get(timeout=90)
        except queue.Empty:
            raise AssertionError(f"the browser said nothing of {path}") from None
        finally:
            os.killpg(browser.pid, signal.SIGKILL)
            browser.wait()
            listener.close()
    if "error" in facts:
        raise AssertionError(f"the browser cannot play {path}: {facts['error']}")
    return {key: float(value) for key, value in facts.items()}
