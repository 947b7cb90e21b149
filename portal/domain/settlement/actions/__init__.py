"""What is done: completed orders settled, late refunds given back, statements issued, answered and confirmed."""

from __future__ import annotations

from portal.domain.settlement.actions.settling import give_back, settle
from portal.domain.settlement.actions.statements import (
    answer,
    confirm,
    dispute,
    issue_due,
    lapse_due,
    set_terms,
)

__all__ = ["answer", "confirm", "dispute", "give_back", "issue_due", "lapse_due", "set_terms", "settle"]
