"""Vendors in a box: a loopback server that speaks AMap's, Baidu's and Tencent's geocoding, well or badly."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote_plus, unquote

KEY, SECRET = "demo-key", "demo-secret"
KNOWN = "东莞市石排镇石排大道12号"
PLACE = {"gcj02": (23.084129, 113.924895), "bd09": (23.089892, 113.931458)}
"""23.087 N 113.92 E (WGS-84) in both datums, worked out with another library (gcoord)."""

QUOTA = {"amap": 10044, "baidu": 302, "tencent": 121}
DENIED = {"amap": 10001, "baidu": 211, "tencent": 111}


class Vendors:
    """One server for all three; `mode` says how it behaves, `asked` keeps the parameters of each request."""

    def __init__(self) -> None:
        self.mode = "well"
        self.asked: list[dict[str, str]] = []
        self.released = threading.Event()
        box = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                box.answer(self)

            def log_message(self, *arguments: object) -> None:
                """Keep the test's output quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Let waiting answers go and stop."""
        self.released.set()
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request as `mode` says."""
        path, _, query = request.path.partition("?")
        vendor = {"/v3/geocode/geo": "amap", "/geocoding/v3/": "baidu", "/ws/geocoder/v1/": "tencent"}[path]
        params = dict(parse_qsl(query))
        self.asked.append(params)
        if self.mode == "silent":
            self.released.wait(3)
            return
        status, body = self._bad() or (200, json.dumps(self._page(vendor, request.path, params)).encode())
        request.send_response(status)
        request.send_header("Content-Type", "application/json; charset=utf-8")
        request.send_header("Content-Length", str(len(body) + (50 if self.mode == "cut off" else 0)))
        request.end_headers()
        request.wfile.write(body)

    def _bad(self) -> tuple[int, bytes] | None:
        return {
            "html": (200, b"<html>502 Bad Gateway</html>"),
            "nothing": (200, b""),
            "a number": (200, b"7"),
            "a list": (200, b"[[]]"),
            "other words": (200, b'{"ok": true}'),
            "half": (200, b'{"status": '),
            "cut off": (200, b'{"status": '),
            "deep": (200, b"[" * 100_000),
            "not utf-8": (200, b'{"status": "\xff\xfe"}'),
            "http 500": (500, b"oops"),
            "http 503": (503, b"busy"),
            "http 429": (429, b"slower"),
            "http 403": (403, b"no"),
        }.get(self.mode)

    def _page(self, vendor: str, raw: str, params: dict[str, str]) -> object:
        if self.mode == "quota":
            return _failed(vendor, QUOTA[vendor])
        if self.mode == "denied" or not _signed(vendor, raw, params):
            return _failed(vendor, DENIED[vendor])
        if self.mode == "off the map":
            return _found(vendor, (523.0, 113.0))
        return (
            _found(vendor, PLACE["bd09" if vendor == "baidu" else "gcj02"])
            if KNOWN in params["address"]
            else _none(vendor)
        )


def _signed(vendor: str, raw: str, params: dict[str, str]) -> bool:
    """Check the signature from the request as it came in, the way each vendor's manual tells."""
    name = {"amap": "sig", "baidu": "sn", "tencent": "sig"}[vendor]
    path, _, query = raw.partition("?")
    if params["ak" if vendor == "baidu" else "key"] != KEY or name not in params:
        return False
    unsigned = "&".join(part for part in query.split("&") if not part.startswith(f"{name}="))
    if vendor == "baidu":
        text = quote_plus(f"{path}?{unsigned}{SECRET}")
    else:
        joined = "&".join(sorted(unquote(part.replace("+", " ")) for part in unsigned.split("&")))
        text = f"{joined}{SECRET}" if vendor == "amap" else f"{path}?{joined}{SECRET}"
    return hashlib.md5(text.encode()).hexdigest() == params[name]


def _failed(vendor: str, code: int) -> object:
    if vendor == "amap":
        return {"status": "0", "info": "FAILED", "infocode": str(code)}
    return {"status": code, "message": "failed", "msg": "failed"}


def _none(vendor: str) -> object:
    return {
        "amap": {"status": "1", "info": "OK", "infocode": "10000", "count": "0", "geocodes": []},
        "baidu": {"status": 1, "msg": "Internal Service Error:无相关结果", "results": []},
        "tencent": {"status": 347, "message": "查询无结果"},
    }[vendor]


def _found(vendor: str, place: tuple[float, float]) -> object:
    lat, lng = place
    if vendor == "amap":
        whole = {"formatted_address": KNOWN, "district": [], "location": f"{lng},{lat}", "level": "门牌号"}
        return {
            "status": "1", "info": "OK", "infocode": "10000", "count": "2",
            "geocodes": [{"formatted_address": [], "location": [], "level": []}, whole],
        }  # fmt: skip
    location = {"lng": lng, "lat": lat}
    if vendor == "baidu":
        return {"status": 0, "result": {"location": location, "precise": 1, "confidence": 80, "level": "门址"}}
    result = {"title": KNOWN, "location": location, "reliability": 7, "level": 9, "deviation": 1000}
    return {"status": 0, "message": "query ok", "result": result}
