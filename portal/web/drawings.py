"""QR codes as drawings inside a page: SVG without script and without style, dark on white in every theme."""

from __future__ import annotations

import segno


class Drawing:
    """A drawing of ours that templates print as it is."""

    def __init__(self, svg: str) -> None:
        self._svg = svg

    def __html__(self) -> str:
        """The SVG itself; it holds nothing that anybody entered, only squares."""
        return self._svg


def qr(content: str) -> Drawing:
    """The QR code of this text, with a quiet zone, scaled by the page."""
    code = segno.make(content, error="m", micro=False)
    return Drawing(code.svg_inline(border=2, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None))
