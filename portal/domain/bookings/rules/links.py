"""Secret addresses: of one booking, to be managed without sign-in, and of a person's calendar feed.

The text is the row's id, the version of its link and a mark of 136 bits made with a key of the installation; nothing
that opens a door is stored. Another version makes former texts worthless.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final
from uuid import UUID

_MARK_BYTES: Final = 17
LENGTH: Final = 56
"""Letters of a text."""


@dataclass(frozen=True)
class Link:
    """What a text says that was signed by us."""

    id: UUID
    version: int


def key_for(installation_secret: str, purpose: str) -> bytes:
    """The key of one kind of link."""
    return hmac.new(installation_secret.encode(), f"link/{purpose}/1".encode(), hashlib.sha256).digest()


def write(link: Link, key: bytes) -> str:
    """Letters and digits in lower case."""
    body = link.id.bytes + link.version.to_bytes(2, "big")
    return base64.b32encode(body + _mark(body, key)).decode("ascii").lower()


def read(text: str, key: bytes) -> Link | None:
    """What was written; None when it is not ours or was changed."""
    if len(text) != LENGTH or not text.isascii():
        return None
    try:
        raw = base64.b32decode(text.upper())
    except ValueError:
        return None
    body, mark = raw[:18], raw[18:]
    if not hmac.compare_digest(mark, _mark(body, key)):
        return None
    return Link(UUID(bytes=body[:16]), int.from_bytes(body[16:], "big"))


def _mark(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, hashlib.sha256).digest()[:_MARK_BYTES]
