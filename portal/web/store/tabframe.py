"""What every page of one table's tab carries: the tab, what may be done about it, how its lines stand."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import Tab
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.pages import Page
from portal.web.store.frame import counter_page
from portal.web.tabwords import called, stands, worked_out

AT = "store.floor_board"


def tab_at(work: Work, store: UUID, sitting: UUID) -> Tab:
    """The tab of a sitting of this store. NotFound for another store's."""
    tab = tabs.tab(work, sitting)
    if tab.store_id != store:
        raise NotFound
    return tab


def tab_page(work: Work, tab: Tab, template: str, *, block: str | None = None, status: int = 200, **more: Any) -> Page:
    """A page about one tab; `block` is what a polling screen gets."""
    shown = counter_page(
        work,
        tab.store_id,
        template,
        status=status,
        at=AT,
        tab=tab,
        table_name="、".join(one.name for one in tab.tables),
        minutes=int((work.now() - tab.opened_at).total_seconds() // 60),
        called=called,
        stands=stands,
        worked_out=worked_out,
        since=tab.version,
        may_take=work.may(Permission.BILL_TAKE),
        **more,
    )
    return Page(shown.template, shown.context, block, status)
