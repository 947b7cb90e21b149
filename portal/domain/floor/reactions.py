"""What table reservations do when the payment of a deposit ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.floor.actions.booking import BUSINESS
from portal.domain.floor.actions.paying import paid, released
from portal.domain.payments.events import PaymentCaptured, PaymentReleased
from portal.kernel.work import Work


def on_captured(work: Work, event: PaymentCaptured) -> None:
    """The deposit has arrived."""
    if event.business_type == BUSINESS:
        paid(work, event.business_id)


def on_released(work: Work, event: PaymentReleased) -> None:
    """The deposit will not come."""
    if event.business_type == BUSINESS:
        released(work, event.business_id, event.how)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (PaymentCaptured, on_captured),
    (PaymentReleased, on_released),
)
