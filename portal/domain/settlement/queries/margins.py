"""What the platform earned with whose business on which day, from the transfers: the margin of suppliers' goods and the
fee on stores' earnings, both less what went back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, union_all

from portal.domain.earnings.models import EarnedTransfer
from portal.domain.ledger.models import LedgerTransfer
from portal.domain.ledger.values import TransferKind
from portal.domain.settlement.models import SettledTransfer
from portal.domain.settlement.values import Period
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

T = TransferKind
TO_SUPPLIERS = {T.SETTLE_NOW: 1, T.SETTLE_NOW_REVERSED: -1, T.SHORTFALL: -1}
TO_PLATFORM = {
    T.MARGIN: 1,
    T.MARGIN_REVERSED: -1,
    T.SUBSIDY: -1,
    T.SUBSIDY_REVERSED: 1,
    T.SERVICE_FEE: 1,
    T.SERVICE_FEE_REVERSED: -1,
}


@dataclass(frozen=True)
class MarginLine:
    """One merchant on one day: what it was paid and what the platform kept, both after refunds, in fen."""

    day: date
    merchant_id: UUID
    supplier_fen: int
    margin_fen: int

    @property
    def sales_fen(self) -> int:
        """What consumers had paid for it."""
        return self.supplier_fen + self.margin_fen


def margins(work: Work, period: Period) -> tuple[MarginLine, ...]:
    """By day and merchant, the earliest day first."""
    work.require(Permission.LEDGER_VIEW)
    one = LedgerTransfer
    about = union_all(
        *(select(table.merchant_id, table.transfer_id) for table in (SettledTransfer, EarnedTransfer))
    ).subquery()
    asked = (
        select(one.day, about.c.merchant_id, one.kind, func.sum(one.amount))
        .join(about, about.c.transfer_id == one.id)
        .where(one.day.between(period.first, period.last))
        .where(one.kind.in_([kind.value for kind in (*TO_SUPPLIERS, *TO_PLATFORM)]))
        .group_by(one.day, about.c.merchant_id, one.kind)
    )
    found: dict[tuple[date, UUID], list[int]] = {}
    for day, merchant_id, kind, total in work.session.execute(asked):
        shares = found.setdefault((day, merchant_id), [0, 0])
        shares[0] += TO_SUPPLIERS.get(T(kind), 0) * int(total)
        shares[1] += TO_PLATFORM.get(T(kind), 0) * int(total)
    return tuple(MarginLine(*key, *shares) for key, shares in sorted(found.items()))
