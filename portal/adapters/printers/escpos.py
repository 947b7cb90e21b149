"""ESC/POS over TCP: GB18030, 58 and 80 mm, cut and buzzer. The printer is asked how it is before and after.

Its answer to `DLE EOT` comes at once, even while it is offline; `GS r 1` is answered in order, after all that was sent
before it: so that answer means that the paper has come out as far as the printer knows. Why it is written here:
docs/decisions/0021.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from typing import Final

from portal.domain.kitchen.ports import TIMEOUT_SECONDS
from portal.domain.kitchen.rules.layout import Row, rows
from portal.domain.kitchen.rules.reach import Reach, spot_of
from portal.domain.kitchen.values import Answer, Device, Errand, Health, Said, Side, Size, Why

ESC, GS, FS, DLE = b"\x1b", b"\x1d", b"\x1c", b"\x10"
RESET: Final = ESC + b"@" + FS + b"&"  # Chinese on
CUT: Final = GS + b"VB\x00"  # feeds to the knife first
BUZZ: Final = ESC + b"B\x03\x02"
HOW_ARE_YOU: Final = DLE + b"\x04\x02"
PAPER_LEFT: Final = DLE + b"\x04\x04"
DONE: Final = GS + b"r\x01"
_SIZES: Final = {Size.NORMAL: 0x00, Size.TALL: 0x01, Size.LARGE: 0x11}
_CHINESE: Final = {Size.NORMAL: 0x00, Size.TALL: 0x08, Size.LARGE: 0x0C}
_SIDES: Final = {Side.LEFT: 0, Side.CENTRE: 1, Side.RIGHT: 2}
OFFLINE_BITS: Final = 0x24  # cover open, error
NO_PAPER_BITS: Final = 0x60


class Closed(OSError):
    """The address is not open to printers, or not any more: it was not connected to."""


class EscPos:
    """Printers that listen on TCP."""

    def __init__(
        self, reach: Reach, timeout: float = TIMEOUT_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.reach, self.timeout, self.clock = reach, timeout, clock

    def send(self, errand: Errand) -> Answer:
        """Print it and wait until the printer says that it is through."""
        try:
            link = self._connected(errand.device)
        except Closed:
            return Answer(Said.REFUSED, why=Why.CLOSED)
        except OSError:
            return Answer(Said.REFUSED, why=Why.OFFLINE, passing=True)
        with link:
            ends = self.clock() + self.timeout
            try:
                before = self._health(link, ends)
            except OSError:  # nothing to be printed has left yet
                return Answer(Said.REFUSED, why=Why.OFFLINE, passing=True)
            if before in (Health.NO_PAPER, Health.OFFLINE):
                return Answer(Said.REFUSED, why=Why(before.value), passing=True)
            try:
                link.sendall(encoded(rows(errand.lines, errand.device.columns), buzzer=errand.device.buzzer))
                self._answer(link, ends)
            except OSError:
                return Answer(Said.UNKNOWN, why=Why.SILENT)
        return Answer(Said.PRINTED)

    def state(self, _errand: Errand) -> Answer:
        """Such a printer keeps no record."""
        return Answer(Said.UNKNOWN, why=Why.SILENT)

    def health(self, device: Device) -> Health:
        """How it is now."""
        try:
            with self._connected(device) as link:
                return self._health(link, self.clock() + self.timeout)
        except OSError:
            return Health.OFFLINE

    def _connected(self, device: Device) -> socket.socket:
        """Only to numbers in reach, so that no name can lead elsewhere after it was looked at."""
        try:
            spot = spot_of(device.address)
        except ValueError as error:
            raise Closed from error
        if not self.reach.has(spot):
            raise Closed
        return socket.create_connection((str(spot.number), spot.port), timeout=self.timeout)

    def _health(self, link: socket.socket, ends: float) -> Health:
        link.sendall(HOW_ARE_YOU)
        if self._answer(link, ends) & OFFLINE_BITS:
            return Health.OFFLINE
        link.sendall(PAPER_LEFT)
        return Health.NO_PAPER if self._answer(link, ends) & NO_PAPER_BITS == NO_PAPER_BITS else Health.WELL

    def _answer(self, link: socket.socket, ends: float) -> int:
        left = ends - self.clock()
        if left <= 0:
            raise TimeoutError
        link.settimeout(left)
        got = link.recv(1)
        if not got:
            raise ConnectionError
        return got[0]


def encoded(laid: Iterable[Row], *, buzzer: bool = False) -> bytes:
    """The rows as the printer's bytes, cut at the end and asking for its word."""
    body = b"".join(_qr(row.text) if row.qr else _row(row) for row in laid)
    return RESET + (BUZZ if buzzer else b"") + body + CUT + DONE


def _row(row: Row) -> bytes:
    bold = int(row.bold)
    return (
        ESC + b"a" + bytes([_SIDES[row.side]])
        + ESC + b"E" + bytes([bold])
        + GS + b"!" + bytes([_SIZES[row.size]])
        + FS + b"!" + bytes([_CHINESE[row.size]])
        + row.text.encode("gb18030", "replace") + b"\n"
    )  # fmt: skip


def _qr(text: str) -> bytes:
    data = text.encode("ascii", "ignore")
    size = len(data) + 3
    return (
        ESC + b"a\x01"
        + GS + b"(k\x04\x00\x31\x41\x32\x00"  # model 2
        + GS + b"(k\x03\x00\x31\x43\x06"  # six dots a module
        + GS + b"(k\x03\x00\x31\x45\x31"  # level M
        + GS + b"(k" + bytes([size % 256, size // 256]) + b"\x31\x50\x30" + data
        + GS + b"(k\x03\x00\x31\x51\x30" + b"\n"
    )  # fmt: skip
