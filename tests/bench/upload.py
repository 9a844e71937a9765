#!/usr/bin/env python3
"""usage: scripts/bench upload [--line KBPS:CAP...] [--bytes N] [--peer-bytes N] [--idle-s N] [--uploads N] [--alarms N]
A clip over a household's line of 100 ms round trip that loses 1 % of the packets each way: its goodput as a share of the
cap, and how long alarms take to the hub meanwhile and on the idle line. Then, on the same line with the same alarms, what
others do: raw TCP, one large message through Paho, mosquitto_pub -f. Needs root for the line; says so and ends with 0
where that is not to be had."""

import argparse
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts/lib"))
from emulated_line import EmulatedLine, HomeLineError  # noqa: E402
from lab import Lab, wait_until  # noqa: E402
from light_gateways import LightGateways, record_clip  # noqa: E402

ONE_WAY_MS, LOSS = 50, 0.01
FAST_KBPS = 5000
# On a fast line, on a slow one.
ALARMS_PER_MINUTE = {True: 120, False: 30}  # about 1 % of it
UPLOADS = {True: 9, False: 2}
NEWS_EVERY_S = 0.02
RAW_SENDER = """
import socket, sys
c = socket.create_connection((sys.argv[1], int(sys.argv[2])))
c.sendall(open(sys.argv[3], 'rb').read())
c.shutdown(socket.SHUT_WR)
c.recv(1)
"""


def seconds(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def percentile(values, part):
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))]) if ordered else None


def alarms(lab, begin, end):
    """Milliseconds to the hub of those that started in between."""
    starts = {event["event"]: event for event in lab.hub_events() if event["phase"] == "start"}.values()
    return [(seconds(e["received"]) - seconds(e["start"])) * 1000 for e in starts if begin <= seconds(e["start"]) < end]


def alarm_figures(taken):
    return {"alarms": len(taken), "alarm_ms_median": percentile(taken, 0.5), "alarm_ms_p99": percentile(taken, 0.99)}


class Upload:
    """One, from the first chunk to the hub's word that the clip is whole."""

    def __init__(self, lab, light, size, cap):
        before = light.news
        light.say("clip")
        light.wait_for(lambda news: news["chunk_bytes"] > before["chunk_bytes"], 60, "the first chunk")
        sent = lab.line.sent_bytes()
        light.wait_for(lambda news: news["clips_verified"] > before["clips_verified"], 60 + size * 8 / cap / 1000 * 4, "the clip to arrive")
        self.wire_bytes = lab.line.sent_bytes() - sent
        chunks = [(at, news["chunk_bytes"] - before["chunk_bytes"], news["clips_verified"]) for at, news in light.history]
        self.begin = next(at for at, sent, _ in chunks if sent > 0) - NEWS_EVERY_S
        self.end = next(at for at, _, verified in chunks if verified > before["clips_verified"])
        self.seconds = self.end - self.begin
        self.kbps = size * 8 / self.seconds / 1000
        # While it flows: without the begin and the hub's verdict.
        points = [(at, sent) for at, sent, _ in chunks if 0.1 * size <= sent <= 0.95 * size]
        (first_at, first), (last_at, last) = points[0], points[-1]
        self.flow_kbps = (last - first) * 8 / max(1e-9, last_at - first_at) / 1000


def upload_figures(lab, uploads, size, cap):
    """Medians of the uploads, and the alarms of all of them."""
    def share(kbps):
        return round(100 * statistics.median(kbps) / cap, 1)

    time.sleep(5)  # the last alarms are on their way
    return {"uploads": len(uploads), "bytes": size, "seconds": round(statistics.median(each.seconds for each in uploads), 1),
            "goodput_percent_of_cap": share([each.kbps for each in uploads]), "each": [round(100 * each.kbps / cap, 1) for each in uploads],
            "while_it_flows_percent_of_cap": share([each.flow_kbps for each in uploads]),
            "wire_percent_of_cap": share([each.wire_bytes * 8 / each.seconds / 1000 for each in uploads])} | alarm_figures(
                [taken for each in uploads for taken in alarms(lab, each.begin, each.end)])


def raw_tcp(lab, line, file):
    with socket.create_server((line.hub_address, 0)) as server:
        sender = subprocess.Popen([*line.at_home, sys.executable, "-c", RAW_SENDER, line.hub_address, str(server.getsockname()[1]), str(file)])
        connection, _ = server.accept()
        with connection:
            begin = time.monotonic()
            while connection.recv(1 << 16):
                pass
            taken = time.monotonic() - begin
        sender.wait()
    return taken


def tls(lab):
    return [lab.pki / "ca.crt", lab.pki / "gateway.crt", lab.pki / "gateway.key"]


def paho_message(lab, line, file):
    ca, certificate, key = tls(lab)
    done = subprocess.run([*line.at_home, str(lab.bin / "bench_paho_message"), "--uri", f"ssl://{line.hub_address}:{lab.broker_port}",
                           "--ca", ca, "--cert", certificate, "--key", key, "--topic", "bench/peer", "--file", file],
                          capture_output=True, text=True, timeout=1200)
    return float(done.stdout) if done.returncode == 0 else None


def mosquitto_pub(lab, line, file):
    ca, certificate, key = tls(lab)
    begin = time.monotonic()
    done = subprocess.run([*line.at_home, "mosquitto_pub", "-V", "5", "-q", "1", "-h", line.hub_address, "-p", str(lab.broker_port), "--cafile",
                           ca, "--cert", certificate, "--key", key, "-t", "bench/peer", "-f", file], capture_output=True, timeout=1200)
    return time.monotonic() - begin if done.returncode == 0 else None


def peers(lab, line, file, common):
    for name, send in (("raw TCP", raw_tcp), ("one message through Paho", paho_message), ("mosquitto_pub -f", mosquitto_pub)):
        begin = time.time()
        taken = send(lab, line, file)
        end = time.time()
        time.sleep(5)  # the last alarms are on their way
        figures = {"peer": name, "kbps": round(file.stat().st_size * 8 / taken / 1000) if taken else None, "seconds": round(taken or 0, 1)}
        print(json.dumps(common | figures | alarm_figures(alarms(lab, begin, end))), flush=True)


def measure(folder, clip, manifest, line_kbps, cap, options):
    common = {"bench": "upload", "line_kbps": line_kbps, "round_trip_ms": 2 * ONE_WAY_MS, "loss_percent": 100 * LOSS}
    with EmulatedLine(ONE_WAY_MS, LOSS, line_kbps) as line, Lab(folder, line=line) as lab:
        lab.start_broker()
        lab.start_hub("--quiet")
        light = LightGateways(lab, clip=clip, manifest=manifest, cap_kbps=cap, alarms_per_minute=options.alarms or ALARMS_PER_MINUTE[line_kbps >= FAST_KBPS],
                              seal_to=lab.pki / "receiver.crt", news_every_ms=round(1000 * NEWS_EVERY_S))
        wait_until(lambda: alarms(lab, 0, time.time()), 60, "the first alarm to be at the hub")
        begin = time.time()
        time.sleep(options.idle_s + 5)
        idle = alarm_figures(alarms(lab, begin, begin + options.idle_s))
        print(json.dumps(common | {"cap_kbps": cap, "while": "idle"} | idle), flush=True)
        size = clip.stat().st_size
        uploads = [Upload(lab, light, size, cap) for _ in range(options.uploads or UPLOADS[line_kbps >= FAST_KBPS])]
        busy = upload_figures(lab, uploads, size, cap)
        print(json.dumps(common | {"cap_kbps": cap, "while": "uploading", "p99_above_idle_ms": busy["alarm_ms_p99"] - idle["alarm_ms_p99"]} | busy),
              flush=True)
        part = lab.folder / "part"
        part.write_bytes(clip.read_bytes()[:options.peer_bytes])
        if options.peer_bytes:
            peers(lab, line, part, common)
        light.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--line", nargs="+", default=["10000:8000", "1000:800"], help="the line's and the cap's kbit/s")
    parser.add_argument("--bytes", type=int, default=20_000_000)
    parser.add_argument("--peer-bytes", type=int, default=5_000_000, help="0: no peers")
    parser.add_argument("--uploads", type=int, help="one after another (default: 9 from 5000 kbit/s on, else 2)")
    parser.add_argument("--alarms", type=int, help="a minute (default: 120 from 5000 kbit/s on, else 30)")
    parser.add_argument("--idle-s", type=int, default=200)
    options = parser.parse_args()
    try:
        with EmulatedLine(ONE_WAY_MS, LOSS, 1000):
            pass
    except (HomeLineError, FileNotFoundError) as why:
        print(json.dumps({"bench": "upload", "skipped": f"no network namespace to be had: {why}"}))
        return
    with tempfile.TemporaryDirectory(prefix="camgate-bench-") as folder:
        folder = Path(folder)
        clip, manifest = record_clip(folder, options.bytes)
        for each in options.line:
            line_kbps, cap = map(int, each.split(":"))
            measure(folder / each, clip, manifest, line_kbps, cap, options)


main()
