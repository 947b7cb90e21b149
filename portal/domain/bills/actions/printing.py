"""How often a receipt was printed: every one but the first is marked 补打."""

from __future__ import annotations

from uuid import UUID

from portal.domain.bills.access import held
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def printed(work: Work, bill_id: UUID) -> int:
    """Count a print; returns which one it is, from 1."""
    with held(work, bill_id, may=Permission.BILL_TAKE) as (_sitting, bill):
        bill.printed += 1
        work.session.flush()
        work.audit("bill.printed", "bill", bill.id, nth=bill.printed)
        return bill.printed
