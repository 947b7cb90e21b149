"""The counter: a clerk with a phone in one hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from portal.domain.menus import queries
from portal.kernel.work import Work
from portal.web.admission import to_store
from portal.web.locale import lazy_gettext as _l
from portal.web.memory import Memory
from portal.web.office import Office

_FRESH: Final = timedelta(seconds=20)
_TRADES: Final = Memory[frozenset[str]](2000)


def trades(work: Work, args: dict[str, Any]) -> frozenset[str]:
    """What the store of the address lives on; it may be seconds old."""
    now, store_id = work.now(), args["store"]
    return _TRADES.recall(store_id, now, lambda: (now + _FRESH, queries.trades(work, store_id)))


store = Office(
    "store",
    __name__,
    url_prefix="/store/<uuid:store>",
    admit=to_store,
    trades=trades,
    layout="layouts/counter.html",
    label=_l("柜台"),
)
