"""What a store lives on: its frame offers work on that and on nothing else. Told to anybody; it is public."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, exists, or_, select

from portal.domain.calendar.models import Resource
from portal.domain.calendar.values import Kind
from portal.domain.menus.models import MenuBook, MenuStore
from portal.domain.menus.values import Trade
from portal.kernel.scope import fixed
from portal.kernel.work import Work

_R: Any = Resource.__table__.c
_M: Any = MenuBook.__table__.c
_S: Any = MenuStore.__table__.c
_STORE: Any = bindparam("of_store", type_=_R.store_id.type)
_MERCHANT: Any = bindparam("of_merchant", type_=_R.store_id.type)
_HERE: Final = (_R.merchant_id == _MERCHANT, _R.store_id == _STORE, _R.active)
_SERVED: Final = exists().where(_S.merchant_id == _M.merchant_id, _S.menu_id == _M.id, _S.store_id == _STORE)
_ASKED: Any = fixed(
    select(
        exists().where(*_HERE, _R.kind.notin_([Kind.TABLE.value, Kind.PICKUP.value])).label(Trade.SERVICES),
        exists().where(*_HERE, _R.kind == Kind.TABLE.value).label(Trade.TABLES),
        exists().where(_M.merchant_id == _MERCHANT, _M.active, or_(_M.everywhere, _SERVED)).label(Trade.MENUS),
    )
)


def trades(work: Work, store_id: UUID) -> frozenset[Trade]:
    """Services when somebody or something there can be booked, tables, menus: one statement."""
    row = work.session.execute(_ASKED, {"of_merchant": work.merchant_id, "of_store": store_id}).one()
    return frozenset(trade for trade, has in zip(Trade, row, strict=True) if has)
