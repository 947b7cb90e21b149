"""飞鹅: the open API (`Open_printMsg`, `Open_queryOrderState`, `Open_queryPrinterStatus`), signed with SHA-1.

There is no number of our own: when the answer to a print is lost, nobody can ask about it, and it stays unknown.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Final

from portal.adapters.printers.cloud import Send, Silent, Unsent, asked, number, over_http
from portal.domain.kitchen.rules.layout import Row, rows
from portal.domain.kitchen.values import Answer, Device, Errand, Health, Said, Side, Size, Why

BASE: Final = "https://api.feieyun.cn/Api/Open/"
MOST_BYTES: Final = 5000
_SIZES: Final = {Size.NORMAL: ("", ""), Size.TALL: ("<L>", "</L>"), Size.LARGE: ("<B>", "</B>")}
_ACCOUNT: Final = frozenset({-1, -2, -3, -4, -5, -6, 1})
_SAFE: Final = str.maketrans("<>", "＜＞")


def signature(user: str, ukey: str, stamp: str) -> str:
    """sha1(user + ukey + stime), lower hexadecimal."""
    return hashlib.sha1(f"{user}{ukey}{stamp}".encode(), usedforsecurity=False).hexdigest()


class Feie:
    """Feie's cloud."""

    def __init__(self, now: Callable[[], datetime], *, base: str = BASE, send: Send = over_http) -> None:
        self.now, self.base, self._send = now, base, send

    def send(self, errand: Errand) -> Answer:
        """Hand it over; the cloud prints when it can."""
        content = written(rows(errand.lines, errand.device.columns))
        if len(content.encode()) > MOST_BYTES:
            return Answer(Said.REFUSED, why=Why.CONTENT)
        try:
            told = self._ask(errand.device, "Open_printMsg", sn=errand.device.address, content=content, times="1")
            if number(told, "ret") == 0:
                order = told.get("data")
                return Answer(Said.SUBMITTED, order) if isinstance(order, str) and order else _unknown()
            return Answer(Said.REFUSED, why=_why(told))
        except Unsent:
            return Answer(Said.REFUSED, why=Why.OFFLINE, passing=True)
        except Silent:
            return _unknown()

    def state(self, errand: Errand) -> Answer:
        """Printed or not yet; without the order's number it cannot be asked."""
        if not errand.vendor_no:
            return _unknown()
        try:
            told = self._ask(errand.device, "Open_queryOrderState", orderid=errand.vendor_no)
            if number(told, "ret") == 0 and isinstance(told.get("data"), bool):
                return Answer(Said.PRINTED if told["data"] else Said.SUBMITTED, errand.vendor_no)
        except (Unsent, Silent):
            pass
        return _unknown()

    def health(self, device: Device) -> Health:
        """By the words the cloud uses."""
        try:
            told = self._ask(device, "Open_queryPrinterStatus", sn=device.address)
        except (Unsent, Silent):
            return Health.UNKNOWN
        words = str(told.get("data") or "")
        if words.startswith("离线"):
            return Health.OFFLINE
        if "不正常" in words:
            return Health.NO_PAPER
        return Health.WELL if words.startswith("在线") else Health.UNKNOWN

    def _ask(self, device: Device, name: str, **facts: str) -> dict[str, Any]:
        stamp = str(int(self.now().timestamp()))
        signed = {"user": device.account, "stime": stamp, "sig": signature(device.account, device.secret, stamp)}
        return asked(self._send, self.base, {**signed, "apiname": name, **facts})


def _unknown() -> Answer:
    return Answer(Said.UNKNOWN, why=Why.SILENT)


def _why(told: dict[str, Any]) -> Why:
    code = number(told, "ret")
    return Why.KEY if code in _ACCOUNT else Why.DEVICE if code == 1002 else Why.CONTENT


def written(laid: Iterable[Row]) -> str:
    """The rows in Feie's markup."""
    return "".join(_row(row) for row in laid) + "<CUT>"


def _row(row: Row) -> str:
    text = row.text.translate(_SAFE)
    if row.qr:
        return f"<QR>{text}</QR><BR>"
    before, after = _SIZES[row.size]
    if row.bold and row.size is not Size.LARGE:
        before, after = f"{before}<BOLD>", f"</BOLD>{after}"
    if row.side is Side.CENTRE:
        before, after = ("<CB>", "</CB>") if row.size is Size.LARGE else (f"<C>{before}", f"{after}</C>")
    if row.side is Side.RIGHT:
        before, after = f"<RIGHT>{before}", f"{after}</RIGHT>"
    return f"{before}{text}{after}<BR>"
