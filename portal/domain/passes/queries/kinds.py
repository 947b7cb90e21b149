"""What is sold: the merchant's list and one of it; what a consumer is offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.passes.access import access_kind
from portal.domain.passes.models import Pass, PassKind, PassService
from portal.domain.passes.values import KindState
from portal.domain.tenants.models import Merchant
from portal.domain.tenants.values import MerchantState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

MOST = 200


@dataclass(frozen=True)
class KindShown:
    """One kind as pages read it."""

    id: UUID
    merchant_id: UUID
    merchant: str
    state: KindState
    name: str
    words: str
    uses: int
    price_fen: int
    worth_fen: int
    valid_days: int | None
    transferable: bool
    shared: bool
    per_person: int
    service_ids: tuple[UUID, ...]

    @property
    def each_fen(self) -> int:
        """What a use costs, rounded down."""
        return self.price_fen // self.uses


@dataclass(frozen=True)
class KindLine:
    """A kind in the merchant's list, with how many were sold and how many uses are open."""

    kind: KindShown
    sold: int
    open_uses: int


def kinds(work: Work) -> tuple[KindLine, ...]:
    """The office's own, the latest first."""
    work.require(Permission.PASS_VIEW)
    rows = work.session.scalars(
        select(PassKind).where(PassKind.merchant_id == work.merchant_id).order_by(PassKind.id.desc()).limit(MOST)
    ).all()
    left = Pass.uses - Pass.used - Pass.back - Pass.lapsed
    query = (
        select(Pass.kind_id, func.count(), func.coalesce(func.sum(left), 0))
        .where(Pass.merchant_id == work.merchant_id, Pass.paid_at.is_not(None))
        .group_by(Pass.kind_id)
    )
    counts = {row[0]: (int(row[1]), int(row[2])) for row in work.session.execute(query)}
    return tuple(KindLine(one, *counts.get(one.id, (0, 0))) for one in _shown(work, rows))


def kind(work: Work, kind_id: UUID, *, may: Permission | None = Permission.PASS_VIEW) -> KindShown:
    """One of the office's own, or for everybody else (may=None) one that is or was on sale. Raises NotFound."""
    return _shown(work, [access_kind(work, kind_id, may=may)])[0]


def offers(work: Work, merchant_id: UUID) -> tuple[KindShown, ...]:
    """What anybody can buy of this merchant now, the cheapest first."""
    query = (
        select(PassKind)
        .join(Merchant, Merchant.id == PassKind.merchant_id)
        .where(PassKind.merchant_id == merchant_id, PassKind.state == KindState.ON_SALE.value)
        .where(Merchant.state == MerchantState.ACTIVE.value)
        .order_by(PassKind.price_fen, PassKind.id)
    )
    return _shown(work, work.session.scalars(query.limit(MOST)).all())


def _shown(work: Work, rows: Sequence[PassKind]) -> tuple[KindShown, ...]:
    if not rows:
        return ()
    merchants = {row.merchant_id for row in rows}
    query = select(Merchant.id, Merchant.name).where(Merchant.id.in_(merchants))
    names = {row[0]: str(row[1]) for row in work.session.execute(query)}
    of = PassService
    served: dict[UUID, list[UUID]] = {}
    there = select(of.kind_id, of.service_id).where(of.merchant_id.in_(merchants), of.kind_id.in_([r.id for r in rows]))
    for kind_id, service_id in work.session.execute(there):
        served.setdefault(kind_id, []).append(service_id)
    return tuple(
        KindShown(
            *(row.id, row.merchant_id, names[row.merchant_id], KindState(row.state), row.name, row.words, row.uses),
            *(row.price_fen, row.worth_fen, row.valid_days, row.transferable, row.shared, row.per_person),
            tuple(sorted(served.get(row.id, ()))),
        )
        for row in rows
    )
