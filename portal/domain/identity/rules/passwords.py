"""Passwords: argon2id, any signs, 8 to 128 of them, and nothing that everybody tries first."""

from __future__ import annotations

import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("nobody has this password")  # verified when there is none, so that both take as long
SHORTEST, LONGEST = 8, 128
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")
_COMMON = frozenset(
    """
    password passwort passw0rd p@ssword p@ssw0rd admin administrator root welcome letmein iloveyou monkey dragon
    football baseball sunshine princess superman batman trustno1 master shadow michael jordan abc qwerty qwe asd zxc
    test guest user login secret changeme default hello woaini woaiwojia woaini1314 aini5201314 wodemima mima wang
    zhang chen nihao taobao alipay weixin wechat jieshi 5201314 1314520 520 1314 147258369 159357 123123 123321
    112233 121212 100200 a aa aaa q w z x love china beijing shanghai guangdong dongguan shenzhen company
    """.split()  # noqa: SIM905 - a list to read
)
_TAIL = re.compile(r"[0-9!@#$%^&*._+\-]*$")
_HEAD = re.compile(r"^[0-9!@#$%^&*._+\-]*")


def tidy(password: str) -> str:
    """One spelling for each sign; nothing is cut off."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str, phone: str) -> str | None:
    """'short', 'long', 'common', 'phone', or None when it will do."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    if phone and phone in password:
        return "phone"
    return "common" if _is_common(password.lower()) else None


def hashed(password: str) -> str:
    """What is kept."""
    return _HASHER.hash(tidy(password))


def matches(kept: str | None, password: str) -> bool:
    """True when it is this password; takes as long when there is none."""
    try:
        fits = _HASHER.verify(kept or _NOBODY, tidy(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return bool(fits) and kept is not None


def _is_common(word: str) -> bool:
    if len(set(word)) < 4 or _is_walk(word) or _is_repeated(word):
        return True
    if word.isdigit() and len(word) < 12:  # birthdays, phones, 5201314520
        return True
    core = _TAIL.sub("", _HEAD.sub("", word))
    digits = re.sub(r"\D", "", word)
    if word in _COMMON or (digits in _COMMON and len(core) <= 2):
        return True
    extra = len(word) - len(core)
    known = core in _COMMON or _is_walk(core)
    return known and (extra <= 4 or _is_walk(digits) or digits in _COMMON or _is_date(digits))


def _is_walk(word: str) -> bool:
    """Along a row of keys or of digits, forwards or backwards."""
    return len(word) > 2 and any(word in row * 2 or word[::-1] in row * 2 for row in _ROWS)


def _is_repeated(word: str) -> bool:
    return any(word == word[:size] * (len(word) // size) for size in range(1, 5) if len(word) % size == 0)


def _is_date(digits: str) -> bool:
    return re.fullmatch(r"(19|20)\d{2}((0[1-9]|1[0-2])([0-2]\d|3[01]))?", digits) is not None
