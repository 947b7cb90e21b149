"""易联云: OAuth client token, `print/index` with our own number, signed with MD5.

Our number (`origin_id`, `idempotence=1`) finds a paper again in the printer's list when the answer was lost.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from portal.adapters.printers.cloud import Send, Silent, Unsent, asked, number, over_http
from portal.domain.kitchen.rules.layout import Row, rows
from portal.domain.kitchen.values import Answer, Device, Errand, Health, Said, Side, Size, Why

BASE: Final = "https://open-api.10ss.net/"
_TOKEN_OVER: Final = 18
_DEVICE: Final = frozenset({8, 11, 12})
_SIZES: Final = {Size.NORMAL: ("", ""), Size.TALL: ("<FH>", "</FH>"), Size.LARGE: ("<FS>", "</FS>")}
_SAFE: Final = str.maketrans("<>", "＜＞")
_HEALTH: Final = {"0": Health.OFFLINE, "1": Health.WELL, "2": Health.NO_PAPER}


class Refused(Exception):
    """A clear no, with the vendor's code."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def signature(client: str, stamp: str, secret: str) -> str:
    """md5(client_id + timestamp + client_secret), lower hexadecimal."""
    return hashlib.md5(f"{client}{stamp}{secret}".encode(), usedforsecurity=False).hexdigest()


class Yilianyun:
    """Yilianyun's cloud. The vendor limits how often a token may be asked for: one lives as long as this process."""

    def __init__(self, now: Callable[[], datetime], *, base: str = BASE, send: Send = over_http) -> None:
        self.now, self.base, self._send = now, base, send
        self._tokens: dict[tuple[str, str], str] = {}
        self._lock = threading.Lock()

    def send(self, errand: Errand) -> Answer:
        """Hand it over under our number; the cloud prints when it can."""
        device = errand.device
        content = written(rows(errand.lines, device.columns))
        facts = {"content": content, "origin_id": errand.number, "idempotence": "1", "machine_code": device.address}
        try:
            told = self._call(device, "print/index", facts)
            order = _body(told).get("id")
            return Answer(Said.SUBMITTED, str(order)) if order else _unknown()
        except Refused as no:
            return Answer(Said.REFUSED, why=_why(no.code))
        except Unsent:
            return Answer(Said.REFUSED, why=Why.OFFLINE, passing=True)
        except Silent:
            return _unknown()

    def state(self, errand: Errand) -> Answer:
        """Printed or not yet; by our number in the printer's list when the vendor's is not known."""
        device, machine = errand.device, {"machine_code": errand.device.address}
        try:
            if errand.vendor_no:
                told = self._call(device, "printer/getorderstatus", {**machine, "order_id": errand.vendor_no})
                return _state(_body(told), errand.vendor_no)
            pages = self._call(device, "printer/getorderpaginglist", {**machine, "page_index": "1", "page_size": "100"})
            listed = pages.get("body")
            for one in listed if isinstance(listed, list) else []:
                if isinstance(one, dict) and one.get("origin_id") == errand.number:
                    return _state(one, str(one.get("id", "")))
        except (Refused, Unsent, Silent):
            pass
        return _unknown()

    def health(self, device: Device) -> Health:
        """0 offline, 1 online, 2 without paper."""
        try:
            told = self._call(device, "printer/getprintstatus", {"machine_code": device.address})
        except (Refused, Unsent, Silent):
            return Health.UNKNOWN
        return _HEALTH.get(str(_body(told).get("state")), Health.UNKNOWN)

    def _call(self, device: Device, path: str, facts: dict[str, str]) -> dict[str, Any]:
        """With the token there is, once more with a fresh one when the vendor says that it is over: it did nothing."""
        for fresh in (False, True):
            token = self._token(device, fresh=fresh)
            told = self._ask(device, path, {**facts, "access_token": token})
            code = number(told, "error")
            if code == 0:
                return told
            if code != _TOKEN_OVER or fresh:
                raise Refused(code)
        raise Refused(_TOKEN_OVER)

    def _token(self, device: Device, *, fresh: bool) -> str:
        key = (device.account, device.secret)
        with self._lock:
            if fresh or key not in self._tokens:
                try:
                    told = self._ask(device, "oauth/oauth", {"grant_type": "client_credentials", "scope": "all"})
                except Silent as error:  # nothing was handed over to be printed
                    raise Unsent("no token") from error
                if number(told, "error") != 0:
                    raise Refused(number(told, "error"))
                self._tokens[key] = str(_body(told).get("access_token", ""))
            return self._tokens[key]

    def _ask(self, device: Device, path: str, facts: dict[str, str]) -> dict[str, Any]:
        stamp = str(int(self.now().timestamp()))
        signed = {
            "client_id": device.account,
            "timestamp": stamp,
            "sign": signature(device.account, stamp, device.secret),
            "id": str(uuid4()),
        }
        return asked(self._send, f"{self.base.rstrip('/')}/{path}", {**signed, **facts})


def _unknown() -> Answer:
    return Answer(Said.UNKNOWN, why=Why.SILENT)


def _body(told: dict[str, Any]) -> dict[str, Any]:
    body = told.get("body")
    return body if isinstance(body, dict) else {}


def _state(body: dict[str, Any], order: str) -> Answer:
    return Answer(Said.PRINTED if str(body.get("status")) == "1" else Said.SUBMITTED, order)


def _why(code: int) -> Why:
    return Why.DEVICE if code in _DEVICE else Why.KEY


def written(laid: Iterable[Row]) -> str:
    """The rows in Yilianyun's markup."""
    return "".join(_row(row) for row in laid)


def _row(row: Row) -> str:
    text = row.text.translate(_SAFE)
    if row.qr:
        return f"<QR>{text}</QR>\n"
    before, after = _SIZES[row.size]
    if row.bold:
        before, after = f"<FB>{before}", f"{after}</FB>"
    if row.side is Side.CENTRE:
        before, after = f"<center>{before}", f"{after}</center>"
    if row.side is Side.RIGHT:
        before, after = f"<right>{before}", f"{after}</right>"
    return f"{before}{text}{after}\n"
