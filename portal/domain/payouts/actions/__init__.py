"""What is done about withdrawals: asked for and taken back by merchants, decided by the platform, told by the bank."""

from __future__ import annotations

from portal.domain.payouts.actions.asking import ask, take_back
from portal.domain.payouts.actions.deciding import approve, approve_many, refuse
from portal.domain.payouts.actions.errands import ANOTHER_ACCOUNT, errand, order, refused_there, told, unanswered

__all__ = [
    "ANOTHER_ACCOUNT",
    "approve",
    "approve_many",
    "ask",
    "errand",
    "order",
    "refuse",
    "refused_there",
    "take_back",
    "told",
    "unanswered",
]
