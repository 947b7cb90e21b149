"""What bills do when a payment ends, and when less is due at a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.bills.access import RIGHTS
from portal.domain.bills.actions.paying import paid, released
from portal.domain.bills.actions.settling import settle_if_paid
from portal.domain.bills.values import SHARE
from portal.domain.payments.events import PaymentCaptured, PaymentReleased
from portal.domain.tabs.access import hold
from portal.domain.tabs.events import LinesMoved, RoundWithdrawn
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work


def on_captured(work: Work, event: PaymentCaptured) -> None:
    """A share is paid."""
    if event.business_type == SHARE:
        paid(work, event.business_id)


def on_released(work: Work, event: PaymentReleased) -> None:
    """It will not be."""
    if event.business_type == SHARE:
        released(work, event.business_id)


def on_less_due(work: Work, event: RoundWithdrawn | LinesMoved) -> None:
    """What was the last to be paid at a table may have gone back to the cart, or to another table."""
    with borrowed(work, Scope(Face.JOB, merchant_id=event.merchant_id), RIGHTS):
        (sitting,) = hold(work, [event.sitting_id])
        settle_if_paid(work, sitting)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (PaymentCaptured, on_captured),
    (PaymentReleased, on_released),
    (RoundWithdrawn, on_less_due),
    (LinesMoved, on_less_due),
)
