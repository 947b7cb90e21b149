"""What bills do when a payment ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.bills.actions.paying import paid, released
from portal.domain.bills.values import SHARE
from portal.domain.payments.events import PaymentCaptured, PaymentReleased
from portal.kernel.work import Work


def on_captured(work: Work, event: PaymentCaptured) -> None:
    """A share is paid."""
    if event.business_type == SHARE:
        paid(work, event.business_id)


def on_released(work: Work, event: PaymentReleased) -> None:
    """It will not be."""
    if event.business_type == SHARE:
        released(work, event.business_id)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (PaymentCaptured, on_captured),
    (PaymentReleased, on_released),
)
