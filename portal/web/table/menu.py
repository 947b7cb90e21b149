"""The menu at a table: sections, search, a dish with its options, and what puts it on the tab."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from flask import Response, g, request, url_for

from portal.domain.menus import queries as menus
from portal.domain.menus.values import Dish, Menu, Section
from portal.domain.tabs import actions
from portal.domain.tabs.values import MOST_OF_ONE, NOTE_MOST, Wanted
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.words import Text, say
from portal.kernel.work import Work
from portal.web import menuwords
from portal.web.asking import one_id
from portal.web.forms.base import Form
from portal.web.htmx import htmx
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, SeeOther, see_other
from portal.web.seats import whole
from portal.web.table import table
from portal.web.table.frame import here, table_page, unchanged

ORDER = Permission.TAB_ORDER
GONE: Text = say("这道菜现在不供应了，请看看别的。")


@table.get("/", may=ORDER)
def menu_show(work: Work) -> Answer:
    """What is served now. A screen that polls gets the bar alone, or with `mark` the dishes once they have changed."""
    if (same := unchanged()) is not None:
        return same
    words = request.args.get("q", "").strip()
    sections = [one for one in (_found(one, words) for one in served(work).sections) if one.dishes]
    asked, mark = request.args.get("mark"), _mark(sections)
    if htmx.wants_block and asked == mark:
        return Response(status=204)
    return table_page(
        work,
        "table/menu/show.html",
        block="live" if asked is None else "dishes",
        sections=sections,
        q=words,
        mark=mark,
        in_part=htmx.wants_block,
        picture=picture,
        form=Form(formdata=None),
    )


def _mark(sections: Sequence[Section]) -> str:
    """Changes with whatever a page shows of the dishes: what is sold out, for instance."""
    return sha256(repr(sections).encode()).hexdigest()[:16]


def served(work: Work) -> Menu:
    """The menu of the store of this sitting."""
    return menus.served(work, work.merchant_id, g.seat.store_id, work.now())


def _found(section: Section, words: str) -> Section:
    if not words:
        return section
    dishes = tuple(dish for dish in section.dishes if words.lower() in dish.name.lower())
    return Section(section.id, section.name, section.menu, dishes)


def picture(dish: Dish) -> str:
    """The address of its picture; nothing when there is none."""
    return menuwords.picture(dish) or ""


@table.get("/dishes/<uuid:dish>", may=ORDER)
def dishes_show(work: Work, dish: UUID) -> Answer:
    """One dish with what is to be chosen."""
    return _dish(work, dish, Form(formdata=None))


def _dish(work: Work, dish_id: UUID, form: Form, *, status: int = 200) -> Answer:
    dish = served(work).by_id.get(dish_id)
    if dish is None:
        raise NotFound(GONE)
    return table_page(
        work,
        "table/menu/dish.html",
        status=status,
        dish=dish,
        form=form,
        picture=picture,
        chosen={value for name in request.form if name.startswith("g-") for value in request.form.getlist(name)},
        quantity=request.form.get("quantity", "1"),
        note=request.form.get("note", ""),
        most=MOST_OF_ONE,
        note_most=NOTE_MOST,
    )


@table.post("/lines", may=ORDER)
def lines_add(work: Work) -> Answer:
    """Put a dish on the tab; the server says what it costs."""
    form, dish_id = Form(), one_id(request.form.get("dish", ""))
    if form.validate():
        with form.tries(work):
            actions.add(work, here(work), _wanted(dish_id))
            if htmx.wants_block:
                return see_other("table.menu_show", since="", _anchor=f"d-{dish_id}")
            back = url_for("table.menu_show", q=request.form.get("q") or None, _anchor=f"d-{dish_id}")
            return SeeOther(back, gettext("已加入购物车。"))
    refused = _dish(work, dish_id, form, status=422)
    if isinstance(refused, Page):
        refused.headers |= {"HX-Retarget": "body", "HX-Reswap": "innerHTML"}  # a whole page, not the bar
    return refused


def _wanted(dish_id: UUID) -> Wanted:
    """What the form says; how much it costs is not in there."""
    groups = {one_id(name[2:]): name for name in request.form if name.startswith("g-")}
    options = {
        group: tuple(one_id(value) for value in request.form.getlist(name) if value) for group, name in groups.items()
    }
    return Wanted(dish_id, options, whole("quantity"), request.form.get("note", ""))
