"""The staff orders for a table: search, one tap for a plain dish, a form for options, weight and 时价."""

from __future__ import annotations

from uuid import UUID

from flask import request, url_for

from portal.domain.menus import queries as menus
from portal.domain.menus.values import Dish, Menu
from portal.domain.tabs import actions, errors
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import MOST_OF_ONE, NOTE_MOST, Tab, Wanted
from portal.kernel.money import parse_yuan
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web.asking import asked_words, one_id
from portal.web.forms.base import Form
from portal.web.locale import gettext, said
from portal.web.pages import Answer, Page, SeeOther, see_other
from portal.web.seats import whole
from portal.web.store import store as office
from portal.web.store.tabframe import tab_at, tab_page

ORDER = Permission.TAB_ORDER
MOST_GRAMS = 100_000


@office.get("/tabs/<uuid:sitting>/order", may=ORDER)
def tab_order(work: Work, store: UUID, sitting: UUID) -> Page:
    """The menu with what is written down beside it."""
    return _order(work, tab_at(work, store, sitting), Form(formdata=None))


def _menu(work: Work, tab: Tab) -> Menu:
    return menus.served(work, work.merchant_id, tab.store_id, work.now())


def _order(work: Work, tab: Tab, form: Form, *, status: int = 200) -> Page:
    q, menu = asked_words(), _menu(work, tab)
    dishes = dict.fromkeys(dish.id for section in menu.sections for dish in section.dishes)
    sections = [
        (section, [dish for dish in section.dishes if not q or q.lower() in dish.name.lower()])
        for section in menu.sections
    ]
    return tab_page(
        work,
        tab,
        "store/tab/order.html",
        status=status,
        sections=[pair for pair in sections if pair[1]],
        nth={dish: number for number, dish in enumerate(dishes, 1)},
        q=q,
        form=form,
        drafts=[line for line in tab.drafts if line.guest_id is None],
        note=request.form.get("note", ""),
        note_most=NOTE_MOST,
        most=MOST_OF_ONE,
    )


@office.get("/tabs/<uuid:sitting>/dishes/<uuid:dish>", may=ORDER)
def tab_dish(work: Work, store: UUID, sitting: UUID, dish: UUID) -> Page:
    """One dish with what is to be said of it."""
    return _dish(work, tab_at(work, store, sitting), dish, Form(formdata=None))


def _dish(work: Work, tab: Tab, dish_id: UUID, form: Form, *, status: int = 200) -> Page:
    dish = _menu(work, tab).by_id.get(dish_id)
    if dish is None:
        raise NotFound(say("这道菜现在不供应了，请看看别的。"))
    return tab_page(
        work,
        tab,
        "store/tab/dish.html",
        status=status,
        dish=dish,
        form=form,
        chosen={value for name in request.form if name.startswith("g-") for value in request.form.getlist(name)},
        entered=request.form,
        most=MOST_OF_ONE,
        note_most=NOTE_MOST,
    )


@office.post("/tabs/<uuid:sitting>/lines", may=ORDER)
def tab_add(work: Work, store: UUID, sitting: UUID) -> Answer:
    """Write a dish down for the table."""
    tab, form, dish_id = tab_at(work, store, sitting), Form(), one_id(request.form.get("dish", ""))
    if form.validate():
        with form.tries(work):
            dish = _menu(work, tab).by_id.get(dish_id)
            if dish is None:
                raise Refusal(say("这道菜现在不供应了，请看看别的。"))
            actions.add(work, sitting, _wanted(dish))
            words = request.form.get("q") or None
            return SeeOther(url_for("store.tab_order", sitting=sitting, q=words, _anchor=f"d-{dish_id}"))
    return _dish(work, tab, dish_id, form, status=422)


def _wanted(dish: Dish) -> Wanted:
    """What the form says; weight and the price of the day only where the dish asks for them."""
    groups = {one_id(name[2:]): name for name in request.form if name.startswith("g-")}
    options = {
        group: tuple(one_id(value) for value in request.form.getlist(name) if value) for group, name in groups.items()
    }
    grams = _grams(request.form.get("grams", "")) if dish.pricing == "weight" else None
    price = parse_yuan(request.form.get("price", "")) if dish.pricing == "market" else None
    return Wanted(dish.id, options, whole("quantity"), request.form.get("note", ""), grams, price)


def _grams(text: str) -> int:
    text = text.strip()
    grams = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
    if not 1 <= grams <= MOST_GRAMS:
        raise Refusal(say("请填称出来的重量，单位是克。"))
    return grams


@office.post("/tabs/<uuid:sitting>/drafts", may=ORDER)
def tab_drafts(work: Work, store: UUID, sitting: UUID) -> Answer:
    """One more, one less, away with it, or send it to the kitchen."""
    tab, form = tab_at(work, store, sitting), Form()
    if form.validate():
        with form.tries(work):
            act, _colon, what = request.form.get("act", "").partition(":")
            if act == "place":
                sent = actions.send(work, sitting, note=request.form.get("note", ""))
                if isinstance(sent, errors.PriceMoved):
                    moved = {"flash": said(sent.sentence), "tone": "wait"}
                    return see_other("store.tab_order", sitting=sitting, _anchor="drafts", **moved)
                waits = tab.pays == "before"
                done = gettext("已提交，付款后开始制作。") if waits else gettext("已下单，厨房开始准备了。")
                return see_other("store.tab_show", sitting=sitting, flash=done)
            if act in ("more", "less", "remove"):
                line = tabs.line(work, sitting, one_id(what))
                quantity = {"more": line.quantity + 1, "less": line.quantity - 1, "remove": 0}[act]
                actions.change(work, sitting, line.id, quantity)
            return see_other("store.tab_order", sitting=sitting, _anchor="drafts")
    return _order(work, tab_at(work, store, sitting), form, status=422)
