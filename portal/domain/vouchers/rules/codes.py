"""What a voucher, a pass, a booking shows at the counter: a signed QR text and twelve digits; writing and reading both.

The QR text is `JS1.<merchant and secret>.<signature>` in base32, all capitals and digits, so that the QR code stays
small (alphanumeric mode); a letter after the version says what it is when it is no voucher (`CodeKind`). The signature
tells ours from forged before the database is asked; the secret has 80 bits.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from typing import Final
from uuid import UUID

from portal.domain.vouchers.errors import CodeForeign, CodeForged, CodeNotOurs, CodeVersion, CodeWrongLength
from portal.domain.vouchers.values import CodeKind, Digits, Presented, Scanned
from portal.kernel.typed import half_width

VERSION: Final = "JS1"
SECRET_BYTES: Final = 10
_MARK_BYTES: Final = 8
_BODY_BYTES: Final = 16 + SECRET_BYTES
_MOST: Final = 400
_OURS: Final = re.compile(r"JS[0-9]{1,3}[A-Z]?\.")
_HEADS: Final = {f"{VERSION}{kind.value}": kind for kind in CodeKind}
_DIGITS: Final = re.compile(r"[0-9]+")
_FILLING: Final = re.compile(r"[\s\-‐-―−·.,]+")


def signing_key(installation_secret: str) -> bytes:
    """The key for voucher codes, derived so that no other signature of the installation can stand in for it."""
    return hmac.new(installation_secret.encode(), b"voucher-code/1", hashlib.sha256).digest()


def new_secret() -> bytes:
    """80 random bits."""
    return secrets.token_bytes(SECRET_BYTES)


def new_digits() -> str:
    """Twelve random digits; the first is never 0, so that a spreadsheet keeps them."""
    return str(secrets.randbelow(9 * 10**11) + 10**11)


def write(voucher: Scanned, key: bytes) -> str:
    """The text of the QR code: 60 characters of the alphanumeric set, 61 when it is no voucher."""
    body, head = voucher.merchant_id.bytes + voucher.secret, f"{VERSION}{voucher.kind.value}"
    return f"{head}.{_base32(body)}.{_base32(_mark(head, body, key))}"


def read(text: str, key: bytes, merchant_id: UUID) -> Presented:
    """What was scanned or typed at a counter of this merchant.

    Refuses, each in its own sentence: not a code of ours, digits of a wrong length, a version we do not know, a
    signature that does not hold, and another merchant's voucher.
    """
    if len(text) > _MOST:
        raise CodeNotOurs
    plain = half_width(text).strip().upper()
    if _OURS.match(plain):
        return _scanned(plain, key, merchant_id)
    digits = _FILLING.sub("", plain)
    if not _DIGITS.fullmatch(digits):
        raise CodeNotOurs
    if len(digits) != 12:
        raise CodeWrongLength(len(digits))
    return Digits(digits)


def grouped(text: str) -> str:
    """What a clerk typed, to be shown again: up to twelve digits in fours, everything else as it was."""
    digits = _FILLING.sub("", half_width(text))
    whole = _DIGITS.fullmatch(digits) and len(digits) <= 12 and half_width(text).strip()[:1].isdigit()
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4)) if whole else text


def _scanned(plain: str, key: bytes, merchant_id: UUID) -> Scanned:
    head, _, rest = plain.partition(".")
    kind = _HEADS.get(head)
    if kind is None:
        raise CodeVersion
    body_text, _, mark_text = rest.partition(".")
    body, mark = _unbase32(body_text), _unbase32(mark_text)
    if len(body) != _BODY_BYTES or not hmac.compare_digest(mark, _mark(head, body, key)):
        raise CodeForged
    if _base32(body) != body_text or _base32(mark) != mark_text:
        raise CodeForged  # loose trailing bits: one voucher has one text
    found = Scanned(UUID(bytes=body[:16]), body[16:], kind)
    if found.merchant_id != merchant_id:
        raise CodeForeign
    return found


def _mark(head: str, body: bytes, key: bytes) -> bytes:
    return hmac.new(key, head.encode() + body, hashlib.sha256).digest()[:_MARK_BYTES]


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=")


def _unbase32(text: str) -> bytes:
    try:
        return base64.b32decode(text + "=" * (-len(text) % 8))
    except ValueError:
        return b""
