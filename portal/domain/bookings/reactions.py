"""What bookings do when a payment ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.bookings.actions.paying import paid, released
from portal.domain.bookings.values import BUSINESS
from portal.domain.payments.events import PaymentCaptured, PaymentReleased
from portal.kernel.work import Work


def on_captured(work: Work, event: PaymentCaptured) -> None:
    """The visit is paid for in advance."""
    if event.business_type == BUSINESS:
        paid(work, event.business_id)


def on_released(work: Work, event: PaymentReleased) -> None:
    """It will not be."""
    if event.business_type == BUSINESS:
        released(work, event.business_id, event.how)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (PaymentCaptured, on_captured),
    (PaymentReleased, on_released),
)
