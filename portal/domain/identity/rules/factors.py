"""The authenticator (TOTP, RFC 6238): six digits that change every thirty seconds and work once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

STEP_SECONDS = 30


def new_secret() -> str:
    """160 random bits for an authenticator."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, account: str, issuer: str) -> str:
    """What the QR code holds that an authenticator scans."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def digits_at(secret: str, moment: datetime) -> str:
    """What the authenticator shows at this moment."""
    return pyotp.TOTP(secret).at(int(moment.timestamp()))


def accepted_step(secret: str, typed: str, moment: datetime, last_step: int | None) -> int | None:
    """The step these digits belong to: now or one aside, and later than the last accepted one; else None."""
    now = int(moment.timestamp()) // STEP_SECONDS
    found = None
    for step in (now - 1, now, now + 1):
        shown = pyotp.TOTP(secret).at(step * STEP_SECONDS)
        if hmac.compare_digest(shown.encode(), typed.encode("utf-8", "replace")):
            found = step
    return found if found is not None and found > (last_step or 0) else None
