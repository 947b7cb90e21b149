"""Digits that prove something: made, kept as a keyed digest, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.domain.identity.values import CODE_PAUSE, CODES_PER_DAY, CODES_PER_HOUR
from portal.kernel.typed import half_width

_READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no 0 O 1 I
_NOT_A_SIGN = re.compile(r"[\s\-‐‑–—−.]")


def new_digits() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(1_000_000):06d}"


def typed_digits(text: str) -> str:
    """What was meant by `１２３ 456` or `123-456`; at most 16 signs are looked at."""
    return _NOT_A_SIGN.sub("", half_width(text[:64]))[:16]


def digest(secret: str, *parts: str) -> bytes:
    """A keyed digest; the parts cannot run into each other."""
    message = b"".join(len(raw := part.encode("utf-8", "replace")).to_bytes(4, "big") + raw for part in parts)
    return hmac.new(secret.encode(), message, hashlib.sha256).digest()


def same(left: bytes, right: bytes) -> bool:
    """Equal, in constant time."""
    return hmac.compare_digest(left, right)


def wait_for_next(sent: Sequence[datetime], now: datetime) -> tuple[timedelta, bool]:
    """How long a phone that got codes at these moments (newest first) has to wait, and whether it is for one too many.

    One a minute, five an hour, ten a day, each counted backwards from now.
    """
    waits = [(timedelta(0), False)]
    if sent:
        waits.append((sent[0] + CODE_PAUSE - now, False))
    for most, window in ((CODES_PER_HOUR, timedelta(hours=1)), (CODES_PER_DAY, timedelta(days=1))):
        if len(sent) >= most:
            waits.append((sent[most - 1] + window - now, True))
    return max(waits)


def new_recovery_code() -> str:
    """Ten signs (50 random bits) in two groups, without signs that look alike."""
    signs = "".join(secrets.choice(_READABLE) for _ in range(10))
    return f"{signs[:5]}-{signs[5:]}"


def typed_recovery_code(text: str) -> str:
    """What was meant: capitals, without filling."""
    return _NOT_A_SIGN.sub("", half_width(text[:64])).upper()
