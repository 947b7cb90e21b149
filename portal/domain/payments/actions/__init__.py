"""What is done about payments. Features above use `ask`, `cancel` and `refund`; the rest is the house's own."""

from __future__ import annotations

from portal.domain.payments.actions.errands import errand, not_told, return_errand, started, unanswered
from portal.domain.payments.actions.inbox import apply, file, file_answer, mark_seen
from portal.domain.payments.actions.intents import ask, begin, begin_for, cancel, expire
from portal.domain.payments.actions.outcomes import told
from portal.domain.payments.actions.refunds import refund, refund_told, retry, returned_late

__all__ = [
    "apply",
    "ask",
    "begin",
    "begin_for",
    "cancel",
    "errand",
    "expire",
    "file",
    "file_answer",
    "mark_seen",
    "not_told",
    "refund",
    "refund_told",
    "retry",
    "return_errand",
    "returned_late",
    "started",
    "told",
    "unanswered",
]
