"""Shipping many at once: a pasted column is read, looked at, and sent in one go. Bad rows stay with their reasons."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.shipping import actions, queries
from portal.domain.shipping.actions import Sending, Sent
from portal.domain.shipping.queries import Checked, Wanted
from portal.domain.shipping.rules.paste import Read, aliases, cells_of, read_column, tidy
from portal.domain.shipping.values import MOST_AT_ONCE
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import Text, say
from portal.kernel.work import Work
from portal.web import dispatch
from portal.web.forms.base import Form
from portal.web.locale import gettext, said
from portal.web.pages import Answer, Page, page, see_other
from portal.web.supplier import supplier
from portal.web.supplier.orders import board_page

SHIP = Permission.ORDER_SHIP
SHOWS = "it shows what would leave, and keeps nothing"
MOST_SAID = 3


@supplier.post("/orders/preview", may=SHIP, repeats=SHOWS)
def orders_preview(work: Work) -> Page:
    """What the pasted column, or the corrected rows, would do."""
    form, paste = Form(), request.form.get("paste", "")
    with form.tries(work):
        if request.form.getlist("order"):
            return _preview(work, form, _typed(), ())
        wanted, lost = _pasted(work, paste)
        return _preview(work, form, wanted, lost)
    return board_page(work, form, status=422, paste=paste)


@supplier.post("/orders/ship", may=SHIP)
def orders_send(work: Work) -> Answer:
    """Send what can be sent."""
    form, wanted = Form(), _typed()
    if form.validate():
        with form.tries(work):
            rows = [Sending(one.order_id, one.number, one.carrier) for one in wanted if one.number]
            sent = actions.ship_many(work, [_tidied(row) for row in rows])
            if sent.orders:
                return see_other("supplier.orders_board", flash=_told(sent), tone="wait" if sent.refused else "ok")
            raise Refusal(sent.refused[0][1])
    return _preview(work, form, wanted, (), status=422)


def _tidied(row: Sending) -> Sending:
    return Sending(row.order_id, tidy(row.number), row.carrier)


def _told(sent: Sent) -> str:
    """What left, and the first reasons why others did not."""
    text = gettext("已发出 %(count)s 单，%(parcels)s 个包裹。", count=len(sent.orders), parcels=len(sent.parcels))
    if not sent.refused:
        return text
    reasons = " ".join(said(sentence) for _order, sentence in sent.refused[:MOST_SAID])
    return text + gettext("%(count)s 单没有发：", count=len(sent.refused)) + reasons


def _preview(work: Work, form: Form, wanted: list[Wanted], lost: tuple[Text, ...], *, status: int = 200) -> Page:
    found: tuple[Checked, ...] = queries.checked(work, wanted) if wanted else ()
    return page(
        "supplier/orders/preview.html",
        status=status,
        form=form,
        found=found,
        lost=lost,
        ready=sum(one.goes for one in found),
        parcels=len({(one.carrier, one.number) for one in found if one.goes}),
        empty=sum(not one.number for one in found),
        **dispatch.SHOWN,
    )


def _pasted(work: Work, paste: str) -> tuple[list[Wanted], tuple[Text, ...]]:
    """The rows of the page with their numbers, then orders that only the paste names; and lines nobody knows."""
    rows = queries.several(work, dispatch.ticked("ids", "row")) if request.form.getlist("row") else ()
    numbers = {row.number: row.id for row in rows}
    further = queries.known_numbers(work, [cell for cell in cells_of(paste) if cell not in numbers])
    known = {**further, **numbers}
    held = {row.number for row in rows if row.blocked}
    read = read_column(paste, list(numbers), aliases(known), held)
    if len(read) > MOST_AT_ONCE:
        raise Refusal(say("一次发 1 到 %(most)s 单。", most=MOST_AT_ONCE), field="paste")
    found = [_wanted(one, known) for one in read if one.order is not None]
    lost = tuple(one.problem for one in read if one.order is None and one.problem is not None)
    return found, lost


def _wanted(one: Read, known: dict[str, UUID]) -> Wanted:
    return Wanted(known[one.order or ""], one.number, one.carrier or "", one.problem)


def _typed() -> list[Wanted]:
    """The rows of the preview as they were corrected. Nonsense is no row."""
    orders, numbers, carriers = (request.form.getlist(name) for name in ("order", "number", "carrier"))
    if not len(orders) == len(numbers) == len(carriers) <= MOST_AT_ONCE:
        raise Refusal(say("表格不完整，请回到发车板重新粘贴。"))
    try:
        ids = [UUID(text) for text in orders]
    except ValueError:
        raise Refusal(say("表格不完整，请回到发车板重新粘贴。")) from None
    return [Wanted(*row) for row in zip(ids, numbers, carriers, strict=True)]
