"""Figures and times on cards that other features and the calendar change: benefits, sales, the coming opening times."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import bindparam, select, update

from portal.domain.stores.actions.cards import open_ranges
from portal.domain.stores.models import Store, StoreCard
from portal.domain.stores.rules import REFRESH_DAYS, shown_benefits
from portal.domain.stores.values import Benefit
from portal.kernel.hours import from_json
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

_LOT = 1000
_PLAIN = {"synchronize_session": False}


def set_benefits(work: Work, *, merchant_id: UUID, store_id: UUID, benefits: Sequence[Benefit]) -> None:
    """What the street tells about coupons to collect here; the first three are shown. Office or job face."""
    work.require(Permission.COUPON_EDIT)
    stored = [benefit.to_json() for benefit in benefits]
    shown = shown_benefits(list(benefits), work.now())
    mine = (Store.merchant_id == merchant_id, Store.id == store_id)
    work.session.execute(update(Store).where(*mine).values(benefits=stored), execution_options=_PLAIN)
    card = (StoreCard.merchant_id == merchant_id, StoreCard.store_id == store_id)
    facts = {
        "benefits": [benefit.to_json() for benefit in shown],
        "benefits_until": max((benefit.until for benefit in shown), default=None),
    }
    work.session.execute(update(StoreCard).where(*card).values(**facts), execution_options=_PLAIN)


def set_month_sales(work: Work, *, merchant_id: UUID, store_id: UUID, count: int) -> None:
    """How often the store sold in the last thirty days. Office or job face."""
    work.require(Permission.STORE_EDIT)
    mine = (Store.merchant_id == merchant_id, Store.id == store_id)
    work.session.execute(update(Store).where(*mine).values(month_sales=count), execution_options=_PLAIN)
    card = (StoreCard.merchant_id == merchant_id, StoreCard.store_id == store_id)
    work.session.execute(update(StoreCard).where(*card).values(month_sales=count), execution_options=_PLAIN)


def refresh_times(work: Work) -> int:
    """Write the coming opening times of the cards that were last refreshed a week ago; how many (a lot at most).

    For the job face, again and again until it answers 0: each lot is a transaction of its own.
    """
    work.require(Permission.STORE_EDIT)
    old = work.now() - timedelta(days=REFRESH_DAYS)
    query = select(StoreCard.merchant_id, StoreCard.store_id, StoreCard.hours).where(StoreCard.refreshed_at < old)
    rows = work.session.execute(query.limit(_LOT).with_for_update(skip_locked=True)).all()
    values = [
        {
            "m": row.merchant_id,
            "s": row.store_id,
            "times": open_ranges(from_json(row.hours) if row.hours else None, work.now()),
            "now": work.now(),
        }
        for row in rows
    ]
    if values:
        table = StoreCard.__table__
        statement = (
            update(table)  # type: ignore[arg-type]
            .where(table.c.merchant_id == bindparam("m"), table.c.store_id == bindparam("s"))
            .values(open_times=bindparam("times"), refreshed_at=bindparam("now"))
        )
        work.session.connection().execute(statement, values)
    return len(values)
