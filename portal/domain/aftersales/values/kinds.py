"""Kinds, reasons and states of cases with their allowed moves. No SQL."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

MOST_PICTURES: Final = 6
MOST_WORDS: Final = 500
MOST_CASES: Final = 10
"""How often a buyer may ask about one order."""
ROUNDS: Final = 2
"""Asked once, and once more after a refusal."""
MOST_AT_ONCE: Final = 100


class CaseKind(StrEnum):
    """What is asked for."""

    UNSHIPPED = "unshipped"  # pieces that have not left
    MONEY = "money"  # an amount; the buyer keeps what he has, or nothing came
    RETURN = "return"  # pieces that go back


class CaseState(StrEnum):
    """Where a case stands."""

    ASKED = "asked"  # the merchant is to answer
    OFFERED = "offered"  # he offers less; the buyer is to answer
    REFUSED = "refused"  # the buyer may ask once more or call the platform
    DISPUTED = "disputed"  # the platform is to decide
    RETURNING = "returning"  # the buyer is to send the goods
    SENT = "sent"  # goods on their way; the merchant is to check them
    REFUNDING = "refunding"  # the money is on its way
    REFUNDED = "refunded"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  # nobody answered in time, or the platform said no


class Side(StrEnum):
    """Who did something, or opened a case."""

    BUYER = "buyer"
    MERCHANT = "merchant"
    PLATFORM = "platform"
    SYSTEM = "system"


class Reason(StrEnum):
    """Why something is asked back."""

    NOT_WANTED = "not_wanted"
    WRONG_ORDER = "wrong_order"
    WRONG_ADDRESS = "wrong_address"
    LATE = "late"
    NO_STOCK = "no_stock"
    NO_REASON = "no_reason"
    QUALITY = "quality"
    WRONG_GOODS = "wrong_goods"
    MISMATCH = "mismatch"
    DAMAGED = "damaged"
    MISSING = "missing"
    NOT_RECEIVED = "not_received"
    AGREED = "agreed"
    GOODWILL = "goodwill"


class CaseStep(StrEnum):
    """Lines of a case's timeline."""

    ASKED = "asked"
    ASKED_AGAIN = "asked_again"
    AGREED = "agreed"
    AGREED_BY_ITSELF = "agreed_by_itself"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    DISPUTED = "disputed"
    DISPUTED_BY_ITSELF = "disputed_by_itself"
    FOR_BUYER = "for_buyer"
    FOR_MERCHANT = "for_merchant"
    SENT = "sent"
    RECEIVED = "received"
    RECEIVED_BY_ITSELF = "received_by_itself"
    GOODS_REFUSED = "goods_refused"
    GRANTED = "granted"
    REFUNDED = "refunded"
    STUCK = "stuck"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


K, S, R, C = CaseKind, CaseState, Reason, CaseStep
MOVES: Final[Mapping[CaseState, frozenset[CaseState]]] = MappingProxyType(
    {
        S.ASKED: frozenset({S.OFFERED, S.REFUSED, S.DISPUTED, S.RETURNING, S.REFUNDING, S.WITHDRAWN}),
        S.OFFERED: frozenset({S.ASKED, S.DISPUTED, S.REFUNDING, S.WITHDRAWN, S.CLOSED}),
        S.REFUSED: frozenset({S.ASKED, S.DISPUTED, S.WITHDRAWN, S.CLOSED}),
        S.DISPUTED: frozenset({S.RETURNING, S.REFUNDING, S.WITHDRAWN, S.CLOSED}),
        S.RETURNING: frozenset({S.SENT, S.WITHDRAWN, S.CLOSED}),
        S.SENT: frozenset({S.REFUSED, S.REFUNDING}),
        S.REFUNDING: frozenset({S.REFUNDED}),
        S.REFUNDED: frozenset(),
        S.WITHDRAWN: frozenset(),
        S.CLOSED: frozenset(),
    }
)
OPEN: Final = frozenset({S.ASKED, S.OFFERED, S.REFUSED, S.DISPUTED, S.RETURNING, S.SENT})
"""The order waits for these before it completes."""
VOID: Final = frozenset({S.WITHDRAWN, S.CLOSED})
"""Nothing was given back and nothing will be."""
BLOCKING: Final = frozenset({S.ASKED, S.DISPUTED})
"""While an unshipped case stands here its pieces may not leave."""

REASONS: Final[Mapping[CaseKind, tuple[Reason, ...]]] = MappingProxyType(
    {
        K.UNSHIPPED: (R.NOT_WANTED, R.WRONG_ORDER, R.WRONG_ADDRESS, R.LATE, R.NO_STOCK),
        K.MONEY: (R.NOT_RECEIVED, R.MISSING, R.QUALITY, R.DAMAGED, R.MISMATCH, R.AGREED),
        K.RETURN: (R.NO_REASON, R.QUALITY, R.WRONG_GOODS, R.MISMATCH, R.DAMAGED),
    }
)
"""What a buyer may choose from."""
FAULTS: Final = frozenset(
    {R.LATE, R.NO_STOCK, R.QUALITY, R.WRONG_GOODS, R.MISMATCH, R.DAMAGED, R.MISSING, R.NOT_RECEIVED}
)
"""The merchant's side: he bears the freight of the return, and the freight that was paid goes back too."""


def may_move(now: CaseState, to: CaseState) -> bool:
    """True when the table allows this step."""
    return to in MOVES[now]
