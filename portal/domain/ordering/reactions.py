"""What orders do when a payment ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.ordering.actions.paying import paid, released
from portal.domain.ordering.values import BUSINESS
from portal.domain.payments.events import PaymentCaptured, PaymentReleased
from portal.kernel.work import Work


def on_captured(work: Work, event: PaymentCaptured) -> None:
    """The checkout is paid."""
    if event.business_type == BUSINESS:
        paid(work, event.person_id, event.business_id)


def on_released(work: Work, event: PaymentReleased) -> None:
    """The checkout will not be paid."""
    if event.business_type == BUSINESS:
        released(work, event.person_id, event.business_id, event.how)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = (
    (PaymentCaptured, on_captured),
    (PaymentReleased, on_released),
)
