"""How the pretend provider signs: HMAC-SHA256 over time, nonce and body, in the shape of WeChat Pay v3. No I/O."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from portal.domain.sandbox.values import WINDOW

STAMP, NONCE, SIGNATURE = "Sandbox-Timestamp", "Sandbox-Nonce", "Sandbox-Signature"


class Forged(Exception):
    """The signature is missing or wrong."""


class Stale(Exception):
    """Signed too long ago, or in the future."""


def key_of(secret: str) -> bytes:
    """The key that the installation and its pretend provider share."""
    return hmac.new(secret.encode(), b"payments/sandbox", hashlib.sha256).digest()


def signed(key: bytes, body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a signed message."""
    stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    return {
        "Content-Type": "application/json",
        STAMP: stamp,
        NONCE: nonce,
        SIGNATURE: _mac(key, stamp, nonce, body),
    }


def check(key: bytes, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises Forged or Stale; nothing at all is forged as well."""
    stamp, nonce, given = (headers.get(name, "") for name in (STAMP, NONCE, SIGNATURE))
    expected = _mac(key, stamp, nonce, body)
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12 and nonce and given.isascii()):
        raise Forged
    if not hmac.compare_digest(expected, given):
        raise Forged
    if abs(now - datetime.fromtimestamp(int(stamp), UTC)) > WINDOW:
        raise Stale


def packed(facts: Mapping[str, Any]) -> bytes:
    """A message as it is sent and signed."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _mac(key: bytes, stamp: str, nonce: str, body: bytes) -> str:
    text = f"{stamp}\n{nonce}\n".encode("utf-8", "replace") + body + b"\n"
    return hmac.new(key, text, hashlib.sha256).hexdigest()
