"""Whose turn it is, when the client does not mind who: a store may have a rule of its own (轮牌), which a feature above
knows. Without one the least busy comes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from portal.kernel.work import Work


class Turns(Protocol):
    """A store's rule."""

    def __call__(
        self, work: Work, merchant_id: UUID, store_id: UUID, technician_ids: Sequence[UUID], at: datetime
    ) -> Sequence[UUID] | None:
        """The technicians in the order of their turns, on the worker's face; None when this store has no such rule."""


_FOLLOWED: list[Turns] = []


def follow(turns: Turns) -> None:
    """Let this rule decide; `wiring.py` says so once. Twice is once."""
    if turns not in _FOLLOWED:
        _FOLLOWED.append(turns)


def whose_turn(
    work: Work, merchant_id: UUID, store_id: UUID, technician_ids: Sequence[UUID], at: datetime
) -> Sequence[UUID] | None:
    """What the first rule says that knows this store; None when none does."""
    for turns in _FOLLOWED:
        found = turns(work, merchant_id, store_id, technician_ids, at)
        if found is not None:
            return found
    return None
