"""The cart of a table: own lines to change, friends' to see, how many we are, and the button that orders."""

from __future__ import annotations

from uuid import UUID

from flask import g, request

from portal.domain.menus import queries as menus
from portal.domain.tabs import actions, errors
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import MOST_OF_ONE, NOTE_MOST, Seen
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.asking import one_id
from portal.web.forms.base import Form
from portal.web.locale import gettext, said
from portal.web.pages import Answer, see_other
from portal.web.table import table
from portal.web.table.frame import here, table_page, unchanged

ORDER = Permission.TAB_ORDER


@table.get("/cart", may=ORDER)
def cart_show(work: Work) -> Answer:
    """What is thought of, and by whom."""
    if (same := unchanged()) is not None:
        return same
    return _cart(work, Form(formdata=None))


def _cart(work: Work, form: Form, *, status: int = 200) -> Answer:
    return table_page(
        work,
        "table/cart/show.html",
        block="live",
        status=status,
        form=form,
        note=request.form.get("note", ""),
        note_most=NOTE_MOST,
        most=MOST_OF_ONE,
        rules=menus.table_rules(work, work.merchant_id, g.seat.store_id),
    )


@table.post("/cart", may=ORDER)
def cart_save(work: Work) -> Answer:
    """Do what the button says: one more, one less, away with it, or order what the page showed."""
    form = Form()
    if form.validate():
        with form.tries(work):
            act, _colon, what = request.form.get("act", "").partition(":")
            if act in ("place", "mine"):
                return _place(work, mine_only=act == "mine")
            if act in ("more", "less", "remove"):
                _change(work, act, one_id(what))
            return see_other("table.cart_show")
    return _cart(work, form, status=422)


def _change(work: Work, act: str, line_id: UUID) -> None:
    sitting_id = here(work)
    quantity = tabs.line(work, sitting_id, line_id).quantity if act != "remove" else 0
    actions.change(work, sitting_id, line_id, quantity + {"more": 1, "less": -1, "remove": 0}[act])


def _place(work: Work, *, mine_only: bool) -> Answer:
    done = actions.send(work, here(work), mine_only=mine_only, seen=_seen(), note=request.form.get("note", ""))
    if isinstance(done, errors.PriceMoved):
        return see_other("table.cart_show", flash=said(done.sentence), tone="wait")
    waits = tabs.tab(work, here(work)).pays == "before"
    note = gettext("已提交，付款后开始制作。") if waits else gettext("已下单，厨房开始准备了。")
    return see_other("table.rounds_list", flash=note)


def _seen() -> dict[UUID, Seen]:
    """What the page showed: line, pieces, fen."""
    found: dict[UUID, Seen] = {}
    for text in request.form.getlist("seen"):
        line, _colon, figures = text.partition(":")
        pieces, _colon, fen = figures.partition(":")
        if not (pieces.isascii() and pieces.isdigit() and fen.isascii() and fen.isdigit()) or len(figures) > 20:
            raise errors.NothingToPlace
        found[one_id(line)] = Seen(int(pieces), int(fen))
    return found
