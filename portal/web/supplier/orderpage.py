"""One order: its parcels are made, undone and corrected here; notes, flags, changed addresses, goods not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.shipping import actions, queries
from portal.domain.shipping.values import Shortage
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import dispatch
from portal.web.forms.base import Form
from portal.web.forms.shipping import NoteForm, NumberForm, ReasonForm, ShortageForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.supplier import supplier

SEE, SHIP = Permission.ORDER_VIEW, Permission.ORDER_SHIP
ORDER = "/orders/<uuid:order>"


@supplier.get(ORDER, may=SEE)
def orders_show(work: Work, order: UUID) -> Page:
    """Everything about one order."""
    return _show(work, order)


def _show(work: Work, order: UUID, *, status: int = 200, **forms: Form) -> Page:
    shown = queries.order_page(work, order)
    forms.setdefault("ship", NumberForm(formdata=None))
    return page(
        "supplier/orders/show.html",
        block="content",
        status=status,
        shown=shown,
        forms=forms,
        typed=request.form if status != 200 else {},
        now=work.now(),
        **dispatch.SHOWN,
    )


def _act(work: Work, order: UUID, act: Callable[[], Any], done: str, name: str, form: Form) -> Answer:
    if form.validate():
        with form.tries(work):
            act()
            return see_other("supplier.orders_show", order=order, flash=done)
    return _show(work, order, status=422, **{name: form})


@supplier.post(f"{ORDER}/ship", may=SHIP)
def orders_ship(work: Work, order: UUID) -> Answer:
    """One parcel: all of it, some pieces, or together with others of the same recipient."""
    form = NumberForm()
    carrier, number = form.carrier.data or "", form.number.data or ""

    def send() -> None:
        pieces = _pieces(work, order)
        together = _together()
        if together and pieces is not None:
            raise Refusal(say("拆分和合并不能一起用：先选一种。"))
        actions.ship(work, [order, *together], number=number, carrier=carrier, pieces=pieces)

    return _act(work, order, send, gettext("已发货。"), "ship", form)


def _together() -> list[UUID]:
    try:
        return [UUID(text) for text in request.form.getlist("together")[:20]]
    except ValueError:
        return []


def _pieces(work: Work, order: UUID) -> dict[UUID, int] | None:
    """What was typed for each line; None when it is everything there is to ship."""
    shown = queries.order_page(work, order)
    typed: dict[UUID, int] = {}
    for line in shown.lines:
        text = half_width(request.form.get(f"pieces-{line.id}", "")).strip()
        if not text:
            continue
        if not text.isascii() or not text.isdigit() or len(text) > 4 or int(text) > line.to_ship:
            raise Refusal(say("%(name)s 请填 0 到 %(most)s 件。", name=line.name, most=line.to_ship))
        typed[line.id] = int(text)
    whole = {line.id: line.to_ship for line in shown.lines if line.to_ship}
    if not shown.blocked and (not typed or {one: count for one, count in typed.items() if count} == whole):
        return None
    return typed


@supplier.post(f"{ORDER}/note", may=SHIP)
def orders_note(work: Work, order: UUID) -> Answer:
    """Write the private note."""
    form = NoteForm()
    note = form.note.data or ""
    return _act(work, order, lambda: actions.write_note(work, order, note=note), gettext("备注已保存。"), "note", form)


@supplier.post(f"{ORDER}/flag", may=SHIP)
def orders_flag(work: Work, order: UUID) -> Answer:
    """Put a flag on it, or take it away."""
    colour = request.form.get("flag", "")
    number = int(colour) if colour in ("0", "1", "2", "3", "4", "5") else 9
    return _act(work, order, lambda: actions.flag(work, [order], number), gettext("旗子已改。"), "flag", Form())


@supplier.post(f"{ORDER}/shortage", may=SHIP)
def orders_shortage(work: Work, order: UUID) -> Answer:
    """Goods of a line are not there."""
    form = ShortageForm()

    def tell() -> None:
        line, kind = form.which(), form.kind.data
        if kind not in tuple(Shortage):
            raise Refusal(say("请选择是要等到货，还是不再有货。"), field="kind")
        actions.report(work, order, line, kind=Shortage(kind), until=form.until.data, note=form.note.data or "")

    return _act(work, order, tell, gettext("已报缺货，买家会收到通知。"), "shortage", form)


@supplier.post("/orders/shortages/<uuid:shortage>/end", may=SHIP)
def orders_restock(work: Work, shortage: UUID) -> Answer:
    """The goods are there after all."""
    order = queries.order_of_report(work, shortage)
    return _act(work, order, lambda: actions.restock(work, shortage), gettext("已取消缺货。"), "shortage", Form())


@supplier.post("/orders/addresses/<uuid:readdress>/agree", may=SHIP)
def orders_agree(work: Work, readdress: UUID) -> Answer:
    """Send it elsewhere."""
    order = queries.order_of_change(work, readdress)
    done = gettext("已改成新地址。打印过的面单要重新打印。")
    return _act(work, order, lambda: actions.agree_address(work, readdress), done, "address", Form())


@supplier.post("/orders/addresses/<uuid:readdress>/refuse", may=SHIP)
def orders_refuse(work: Work, readdress: UUID) -> Answer:
    """Say why not."""
    order, form = queries.order_of_change(work, readdress), ReasonForm()
    reason = form.reason.data or ""
    return _act(
        work,
        order,
        lambda: actions.refuse_address(work, readdress, reason=reason),
        gettext("已答复买家。"),
        "address",
        form,
    )


@supplier.post("/orders/parcels/<uuid:parcel>/undo", may=SHIP)
def orders_undo(work: Work, parcel: UUID) -> Answer:
    """Take a shipment back."""
    order = queries.order_of_parcel(work, parcel)
    done = gettext("已撤销发货，订单回到待发货。")
    return _act(work, order, lambda: actions.undo(work, parcel), done, "parcel", Form())


@supplier.post("/orders/parcels/<uuid:parcel>/correct", may=SHIP)
def orders_correct(work: Work, parcel: UUID) -> Answer:
    """Give a parcel its right number."""
    order, form = queries.order_of_parcel(work, parcel), NumberForm()
    number, carrier = form.number.data or "", form.carrier.data or ""
    return _act(
        work,
        order,
        lambda: actions.correct(work, parcel, number=number, carrier=carrier),
        gettext("单号已更正，买家会看到新的单号。"),
        "parcel",
        form,
    )
