"""Table cards as a PDF by ReportLab: eight on an A4 sheet, codes as vectors, Chinese in the readers' STSong-Light.

STSong-Light is one of the character collections that every reader brings along, so no font file is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from typing import Final

import segno
from flask import Response
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

WIDE, HIGH = A4  # in points
COLUMNS, ROWS = 2, 4
MARGIN: Final = 28.0
QR: Final = 112.0
PER_SHEET: Final = COLUMNS * ROWS
LETTERS, CHINESE = "Helvetica-Bold", "STSong-Light"
LARGEST: Final = 40.0

pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


@dataclass(frozen=True)
class Card:
    """What one card says; `address` is what its code leads to."""

    store: str
    area: str
    name: str
    address: str


def pdf(cards: Sequence[Card], words: tuple[str, str]) -> bytes:
    """The sheets; `words` stand above and below each code. One empty sheet when there are no cards."""
    kept = BytesIO()
    paper = Canvas(kept, pagesize=A4, pageCompression=1)
    for at in range(0, max(1, len(cards)), PER_SHEET):
        paper.setLineWidth(0.5)
        paper.setStrokeGray(0.6)
        for nth, card in enumerate(cards[at : at + PER_SHEET]):
            _card(paper, nth, card, words)
        paper.showPage()
    paper.save()
    return kept.getvalue()


def _card(paper: Canvas, nth: int, card: Card, words: tuple[str, str]) -> None:
    """The code on the left with its words, the table's name large on the right between its store and its area."""
    wide, high = (WIDE - 2 * MARGIN) / COLUMNS, (HIGH - 2 * MARGIN) / ROWS
    left, low = MARGIN + nth % COLUMNS * wide, HIGH - MARGIN - (nth // COLUMNS + 1) * high
    middle, side, room = left + 14 + QR / 2, left + 14 + QR + (wide - QR - 14) / 2, wide - QR - 34
    paper.rect(left, low, wide, high)
    _qr(paper, card.address, left + 14, low + 40)
    _text(paper, words[0], middle, low + 40 + QR + 8, QR, 11)
    _text(paper, words[1], middle, low + 24, QR, 9)
    _text(paper, card.name, side, low + high / 2 - 12, room, LARGEST)
    _text(paper, card.area, side, low + high / 2 - 42, room, 11)
    _text(paper, card.store, side, low + high - 34, room, 11)


def _text(paper: Canvas, text: str, middle: float, low: float, room: float, size: float) -> None:
    """One line, centred, as large as its room allows and `size` at most. Letters alone are bold."""
    font = LETTERS if text.isascii() else CHINESE
    wide = pdfmetrics.stringWidth(text, font, 1) or 1
    paper.setFont(font, min(size, room / wide))
    paper.drawCentredString(middle, low, text)


def _qr(paper: Canvas, address: str, left: float, low: float) -> None:
    """The code as runs of black, one path, so that no seams show between them."""
    rows = segno.make(address, error="m", micro=False).matrix
    dot, path = QR / len(rows), paper.beginPath()
    for at, row in enumerate(rows, 1):
        for dark, run in groupby(enumerate(row), key=lambda one: bool(one[1])):
            if dark:
                columns = [column for column, _ in run]
                path.rect(left + columns[0] * dot, low + QR - at * dot, len(columns) * dot, dot)
    paper.drawPath(path, stroke=0, fill=1)


def download(body: bytes, name: str) -> Response:
    """The file, to be kept."""
    response = Response(body, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
