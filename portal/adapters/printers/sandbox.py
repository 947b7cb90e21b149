"""Pretend printers on this machine: a cloud that speaks Feie and Yilianyun and checks their signatures, and a printer
that listens for ESC/POS. Each has a switchboard of faults, and a tray with what came out.

For tests and for trying things out; nothing of the portal starts them.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import socketserver
import threading
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qsl

from portal.adapters.printers import feie, yilianyun
from portal.domain.kitchen.rules.reach import PORTS

USER, UKEY = "test@example.com", "ukey-demo"
CLIENT, SECRET = "1000000000", "secret-demo"
GIVEN: Final = "pretend"  # the access token


class Fault(StrEnum):
    """How it misbehaves."""

    NONE = ""
    SILENT_BEFORE = "silent-before"  # nothing is printed, nothing is answered
    SILENT_AFTER = "silent-after"  # it prints, and the answer gets lost
    DUPLICATE = "duplicate"  # the request arrives twice
    OFFLINE = "offline"
    NO_PAPER = "no-paper"
    GARBLED = "garbled"  # an answer that nobody can read, after printing
    STALE = "stale"  # of Yilianyun: the next call says that the token is over


@dataclass
class Order:
    """A paper in the cloud."""

    id: str
    machine: str
    content: str
    origin: str = ""
    printed: bool = False


@dataclass
class Cloud:
    """The state of the pretend cloud; `tray` is what came out, in order."""

    fault: Fault = Fault.NONE
    orders: list[Order] = field(default_factory=list)
    tray: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, machine: str, content: str, origin: str = "") -> Order:
        """Accept a paper; the same number of the client's is the same paper."""
        with self.lock:
            known = next((one for one in self.orders if origin and one.origin == origin), None)
            if known is not None:
                return known
            order = Order(f"{machine}_{len(self.orders) + 1}", machine, content, origin)
            self.orders.append(order)
            if self.fault not in (Fault.OFFLINE, Fault.NO_PAPER):
                self._print(order)
            return order

    def recover(self) -> None:
        """The printer is well again and prints what waits."""
        with self.lock:
            self.fault = Fault.NONE
            for order in self.orders:
                self._print(order)

    def _print(self, order: Order) -> None:
        if not order.printed:
            order.printed = True
            self.tray.append(order.content)

    def find(self, number: str) -> Order | None:
        """A paper by the cloud's number."""
        return next((one for one in self.orders if one.id == number), None)


class CloudSandbox:
    """The pretend cloud over HTTP, on a free port of this machine."""

    def __init__(self) -> None:
        self.cloud = Cloud()
        cloud = self.cloud

        class Handler(_Requests):
            pass

        Handler.cloud = cloud
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> CloudSandbox:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def feie(self) -> str:
        """Where it speaks Feie."""
        return f"http://127.0.0.1:{self._server.server_port}/Api/Open/"

    @property
    def yilianyun(self) -> str:
        """Where it speaks Yilianyun."""
        return f"http://127.0.0.1:{self._server.server_port}/yly"


class _Requests(BaseHTTPRequestHandler):
    cloud: Cloud

    def log_message(self, *_words: object) -> None:  # quiet
        """Nothing."""

    def do_POST(self) -> None:
        """Both vendors' ways."""
        length = int(self.headers.get("Content-Length", "0"))
        form = dict(parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True))
        speaks = _feie if self.path.startswith("/Api/Open") else _yilianyun
        prints = form.get("apiname") == "Open_printMsg" or self.path.endswith("/print/index")
        fault = self.cloud.fault
        if prints and fault is Fault.SILENT_BEFORE:
            self.close_connection = True
            return
        answer = speaks(self.cloud, self.path, form)
        if prints and fault is Fault.DUPLICATE:
            answer = speaks(self.cloud, self.path, form)
        if prints and fault is Fault.SILENT_AFTER:
            self.close_connection = True
            return
        body = b"<html>502</html>" if prints and fault is Fault.GARBLED else json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _feie(cloud: Cloud, _path: str, form: dict[str, str]) -> dict[str, Any]:
    name = form.get("apiname", "")
    cloud.asked.append(name)
    good = feie.signature(USER, UKEY, form.get("stime", ""))
    if form.get("user") != USER or not hmac.compare_digest(good, form.get("sig", "")):
        return {"ret": -2, "msg": "签名错误", "data": None}
    if name == "Open_printMsg":
        if not form.get("sn", "").isdigit():
            return {"ret": 1002, "msg": "打印机编号错误", "data": None}
        if len(form.get("content", "").encode()) > feie.MOST_BYTES:
            return {"ret": 1003, "msg": "内容过长", "data": None}
        return {"ret": 0, "msg": "ok", "data": cloud.take(form["sn"], form["content"]).id}
    if name == "Open_queryOrderState":
        order = cloud.find(form.get("orderid", ""))
        if order is None:
            return {"ret": 1001, "msg": "参数错误", "data": None}
        return {"ret": 0, "msg": "ok", "data": order.printed}
    if name == "Open_queryPrinterStatus":
        words = {Fault.OFFLINE: "离线", Fault.NO_PAPER: "在线，工作状态不正常"}
        return {"ret": 0, "msg": "ok", "data": words.get(cloud.fault, "在线，工作状态正常")}
    return {"ret": 1001, "msg": "参数错误", "data": None}


def _yilianyun(cloud: Cloud, path: str, form: dict[str, str]) -> dict[str, Any]:
    name = path.removeprefix("/yly/")
    cloud.asked.append(name)
    good = yilianyun.signature(CLIENT, form.get("timestamp", ""), SECRET)
    if form.get("client_id") != CLIENT or not hmac.compare_digest(good, form.get("sign", "")) or not form.get("id"):
        return _no(4, "签名错误")
    if name == "oauth/oauth":
        return _yes({"access_token": GIVEN, "expires_in": 315360000})
    if cloud.fault is Fault.STALE:
        cloud.fault = Fault.NONE
        return _no(18, "token过期")
    if form.get("access_token") != GIVEN:
        return _no(18, "token过期")
    if not form.get("machine_code", "").isdigit():
        return _no(8, "终端号不存在")
    return _yilianyun_act(cloud, name, form)


def _yilianyun_act(cloud: Cloud, name: str, form: dict[str, str]) -> dict[str, Any]:
    if name == "print/index":
        origin = form["origin_id"] if form.get("idempotence") == "1" else ""
        order = cloud.take(form["machine_code"], form.get("content", ""), origin)
        return _yes({"id": order.id, "origin_id": form.get("origin_id", "")})
    if name == "printer/getorderstatus":
        order_or_none = cloud.find(form.get("order_id", ""))
        return _yes({"status": int(order_or_none.printed)}) if order_or_none else _no(9, "订单不存在")
    if name == "printer/getorderpaginglist":
        return _yes([{"id": one.id, "origin_id": one.origin, "status": int(one.printed)} for one in cloud.orders])
    states = {Fault.OFFLINE: "0", Fault.NO_PAPER: "2"}
    return _yes({"state": states.get(cloud.fault, "1")})


def _yes(body: Any) -> dict[str, Any]:
    return {"error": 0, "error_description": "success", "body": body}


def _no(code: int, words: str) -> dict[str, Any]:
    return {"error": code, "error_description": words}


def _listening(handler: type[socketserver.BaseRequestHandler]) -> socketserver.ThreadingTCPServer:
    for port in PORTS:
        with contextlib.suppress(OSError):
            return socketserver.ThreadingTCPServer(("127.0.0.1", port), handler)
    raise OSError("every printer's port of this machine is taken")


class PaperPrinter:
    """A pretend ESC/POS printer that listens on TCP; `tray` holds the bytes of each paper that was cut, `links` counts
    who connected.
    """

    def __init__(self) -> None:
        self.fault, self.tray, self.links = Fault.NONE, list[bytes](), 0
        printer = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    printer._serve(self.request)

        self._server = _listening(Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> PaperPrinter:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """host:port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def _serve(self, link: Any) -> None:
        self.links += 1
        kept = b""
        while data := link.recv(65536):
            kept += data
            while kept[:2] == b"\x10\x04" and len(kept) >= 3:
                link.sendall(self._health(kept[2]))
                kept = kept[3:]
            if b"\x1dr\x01" in kept:  # everything before it has arrived
                paper, _, kept = kept.partition(b"\x1dr\x01")
                if self.fault is Fault.SILENT_BEFORE:
                    return
                self.tray.append(paper)
                if self.fault is Fault.SILENT_AFTER:
                    return
                link.sendall(b"\x00")

    def _health(self, which: int) -> bytes:
        if which == 2:
            return b"\x32" if self.fault is Fault.OFFLINE else b"\x12"
        return b"\x72" if self.fault is Fault.NO_PAPER else b"\x12"
