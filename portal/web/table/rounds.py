"""What was ordered, round by round, with the bill so far; the waiter is a tap away."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.bills import queries as bills
from portal.domain.tabs import actions
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import WISHES, Wish
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.billwords import owed
from portal.web.forms.base import Form
from portal.web.locale import gettext, said
from portal.web.pages import Answer, see_other
from portal.web.table import table
from portal.web.table.frame import here, table_page, unchanged

ORDER = Permission.TAB_ORDER


@table.get("/rounds", may=ORDER)
def rounds_list(work: Work) -> Answer:
    """制作中, 已上, and what it comes to."""
    if (same := unchanged()) is not None:
        return same
    tab = tabs.tab(work, here(work))
    held = any(line.bill_id is not None for line in tab.lines)
    return table_page(
        work,
        "table/rounds/list.html",
        tab=tab,
        block="live",
        form=Form(formdata=None),
        wishes=WISHES,
        open_fen=owed(tab.lines, bills.bills_of(work, tab.id) if held else ()),
    )


@table.post("/rounds/<uuid:course>/withdraw", may=ORDER)
def rounds_withdraw(work: Work, course: UUID) -> Answer:
    """先付: not paid, so it goes back into the cart."""
    actions.withdraw(work, here(work), course)
    return see_other("table.cart_show", flash=gettext("已放回购物车。"))


@table.post("/calls", may=ORDER)
def calls_make(work: Work) -> Answer:
    """呼叫服务员."""
    try:
        wish = Wish(request.form.get("wish", ""))
    except ValueError:
        raise NotFound from None
    actions.call_waiter(work, here(work), wish)
    note = gettext("已呼叫：%(wish)s。服务员马上就来。", wish=said(WISHES[wish]))
    return see_other("table.rounds_list", flash=note)
