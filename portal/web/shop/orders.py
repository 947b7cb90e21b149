"""A person's orders: the list with its tabs, one order, and what he may do with it.

Features above orders hang their parts into the page of one order with `panel`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import url_for

from portal.domain.ordering import actions, queries
from portal.domain.ordering.queries import OrderShown, Tab
from portal.domain.ordering.values import OrderState
from portal.kernel import phones
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.asking import asked_one, asked_words
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.shop import shop
from portal.web.shop.cart import keep_count

BUY = Permission.ORDER_BUY
NAMES: dict[Tab, Any] = {
    Tab.ALL: _l("全部"),
    Tab.UNPAID: _l("待付款"),
    Tab.TO_SHIP: _l("待发货"),
    Tab.ON_THE_WAY: _l("待收货"),
    Tab.DONE: _l("已收货"),
    Tab.CLOSED: _l("已关闭"),
}


@dataclass(frozen=True)
class Panel:
    """A part of an order's page: its template (it finds itself as `panel`), what it shows, and where: `"top"` under
    the state, `"acts"` among the buttons, `"below"` under the lines.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    place: str = "below"


MakePanel = Callable[[Work, OrderShown], Panel | None]
PANELS: list[MakePanel] = []


def panel(make: MakePanel) -> MakePanel:
    """Register a part of the order's page: `make(work, order)` answers what to show, or None."""
    PANELS.append(make)
    return make


@shop.get("/orders", may=BUY)
def orders_list(work: Work) -> Page:
    """The person's orders, the latest first."""
    tab, words = asked_one(Tab, "tab") or Tab.ALL, asked_words()
    rows, more = queries.my_orders(work, tab, words=words, after=asked_after())
    kept: dict[str, Any] = {"tab": tab.value if tab is not Tab.ALL else None, "q": words or None}
    counts = queries.my_counts(work)
    return page(
        "shop/orders/list.html",
        block="rows",
        orders=rows,
        further=url_for("shop.orders_list", **kept, after=rows[-1].id) if more else None,
        tabs=[_tab(one, counts[one], tab, words) for one in Tab],
        tab=tab,
        q=words,
        later=asked_after() is not None,
    )


def _tab(one: Tab, count: int, now: Tab, words: str) -> tuple[str, str, int, bool]:
    url = url_for("shop.orders_list", tab=one.value if one is not Tab.ALL else None, q=words or None)
    shown = count if one in (Tab.UNPAID, Tab.TO_SHIP, Tab.ON_THE_WAY) else 0
    return str(NAMES[one]), url, shown, one is now


@shop.get("/orders/<uuid:order>", may=BUY)
def orders_show(work: Work, order: UUID) -> Page:
    """One order: how it stands, what happened, what is in it, what it cost."""
    return _show(work, order, Form(formdata=None))


def _show(work: Work, order_id: UUID, form: Form, *, status: int = 200) -> Page:
    order = queries.my_order(work, order_id)
    unpaid = order.state is OrderState.UNPAID
    parts = [made for make in PANELS if (made := make(work, order)) is not None]
    return page(
        "shop/orders/show.html",
        order=order,
        events=queries.timeline(work, order.merchant_id, order.id),
        checkout=queries.checkout(work, order.checkout_id) if unpaid else None,
        panels={place: [one for one in parts if one.place == place] for place in ("top", "acts", "below")},
        phone=phones.show(order.recipient.phone),
        form=form,
        now=work.now(),
        status=status,
    )


@shop.post("/orders/<uuid:order>/cancel", may=BUY)
def orders_cancel(work: Work, order: UUID) -> Answer:
    """Not any more; the orders of the same payment close together."""
    return _done(work, order, actions.cancel, gettext("订单已取消。"))


@shop.post("/orders/<uuid:order>/receive", may=BUY)
def orders_receive(work: Work, order: UUID) -> Answer:
    """He has it."""
    return _done(work, order, actions.confirm_received, gettext("已确认收货。有问题可以在售后期内申请售后。"))


def _done(work: Work, order: UUID, act: Callable[[Work, UUID], None], note: str) -> Answer:
    form = Form()
    if form.validate():
        with form.tries(work):
            act(work, order)
            return see_other("shop.orders_show", order=order, flash=note)
    return _show(work, order, form, status=422)


@shop.post("/orders/<uuid:order>/again", may=BUY)
def orders_again(work: Work, order: UUID) -> Answer:
    """The same things into the cart, as far as they can be had."""
    missing = actions.add_again(work, order)
    keep_count(work)
    if missing:
        names = "、".join(missing[:3])
        note = gettext("已放进购物车；%(names)s 现在买不到。", names=names)
        return see_other("shop.cart_show", flash=note, tone="wait")
    return see_other("shop.cart_show", flash=gettext("已放进购物车。"))
