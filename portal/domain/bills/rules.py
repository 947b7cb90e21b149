"""Pure arithmetic of bills: equal parts, what goes back of a line, from which shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Final
from uuid import UUID

from portal.kernel.money import Fen, allocate

_EASY: Final = frozenset({"123456", "654321", "123123", "112233", "121212", "888888", "666888", "168168"})


def equal_parts(total_fen: int, parts: int) -> tuple[int, ...]:
    """A sum in parts that differ by one fen at most and add up to it."""
    return tuple(allocate(Fen(total_fen), [1] * parts))


def back_of(amount_fen: int, quantity: int, before: int, pieces: int) -> int:
    """Fen that go back when `pieces` more of a line's `quantity` do after `before` did: cumulative floors, so that
    all pieces together are the whole amount.
    """
    return amount_fen * (before + pieces) // quantity - amount_fen * before // quantity


def from_shares(amount_fen: int, left: Sequence[tuple[UUID, int]]) -> Mapping[UUID, int]:
    """Which share gives back how much of `amount_fen`: in the order given, each no more than is left of it."""
    found: dict[UUID, int] = {}
    for share_id, has in left:
        part = min(amount_fen - sum(found.values()), has)
        if part > 0:
            found[share_id] = part
    return found


def easy_pin(pin: str) -> bool:
    """A PIN that anybody would try: one digit, a run, or one of the usual ones."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return pin in _EASY or steps <= {0} or steps in ({1}, {9}) or pin[:3] == pin[3:]
