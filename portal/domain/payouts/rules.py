"""Fees, holds and when to ask the bank again; pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from portal.domain.payouts import errors
from portal.domain.payouts.values import AttemptState, Hint, Terms
from portal.kernel.money import Fen, percent_of

ASK_AFTER = (15, 60, 300, 900, 3600, 10800)
"""Seconds until the bank is asked about an order again; the last one for ever."""
DAILY = timedelta(days=1)
FRESH = timedelta(days=14)
MANY_TIMES = 3


def fee_of(amount_fen: int, terms: Terms) -> int:
    """Fixed part and basis points of the amount (half a fen goes up), never more than the cap."""
    from_rate = percent_of(Fen(amount_fen), Decimal(terms.basis_points) / 100)
    return min(terms.fixed_fen + from_rate, terms.most_fee_fen)


def checked_fee(amount_fen: int, terms: Terms) -> int:
    """The fee of an amount that may be asked for. Refuses below the minimum, and one of which nothing would arrive."""
    if amount_fen < max(terms.least_fen, 1):
        raise errors.TooLittle(terms.least_fen)
    fee = fee_of(amount_fen, terms)
    if fee >= amount_fen:
        raise errors.FeeEatsAll
    return fee


def held_until(since: datetime, hours: int) -> datetime:
    """When an account that is in force since then may be paid to."""
    return since + timedelta(hours=hours)


def ask_after(asked: int, state: AttemptState) -> timedelta:
    """How long to wait after asking for the nth time; what is paid is looked at once a day."""
    if state is AttemptState.PAID:
        return DAILY
    return timedelta(seconds=ASK_AFTER[min(asked, len(ASK_AFTER) - 1)])


def hints_of(
    amount_fen: int, *, account_age: timedelta, paid: tuple[int, int], returned: int, active: bool
) -> tuple[Hint, ...]:
    """What to look at twice: `paid` is how many times how much was paid before, `returned` how many came back."""
    times, total = paid
    found = []
    if account_age < FRESH:
        found.append(Hint.NEW_ACCOUNT)
    if not times:
        found.append(Hint.FIRST)
    elif amount_fen * times > MANY_TIMES * total:
        found.append(Hint.ABOVE_AVERAGE)
    if returned:
        found.append(Hint.RETURNED_BEFORE)
    if not active:
        found.append(Hint.SUSPENDED)
    return tuple(found)
