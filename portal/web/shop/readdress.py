"""What a buyer may still change before his order leaves: where it goes, and what to do when goods are not there."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.identity import queries as identity
from portal.domain.ordering import queries as ordering
from portal.domain.ordering.queries import OrderShown
from portal.domain.ordering.values import OPEN_STATES, OrderState, Recipient
from portal.domain.shipping import actions, queries
from portal.domain.shipping.values import Answer as Choice
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import dispatch
from portal.web.forms.base import Form
from portal.web.forms.shipping import ReaddressForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop
from portal.web.shop.orders import Panel, panel

BUY = Permission.ORDER_BUY


@panel
def before_it_leaves(work: Work, order: OrderShown) -> Panel | None:
    """Goods that are not there, with the choice; a change of address with what became of it."""
    if order.state not in OPEN_STATES:
        return None
    short = [one for one in queries.shortages_of(work, order.id, may=BUY) if one.ended_at is None]
    change = next(iter(queries.changes_of(work, order.id, may=BUY)), None)
    if not short and change is None:
        return None
    context = {"short": short, "change": change, "lines": {line.id: line for line in order.lines}, **dispatch.SHOWN}
    return Panel("shop/shipping/_panel.html", context, "top")


@panel
def change_button(_work: Work, order: OrderShown) -> Panel | None:
    """Among the buttons, while nothing has left."""
    return Panel("shop/shipping/_button.html", {}, "acts") if order.state is OrderState.PAID else None


@shop.get("/orders/<uuid:order>/address", may=BUY)
def readdress_show(work: Work, order: UUID) -> Page:
    """Choose another address of the book."""
    return _show(work, order, ReaddressForm(formdata=None))


def _show(work: Work, order_id: UUID, form: Form, *, status: int = 200) -> Page:
    changes = queries.changes_of(work, order_id, may=BUY)
    return page(
        "shop/shipping/address.html",
        status=status,
        order=ordering.my_order(work, order_id),
        places=identity.addresses(work),
        chosen=request.form.get("address", ""),
        form=form,
        waiting=next((one for one in changes if one.state.value == "asked"), None),
        **dispatch.SHOWN,
    )


@shop.post("/orders/<uuid:order>/address", may=BUY)
def readdress_ask(work: Work, order: UUID) -> Answer:
    """Ask the merchant."""
    form = ReaddressForm()
    if form.validate():
        with form.tries(work):
            actions.ask_address(work, order, wanted=_wanted(work), note=form.note.data or "")
            return see_other("shop.orders_show", order=order, flash=gettext("已申请改地址，等商家答复。"))
    return _show(work, order, form, status=422)


def _wanted(work: Work) -> Recipient:
    try:
        place = identity.address(work, UUID(request.form.get("address", "")))
    except ValueError:
        raise Refusal(say("请选择新的收货地址。")) from None
    return Recipient(place.recipient, place.phone, place.region_code, place.region_names, place.detail)


@shop.post("/orders/addresses/<uuid:readdress>/withdraw", may=BUY)
def readdress_withdraw(work: Work, readdress: UUID) -> Answer:
    """Leave it as it is."""
    order, form = queries.order_of_change(work, readdress, may=BUY), ReaddressForm()
    if form.validate():
        with form.tries(work):
            actions.withdraw_address(work, readdress)
            return see_other("shop.orders_show", order=order, flash=gettext("已撤回，按原地址发货。"))
    return _show(work, order, form, status=422)


@shop.post("/orders/shortages/<uuid:shortage>/answer", may=BUY)
def readdress_choose(work: Work, shortage: UUID) -> Answer:
    """Wait, or have the money back."""
    order, form = queries.order_of_report(work, shortage, may=BUY), ReaddressForm()
    if form.validate():
        with form.tries(work):
            choice = _choice()
            actions.answer_shortage(work, shortage, choice)
            done = {
                Choice.WAIT: gettext("好的，到货马上发出。"),
                Choice.REFUND: gettext("已为您退款，原路退回。"),
            }
            return see_other("shop.orders_show", order=order, flash=done[choice])
    return _show(work, order, form, status=422)


def _choice() -> Choice:
    try:
        return Choice(request.form.get("answer", ""))
    except ValueError:
        raise Refusal(say("请选择等货或退款。")) from None
