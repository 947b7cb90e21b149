"""What people type, made plain: full-width letters, digits and signs become the ordinary ones.

Only the full-width block and the ideographic space are folded. NFKC is not used: it would turn 1² into 12.
"""

from __future__ import annotations

from typing import Final

_SPACES: Final = dict.fromkeys((0x3000, 0x00A0, 0x2002, 0x2003, 0x2009, 0x202F), 0x20)
_HALF: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | _SPACES | {0xFFE5: 0xA5}


def half_width(text: str) -> str:
    """The same text with `１２：３０` as `12:30` and every odd space as a plain one; its length is kept."""
    return text if text.isascii() else text.translate(_HALF)
