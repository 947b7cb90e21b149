"""What was redeemed: one receipt, a day's list with totals, an export. Stores out of reach are never shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.domain.identity.rules.names import masked_name
from portal.domain.stores.models import Store
from portal.domain.tenants.models import Membership
from portal.domain.vouchers.models import Redemption, Voucher
from portal.domain.vouchers.values import Receipt, UndoReason
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.typed import half_width
from portal.kernel.work import Work

MOST_EXPORTED = 20_000


@dataclass(frozen=True)
class RedemptionLine:
    """A redemption with its frozen receipt. `code` is the voucher's; `undone_at` None while it is in force.

    `undone_by` is the masked name of whoever took it back, or nothing.
    """

    id: UUID
    voucher_id: UUID
    store_id: UUID
    store: str
    receipt: Receipt
    code: str
    redeemed_at: datetime
    undo_until: datetime
    undone_at: datetime | None
    undone_by: str
    undo_reason: UndoReason | None
    undo_note: str | None

    def may_undo(self, now: datetime) -> bool:
        """True while it is in force and the limit has not passed."""
        return self.undone_at is None and now <= self.undo_until


@dataclass(frozen=True)
class Totals:
    """A period in numbers; `off_fen` sums what amount coupons took off, discounts are not known in money."""

    redeemed: int
    undone: int
    off_fen: int


def redemption(work: Work, redemption_id: UUID, store_id: UUID) -> RedemptionLine:
    """One redemption of this store. Raises NotFound when it is another's."""
    work.require(Permission.VOUCHER_REDEEM, store_id=store_id)
    row = work.session.execute(_lines(work, store_id, None, None).where(Redemption.id == redemption_id)).one_or_none()
    if row is None:
        raise NotFound
    return _line(row)


def redemptions(
    work: Work,
    *,
    store_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
    q: str = "",
    after: UUID | None = None,
    most: int = 50,
) -> list[RedemptionLine]:
    """Redemptions of [since, until), the latest first. `q` finds digits of the code, a title or a holder."""
    query = _lines(work, store_id, since, until).order_by(Redemption.id.desc())
    if q:
        query = query.where(_matches(q))
    if after is not None:
        query = query.where(Redemption.id < after)
    return [_line(row) for row in work.session.execute(query.limit(most))]


def totals(work: Work, *, store_id: UUID | None, since: datetime | None, until: datetime | None) -> Totals:
    """The same period in numbers."""
    in_force = Redemption.undone_at.is_(None)
    off = func.coalesce(func.sum(Redemption.receipt["worth"]["amount_fen"].as_integer()).filter(in_force), 0)
    query = _narrowed(
        work, select(func.count().filter(in_force), func.count(Redemption.undone_at), off), store_id, since, until
    )
    redeemed, undone, off_fen = work.session.execute(query).one()
    return Totals(redeemed, undone, int(off_fen))


def _lines(work: Work, store_id: UUID | None, since: datetime | None, until: datetime | None) -> Any:
    query = (
        select(Redemption, Voucher.code, Store.name, Membership.name.label("undoer"))
        .join(Voucher, and_(Voucher.merchant_id == Redemption.merchant_id, Voucher.id == Redemption.voucher_id))
        .join(Store, and_(Store.merchant_id == Redemption.merchant_id, Store.id == Redemption.store_id))
        .outerjoin(
            Membership,
            and_(Membership.merchant_id == Redemption.merchant_id, Membership.id == Redemption.undone_by),
        )
    )
    return _narrowed(work, query, store_id, since, until)


def _narrowed(work: Work, query: Any, store_id: UUID | None, since: datetime | None, until: datetime | None) -> Any:
    query = query.where(Redemption.merchant_id == work.merchant_id)
    if store_id is not None:
        query = query.where(Redemption.store_id == store_id)
    if work.scope.store_ids is not None:
        query = query.where(Redemption.store_id.in_(work.scope.store_ids))
    if since is not None:
        query = query.where(Redemption.redeemed_at >= since)
    return query if until is None else query.where(Redemption.redeemed_at < until)


def _matches(q: str) -> Any:
    plain = half_width(q).strip()
    digits = "".join(plain.split())
    by_title = Redemption.receipt["title"].as_string().icontains(plain, autoescape=True)
    by_holder = Redemption.receipt["holder"].as_string().startswith(plain[:1], autoescape=True)
    if digits.isdigit():
        return or_(Voucher.code.contains(digits, autoescape=True), by_title)
    return or_(by_title, by_holder) if len(plain) <= 4 else by_title


def _line(row: Any) -> RedemptionLine:
    redemption: Redemption = row.Redemption
    return RedemptionLine(
        id=redemption.id,
        voucher_id=redemption.voucher_id,
        store_id=redemption.store_id,
        store=row.name,
        receipt=Receipt.from_json(redemption.receipt),
        code=row.code,
        redeemed_at=redemption.redeemed_at,
        undo_until=redemption.undo_until,
        undone_at=redemption.undone_at,
        undone_by=masked_name(row.undoer) if row.undoer else "",
        undo_reason=UndoReason(redemption.undo_reason) if redemption.undo_reason else None,
        undo_note=redemption.undo_note,
    )
