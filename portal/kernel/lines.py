"""What people write into a field, made tidy: one line or several, of a bounded length, without hidden signs.

Every letter of every language and every emoji may stay; signs that steer terminals or turn the writing round, and
those that no file can hold, may not.
"""

from __future__ import annotations

import re
from typing import Final

from portal.kernel.refusals import Refusal
from portal.kernel.words import say

_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_SPACES: Final = re.compile(r"\s+")


def clean_line(text: str, *, field: str, most: int, required: bool = True) -> str:
    """One line with single spaces. Refuses emptiness (when required), hidden signs and more than `most`."""
    return _checked(_SPACES.sub(" ", text).strip(), text, field, most, required=required)


def clean_text(text: str, *, field: str, most: int, required: bool = True) -> str:
    """Several lines with `\\n` between them. Refuses as `clean_line` does."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return _checked(plain, plain, field, most, required=required)


def _checked(tidy: str, raw: str, field: str, most: int, *, required: bool) -> str:
    if _HIDDEN.search(raw):
        raise Refusal(say("内容里有无法识别的字符，请删除后重试。"), field=field)
    if required and not tidy:
        raise Refusal(say("请填写这一项。"), field=field)
    if len(tidy) > most:
        raise Refusal(say("最多 %(most)s 个字，现在是 %(count)s 个。", most=most, count=len(tidy)), field=field)
    return tidy
