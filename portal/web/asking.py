"""What an address asks for: days, words, one of a closed list. Nonsense asks for nothing and is no error."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import request

from portal.kernel.refusals import NotFound

One = TypeVar("One", bound=StrEnum)
WORDS_MOST = 60


def asked_day(name: str) -> date | None:
    """A local day, YYYY-MM-DD."""
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2100 else None


def asked_words(name: str = "q") -> str:
    """Words to search for, at most sixty signs."""
    return request.args.get(name, "").strip()[:WORDS_MOST]


def asked_one(kinds: type[One], name: str) -> One | None:
    """One of a closed list."""
    try:
        return kinds(request.args.get(name, ""))
    except ValueError:
        return None


def one_id(text: str) -> UUID:
    """An id of a form. Raises NotFound when it is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
