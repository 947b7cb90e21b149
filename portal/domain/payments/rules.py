"""When to ask again, and whether what a provider says fits what was asked. No I/O."""

from __future__ import annotations

from datetime import timedelta

from portal.domain.payments.values import Fact, TradeState, Why

ASK_AFTER = (15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600)
"""Seconds until a provider is asked about an attempt again; the last one for ever."""
RETURN_AFTER = (15, 60, 300, 900, 3600, 10800, 21600)
"""Seconds until a refund is tried again; after the last one people are told, and it goes on."""


def ask_after(asked: int) -> timedelta:
    """How long to wait after asking for the nth time."""
    return timedelta(seconds=ASK_AFTER[min(asked, len(ASK_AFTER) - 1)])


def return_after(tries: int) -> timedelta:
    """How long to wait after the nth try."""
    return timedelta(seconds=RETURN_AFTER[min(tries, len(RETURN_AFTER) - 1)])


def is_stuck(tries: int) -> bool:
    """True exactly once: when the quick retries are used up."""
    return tries == len(RETURN_AFTER)


def misfit(fact: Fact, *, merchant_no: str, amount_fen: int, currency: str) -> Why | None:
    """What does not fit, None when all does."""
    if fact.merchant_no != merchant_no:
        return Why.MERCHANT
    if fact.currency != currency:
        return Why.CURRENCY
    if fact.amount_fen != amount_fen:
        return Why.AMOUNT
    return None


def is_final(state: TradeState) -> bool:
    """True when there is nothing more to ask."""
    return state is not TradeState.WAITING
