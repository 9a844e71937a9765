#!/usr/bin/env python3
"""usage: onvif_camera.py --main URL [--sub URL] [--name NAME] [--user USER --password PASSWORD] [--auth wsse|digest|none]
                         [--clock-ahead SECONDS] [--address ADDRESS] [--port PORT] [--misbehave HOW]

A simulated ONVIF camera: answers WS-Discovery on ADDRESS's interface and serves device and media service over HTTP. Its
streams are whatever URLs it is given, for example those of camgate-rtsp-camera. Prints "ready URL" once it can be asked.
--misbehave: other-host (addresses lead elsewhere), bomb (entities), endless (an answer without an end), flood (answers a
probe a thousand times), silent (takes the request and says nothing), garbage, deep (nested a hundred thousand times).
"""
import argparse
import base64
import hashlib
import http.server
import os
import re
import socket
import struct
import threading
import time

GROUP, PORT = "239.255.255.250", 3702
SOAP = ('<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope" '
        'xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl" '
        'xmlns:tt="http://www.onvif.org/ver10/schema" xmlns:ter="http://www.onvif.org/ver10/error" '
        'xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery">'
        "{header}<SOAP-ENV:Body>{body}</SOAP-ENV:Body></SOAP-ENV:Envelope>")
DENIED = ("<SOAP-ENV:Fault><SOAP-ENV:Code><SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode><SOAP-ENV:Value>ter:NotAuthorized"
          "</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code><SOAP-ENV:Reason><SOAP-ENV:Text xml:lang=\"en\">Sender not authorized"
          "</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>")
BOMB = ('<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY a "ha">' +
        "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) + "]><bomb>&j;</bomb>")


def soap(body, header=""):
    return SOAP.format(header=header, body=body)


class Camera:
    def __init__(self, options):
        self.options = options
        self.host = "192.0.2.7" if options.misbehave == "other-host" else options.address
        self.nonces = set()

    def url(self, service):
        return f"http://{self.host}:{self.options.port}/onvif/{service}"

    def probe_match(self, message_id):
        scopes = f"onvif://www.onvif.org/type/video_encoder onvif://www.onvif.org/name/{self.options.name.replace(' ', '%20')} onvif://www.onvif.org/hardware/SIM-1"
        return soap("<d:ProbeMatches><d:ProbeMatch><wsa:EndpointReference><wsa:Address>urn:uuid:1</wsa:Address></wsa:EndpointReference>"
                    f"<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>{scopes}</d:Scopes><d:XAddrs>{self.url('device_service')}</d:XAddrs>"
                    "<d:MetadataVersion>1</d:MetadataVersion></d:ProbeMatch></d:ProbeMatches>",
                    f"<SOAP-ENV:Header><wsa:RelatesTo>{message_id}</wsa:RelatesTo></SOAP-ENV:Header>")

    def time(self):
        now = time.gmtime(time.time() + self.options.clock_ahead)
        return soap("<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType><tt:UTCDateTime>"
                    f"<tt:Time><tt:Hour>{now.tm_hour}</tt:Hour><tt:Minute>{now.tm_min}</tt:Minute><tt:Second>{now.tm_sec}</tt:Second></tt:Time>"
                    f"<tt:Date><tt:Year>{now.tm_year}</tt:Year><tt:Month>{now.tm_mon}</tt:Month><tt:Day>{now.tm_mday}</tt:Day></tt:Date>"
                    "</tt:UTCDateTime></tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>")

    def profiles(self):
        def one(token, name, width, height):
            return (f'<trt:Profiles token="{token}" fixed="true"><tt:Name>{name}</tt:Name><tt:VideoEncoderConfiguration token="e{token}">'
                    f"<tt:Encoding>H264</tt:Encoding><tt:Resolution><tt:Width>{width}</tt:Width><tt:Height>{height}</tt:Height></tt:Resolution>"
                    "<tt:RateControl><tt:FrameRateLimit>10</tt:FrameRateLimit><tt:BitrateLimit>2048</tt:BitrateLimit></tt:RateControl>"
                    "</tt:VideoEncoderConfiguration></trt:Profiles>")
        listed = ([one("sub", "minorStream", 320, 240)] if self.options.sub else []) + [one("main", "mainStream", 640, 480)]
        return soap(f"<trt:GetProfilesResponse>{''.join(listed)}</trt:GetProfilesResponse>")

    def answer(self, request):
        if "GetSystemDateAndTime" in request:
            return self.time()
        if self.options.auth == "wsse" and not self.token_fits(request):
            return soap(DENIED)
        if "GetCapabilities" in request:
            return soap(f"<tds:GetCapabilitiesResponse><tds:Capabilities><tt:Media><tt:XAddr>{self.url('media')}</tt:XAddr></tt:Media></tds:Capabilities></tds:GetCapabilitiesResponse>")
        if "GetProfiles" in request:
            return self.profiles()
        if "GetStreamUri" in request:
            token = re.search(r"<ProfileToken>(\w+)<", request).group(1)
            uri = self.options.main if token == "main" else self.options.sub
            return soap(f"<trt:GetStreamUriResponse><trt:MediaUri><tt:Uri>{uri}</tt:Uri></trt:MediaUri></trt:GetStreamUriResponse>")
        if "GetDeviceInformation" in request:
            return soap("<tds:GetDeviceInformationResponse><tds:Manufacturer>Simulated</tds:Manufacturer><tds:Model>SIM-1</tds:Model>"
                        "<tds:FirmwareVersion>1.0</tds:FirmwareVersion></tds:GetDeviceInformationResponse>")
        return soap(DENIED)

    def token_fits(self, request):
        found = {name: re.search(rf"<\w+:{name}(?: [^>]*)?>([^<]*)<", request) for name in ("Username", "Password", "Nonce", "Created")}
        if not all(found.values()):
            return False
        user, digest, nonce, created = (found[name].group(1) for name in ("Username", "Password", "Nonce", "Created"))
        age = abs(time.time() + self.options.clock_ahead - calendar_seconds(created))
        expected = base64.b64encode(hashlib.sha1(base64.b64decode(nonce) + created.encode() + self.options.password.encode()).digest()).decode()
        fresh = nonce not in self.nonces
        self.nonces.add(nonce)
        return user == self.options.user and digest == expected and age < 30 and fresh


def calendar_seconds(text):
    import calendar
    return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))


def handler_of(camera):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            request = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode(errors="replace")
            how = camera.options.misbehave
            if how == "silent":
                time.sleep(60)
                return
            if how == "endless":
                self.send_response(200)
                self.end_headers()
                try:
                    while True:
                        self.wfile.write(b"<a>" * 4096)
                except OSError:
                    return
            if camera.options.auth == "digest" and "GetSystemDateAndTime" not in request and not self.digest_fits():
                self.send_response(401)
                self.send_header("WWW-Authenticate", f'Digest realm="sim", nonce="{os.urandom(8).hex()}", qop="auth", algorithm=MD5')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            text = {"bomb": BOMB, "garbage": "\x01<<<>", "deep": "<a>" * 80000}.get(how) or camera.answer(request)
            body = text.encode()
            self.send_response(400 if "Fault" in text else 200)
            self.send_header("Content-Type", "application/soap+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def digest_fits(self):
            given = dict(re.findall(r'(\w+)="?([^",]+)"?', self.headers.get("Authorization", "")))
            md5 = lambda text: hashlib.md5(text.encode()).hexdigest()
            a1 = md5(f"{camera.options.user}:sim:{camera.options.password}")
            a2 = md5(f"POST:{self.path}")
            return given.get("response") == md5(f"{a1}:{given.get('nonce')}:{given.get('nc')}:{given.get('cnonce')}:{given.get('qop')}:{a2}")

        def log_message(self, *_):
            pass
    return Handler


def answer_probes(camera):
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    ear.bind((GROUP, PORT))
    ear.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, struct.pack("4s4s", socket.inet_aton(GROUP), socket.inet_aton(camera.options.address)))
    mouth = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    mouth.bind((camera.options.address, 0))
    while True:
        probe, sender = ear.recvfrom(16384)
        found = re.search(rb"MessageID>([^<]+)<", probe)
        if not found:
            continue
        answer = camera.probe_match(found.group(1).decode()).encode()
        if camera.options.misbehave == "bomb":
            answer = BOMB.encode()
        for i in range(1000 if camera.options.misbehave == "flood" else 1):
            mouth.sendto(answer.replace(b"/onvif/", b"/onvif/%d/" % i) if i else answer, sender)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    for name, default in (("--main", None), ("--sub", ""), ("--name", "Simulated camera"), ("--user", "viewer"), ("--password", "look-4-me"),
                          ("--auth", "wsse"), ("--address", "127.0.0.1"), ("--misbehave", "")):
        parser.add_argument(name, default=default, required=default is None)
    parser.add_argument("--clock-ahead", type=float, default=0)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    camera = Camera(options)
    server = http.server.ThreadingHTTPServer((options.address, options.port), handler_of(camera))
    server.daemon_threads = True
    options.port = server.server_address[1]
    threading.Thread(target=answer_probes, args=(camera,), daemon=True).start()
    print(f"ready http://{options.address}:{options.port}/onvif/device_service", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
