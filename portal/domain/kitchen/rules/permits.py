"""A permit to ask one question: did anything change in this store's kitchen. Signed, for ten minutes.

Pages give it to screens that were let in; whoever finds one learns how often something changed, and no more.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from datetime import datetime
from typing import Final
from uuid import UUID

LASTS: Final = 600
_SIZE: Final = 36 + 16


def permit(secret: str, merchant_id: UUID, store_id: UUID, now: datetime) -> str:
    """The permit."""
    body = merchant_id.bytes + store_id.bytes + struct.pack(">I", int(now.timestamp()) + LASTS)
    return base64.urlsafe_b64encode(body + _mac(secret, body)).decode().rstrip("=")


def opened(secret: str, token: str, now: datetime) -> tuple[UUID, UUID] | None:
    """Merchant and store, or None when it is not ours or over."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    body, mac = raw[:36], raw[36:]
    if len(raw) != _SIZE or not hmac.compare_digest(mac, _mac(secret, body)):
        return None
    if struct.unpack(">I", body[32:])[0] < now.timestamp():
        return None
    return UUID(bytes=body[:16]), UUID(bytes=body[16:32])


def _mac(secret: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), b"kitchen pulse" + body, hashlib.sha256).digest()[:16]
