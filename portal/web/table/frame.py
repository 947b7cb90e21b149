"""What every page at a table carries: where we sit, the bar with what waits, and 204 for a screen that has it all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, g, request, url_for

from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import GuestState, Tab
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.htmx import htmx
from portal.web.locale import gettext
from portal.web.pages import Answer, page
from portal.web.tabwords import called, stands, worked_out
from portal.web.wayfinding import BarItem


def unchanged() -> Response | None:
    """204 when a screen asks whether something has changed, and nothing has: no more is asked of the database."""
    if htmx.wants_block and request.args.get("since") == str(g.seat.version):
        return Response(status=204)
    return None


def table_page(
    work: Work, template: str, *, tab: Tab | None = None, block: str | None = None, status: int = 200, **context: Any
) -> Answer:
    """A page of the present sitting (`tab` when it was read already); `block` is what a polling screen gets."""
    sitting = tab or tabs.tab(work, here(work))
    return page(
        template,
        block=block,
        status=status,
        tab=sitting,
        me=sitting.guest(work.actor.guest_id),
        shop_nav=bar(sitting),
        table_name="、".join(one.name for one in sitting.tables),
        called=called,
        stands=stands,
        worked_out=worked_out,
        now=work.now(),
        since=sitting.version,
        **context,
    )


def bar(tab: Tab) -> tuple[BarItem, ...]:
    """The five things one does at a table."""
    asking = sum(one.state is GuestState.ASKED for one in tab.guests)
    drafts = sum(line.quantity for line in tab.drafts if line.guest_id)  # the staff's own are not the guests' to send
    entries = (
        (gettext("点菜"), "table.menu_show", "list", 0, ""),
        (gettext("购物车"), "table.cart_show", "cart", drafts, gettext("份待下单")),
        (gettext("已下单"), "table.rounds_list", "receipt", 0, ""),
        (gettext("账单"), "table.bills_pay", "coins", 0, ""),
        (gettext("同桌"), "table.guests_list", "people", asking, gettext("位等待加入")),
    )
    return tuple(
        BarItem(label, url_for(endpoint), icon, waiting, request.endpoint == endpoint, counted)
        for label, endpoint, icon, waiting, counted in entries
    )


def here(work: Work) -> UUID:
    """The sitting of this address."""
    if work.scope.sitting_id is None:
        raise NotFound
    return work.scope.sitting_id
