"""Table cards as a PDF: eight on an A4 sheet, drawn as vectors, Chinese in the readers' own STSong-Light.

Written by hand, because a card is two squares' worth of lines and four texts: no library and no font file is needed.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import segno
from flask import Response

WIDE, HIGH = 595.28, 841.89  # A4 in points
COLUMNS, ROWS = 2, 4
MARGIN: Final = 28.0
QR: Final = 112.0
PER_SHEET = COLUMNS * ROWS


@dataclass(frozen=True)
class Card:
    """What one card says; `address` is what its code leads to."""

    store: str
    area: str
    name: str
    address: str


def pdf(cards: Sequence[Card], words: tuple[str, str]) -> bytes:
    """The sheets; `words` stand above and below each code. One empty sheet when there are no cards."""
    sheets = [cards[at : at + PER_SHEET] for at in range(0, len(cards), PER_SHEET)] or [[]]
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", *_fonts()]
    pages = []
    for sheet in sheets:
        body = zlib.compress("\n".join(_sheet(sheet, words)).encode("ascii"))
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(body), body))
        size = f"{WIDE} {HIGH}".encode()
        fonts = b"/Resources<</Font<</L 3 0 R/C 4 0 R>>>>"
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s]%s/Contents %d 0 R>>" % (size, fonts, len(objects)))
        pages.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(pages), len(pages))
    return _file(objects)


def _fonts() -> list[bytes]:
    """Letters, and Chinese by the character collection that every reader knows."""
    about = b"/FontDescriptor 6 0 R/DW 1000/W[1 95 500]"
    info = b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    return [
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UTF16-H/DescendantFonts[5 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light" + info + about + b">>",
        (b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
        b"/Ascent 752/Descent -271/CapHeight 737/StemV 58>>"),
    ]


def _file(objects: list[bytes]) -> bytes:
    out, starts = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj" % number + body + b"endobj\n"
    at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, at)
    return bytes(out)


def _sheet(cards: Sequence[Card], words: tuple[str, str]) -> list[str]:
    wide, high = (WIDE - 2 * MARGIN) / COLUMNS, (HIGH - 2 * MARGIN) / ROWS
    lines = ["0 g", "0.6 G", "0.5 w"]
    for at, card in enumerate(cards):
        left, low = MARGIN + at % COLUMNS * wide, HIGH - MARGIN - (at // COLUMNS + 1) * high
        lines += [f"{left:.2f} {low:.2f} {wide:.2f} {high:.2f} re S", *_qr(card.address, left + 14, low + 40)]
        middle, side = left + 14 + QR / 2, left + 14 + QR + (wide - QR - 14) / 2
        lines += _text(words[0], middle, low + 40 + QR + 8, 11)
        lines += _text(words[1], middle, low + 24, 9)
        lines += _text(card.name, side, low + high / 2 - 12, _fit(card.name, wide - QR - 34))
        lines += _text(card.area, side, low + high / 2 - 42, 11)
        lines += _text(card.store[:22], side, low + high - 34, min(11, _fit(card.store[:22], wide - QR - 30)))
    return lines


def _fit(text: str, room: float) -> float:
    """The largest size at which it fits, 40 points at most."""
    return min(40.0, room / max(0.6, _width(text)))


def _width(text: str) -> float:
    """In times of the size of the letters."""
    if text.isascii():
        return 0.62 * len(text)
    return sum(0.5 if sign.isascii() else 1.0 for sign in text)


def _text(text: str, middle: float, low: float, size: float) -> list[str]:
    """One line, centred. Letters alone are bold."""
    start = middle - _width(text) * size / 2
    if text.isascii():
        safe = "".join(f"\\{ord(sign):03o}" for sign in text)
        return [f"BT /L {size:.1f} Tf {start:.2f} {low:.2f} Td ({safe}) Tj ET"]
    return [f"BT /C {size:.1f} Tf {start:.2f} {low:.2f} Td <{text.encode('utf-16-be').hex()}> Tj ET"]


def _qr(address: str, left: float, low: float) -> list[str]:
    """The code as runs of black."""
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix]
    dot, lines = QR / len(rows), []
    for at, row in enumerate(rows):
        start = None
        for x, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                y = low + QR - (at + 1) * dot
                lines.append(f"{left + start * dot:.3f} {y:.3f} {(x - start) * dot:.3f} {dot:.3f} re f")
                start = None
    return lines


def download(body: bytes, name: str) -> Response:
    """The file, to be kept."""
    response = Response(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
