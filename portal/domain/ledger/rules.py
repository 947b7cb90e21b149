"""What a posting must be, before anything is written: pure, and strict with our own mistakes (ValueError)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from portal.domain.ledger.values import MOST, MOVES, AccountKind, AccountRef, Business, Transfer

_COOL = frozenset({AccountKind.ESCROW, AccountKind.STRAY})


def refuse_impossible(key: str, transfers: Sequence[Transfer]) -> None:
    """Raise ValueError unless each transfer is a listed move of a whole, positive amount."""
    if not key or not transfers:
        raise ValueError("a journal has a key and at least one transfer")
    for one in transfers:
        move = MOVES[one.kind]
        if (one.debit.kind, one.credit.kind) != (move.debit, move.credit):
            raise ValueError(f"{one.kind} goes from {move.debit} to {move.credit}")
        if not one.debit.asset == one.credit.asset == move.asset:
            raise ValueError(f"{one.kind} moves {move.asset}")
        if (move.reverses is None) != (one.reverses is None):
            raise ValueError(f"{one.kind}: a reversal says what it reverses, nothing else does")
        if type(one.amount) is not int or not 0 < one.amount <= MOST:
            raise ValueError(f"{one.kind}: {one.amount!r} is not a whole amount of 1 to {MOST} units")


def fingerprint(kind: str, business: Business, transfers: Iterable[Transfer]) -> bytes:
    """A digest of what is asked for, to tell a repeat from another use of the same key."""
    parts = [kind, business.type, str(business.id)]
    for one in transfers:
        parts += (one.kind, one.debit.id.hex, one.credit.id.hex, str(one.amount), str(one.reverses), str(one.line_id))
    return hashlib.sha256("\n".join(parts).encode()).digest()


def accounts_of(transfers: Iterable[Transfer]) -> dict[UUID, AccountRef]:
    """Every account that is touched, in the order in which rows are locked: those of one order first, hot ones last."""
    met = {ref.id: ref for one in transfers for ref in (one.debit, one.credit)}
    return dict(sorted(met.items(), key=lambda item: (item[1].kind not in _COOL, item[0].bytes)))


def changes_of(transfers: Iterable[Transfer]) -> dict[UUID, int]:
    """By how much each account rises or falls in all."""
    changes: dict[UUID, int] = defaultdict(int)
    for one in transfers:
        changes[one.debit.id] -= one.amount
        changes[one.credit.id] += one.amount
    return changes


GENESIS = "0" * 64


def chain(before: str, day: date, transfers: int, sums: Mapping[str, int], digest: str) -> str:
    """The hash of a closed day: SHA-256 of five lines, each ended by a line feed.

    The hash of the day before (64 noughts for the first), the date, the number of transfers, the sums as
    `CNY=12345` separated by commas in the order of their names, and the digest of the transfers.
    """
    lines = (before, day.isoformat(), str(transfers), ",".join(f"{a}={sums[a]}" for a in sorted(sums)), digest)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
