"""What cases do about refunds that arrive or get stuck."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.domain.aftersales import actions
from portal.domain.payments.events import RefundDone, RefundStuck
from portal.kernel.work import Work


def note_done(work: Work, event: RefundDone) -> None:
    """The money has arrived."""
    actions.refund_done(work, event.refund_id)


def note_stuck(work: Work, event: RefundStuck) -> None:
    """The provider keeps refusing."""
    actions.refund_stuck(work, event.refund_id)


REACTIONS: tuple[tuple[type, Callable[[Any, Any], None]], ...] = ((RefundDone, note_done), (RefundStuck, note_stuck))
