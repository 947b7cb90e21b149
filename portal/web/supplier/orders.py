"""The 17:00 board and the list of all orders, with what is done to many at once: flags, picking lists, labels."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request, url_for

from portal.domain.ordering.rules.dates import ship_by
from portal.domain.ordering.values import OrderState
from portal.domain.shipping import actions, queries
from portal.domain.shipping.queries import Asked, Tile
from portal.domain.shipping.rules.pick_ups import PickUp
from portal.domain.shipping.rules.recognising import NAMES
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import dispatch
from portal.web.asking import asked_day, asked_one, asked_words
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Answer, Page, SeeOther, page, see_other
from portal.web.periods import asked_after
from portal.web.supplier import supplier
from portal.web.ways import own_path

SEE, SHIP = Permission.ORDER_VIEW, Permission.ORDER_SHIP
supplier.nav.insert(0, NavItem(_l("发货"), "supplier.orders_board", SEE, group=_l("经营")))


@supplier.get("/orders", may=SEE)
def orders_board(work: Work) -> Page:
    """What is to ship, by pick-up."""
    return board_page(work, Form())


def board_page(work: Work, form: Form, *, status: int = 200, paste: str = "") -> Page:
    """The board; `form` carries what was wrong, `paste` what was typed."""
    pick_up = asked_one(PickUp, "pick_up")
    rows, further = queries.board(work, pick_up, asked_after())
    groups = [(group, found) for group in PickUp if (found := [row for row in rows if row.pick_up is group])]
    return page(
        "supplier/orders/board.html",
        status=status,
        form=form,
        paste=paste,
        rows=rows,
        groups=groups,
        further=rows[-1].id if further else None,
        pick_up=pick_up,
        tiles=queries.tiles(work),
        tile=Tile.TO_SHIP,
        tabs=_tabs(pick_up),
        leaves_at=ship_by(work.now()),
        left=_spell(ship_by(work.now()) - work.now()),
        **dispatch.SHOWN,
    )


def _tabs(chosen: PickUp | None) -> list[tuple[Any, str, int, bool]]:
    every = (gettext("全部待发货"), url_for("supplier.orders_board"), 0, chosen is None)
    ways = [(dispatch.PICK_UPS[one], url_for("supplier.orders_board", pick_up=one), 0, chosen is one) for one in PickUp]
    return [every, *ways]


def _spell(left: timedelta) -> str:
    """2 小时 13 分, in whole minutes; days count as hours."""
    minutes = max(0, int(left.total_seconds()) // 60)
    if minutes < 60:
        return gettext("%(minutes)s 分钟", minutes=minutes)
    return gettext("%(hours)s 小时 %(minutes)s 分", hours=minutes // 60, minutes=minutes % 60)


@supplier.get("/orders/all", may=SEE)
def orders_list(work: Work) -> Page:
    """All paid orders with filters."""
    asked = asked_orders()
    rows, further = queries.listed(work, asked)
    return page(
        "supplier/orders/list.html",
        block="rows",
        rows=rows,
        further=rows[-1].id if further else None,
        tiles=queries.tiles(work),
        tile=asked.tile,
        asked=asked,
        keep=_kept(asked),
        states=[state for state in OrderState if state is not OrderState.UNPAID],
        **dispatch.SHOWN,
    )


def asked_orders() -> Asked:
    """The filters of the list, as the address has them."""
    flag, carrier, printed = (request.args.get(name, "") for name in ("flag", "carrier", "printed"))
    return Asked(
        tile=asked_one(Tile, "tile"),
        state=asked_one(OrderState, "state"),
        words=asked_words(),
        first=asked_day("since"),
        last=asked_day("until"),
        flag=int(flag) if flag in ("0", "1", "2", "3", "4", "5") else None,
        carrier=carrier if carrier in NAMES else "",
        printed={"yes": True, "no": False}.get(printed),
        after=asked_after(),
    )


def _kept(asked: Asked) -> dict[str, Any]:
    """The filters as the address has them, without the page."""
    return {
        "tile": asked.tile,
        "state": asked.state,
        "q": asked.words or None,
        "since": asked.first,
        "until": asked.last,
        "flag": asked.flag,
        "carrier": asked.carrier or None,
        "printed": {True: "yes", False: "no"}.get(asked.printed) if asked.printed is not None else None,
    }


@supplier.post("/orders/bulk", may=SHIP)
def orders_bulk(work: Work) -> Answer:
    """Flags, or on to what is printed; the ticked rows, or all that are shown."""
    form = Form()
    if form.validate():
        with form.tries(work):
            return _bulk(work)
    return board_page(work, form, status=422)


def _bulk(work: Work) -> SeeOther:
    what, ids = request.form.get("act", ""), dispatch.ticked("ids", "row")
    if what in ("labels", "picking"):
        mark = actions.mark_printed if what == "labels" else actions.mark_picked
        mark(work, ids)
        return see_other(f"supplier.papers_{what}", ids=dispatch.packed(ids))
    colour = request.form.get("flag", "")
    count = actions.flag(work, ids, int(colour) if colour.isascii() and colour.isdigit() and len(colour) == 1 else 9)
    back = own_path(request.form.get("back"))
    flash = gettext("已给 %(count)s 单插旗。", count=count) if colour != "0" else gettext("已拔旗。")
    return SeeOther(back, flash) if back else see_other("supplier.orders_board", flash=flash)
