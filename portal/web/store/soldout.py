"""沽清 in a store: tick what is sold out, say until when, bring it back. For clerks and the kitchen."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.menus import actions, queries
from portal.domain.menus.queries.choices import Choice
from portal.domain.menus.values import Trade
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web import menuwords
from portal.web.asking import asked_words
from portal.web.forms.menus import StopForm, chosen_ids
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Answer, Page, see_other
from portal.web.stopping import stop_as_told
from portal.web.store import store as office
from portal.web.store.frame import counter_page

STOP = Permission.MENU_STOP
office.nav.append(NavItem(_l("沽清"), "store.soldout_board", STOP, trade=Trade.MENUS))


@office.get("/sold-out", may=STOP)
def soldout_board(work: Work, store: UUID) -> Page:
    """What is sold out, and everything that could be."""
    return _board(work, store, StopForm(formdata=None))


def _board(work: Work, store: UUID, form: StopForm, *, status: int = 200) -> Page:
    q = asked_words()
    dishes = [one for one in queries.choices(work, store, work.now(), q=q) if one.offered]
    return counter_page(
        work,
        store,
        "store/soldout/board.html",
        status=status,
        at="store.soldout_board",
        form=form,
        q=q,
        short=[one for one in dishes if one.short],
        sections=_sections([one for one in dishes if not one.stopped]),
        ticked=set(form.ids.data or ()),
        **menuwords.SHOWN,
    )


def _sections(dishes: list[Choice]) -> list[tuple[str, list[Choice]]]:
    """By their first section, in the order of the menus."""
    found: dict[str, list[Choice]] = {}
    for one in dishes:
        found.setdefault(one.sections[0] if one.sections else "", []).append(one)
    return list(found.items())


@office.post("/sold-out", may=STOP)
def soldout_stop(work: Work, store: UUID) -> Answer:
    """These are sold out, at once everywhere."""
    form = StopForm()
    ids = chosen_ids(form.ids.data or ())
    if not ids:
        form.form_errors.append(gettext("请先勾选卖完的菜。"))
    elif form.validate():
        with form.tries(work):
            return see_other("store.soldout_board", flash=stop_as_told(work, store, ids, form))
    return _board(work, store, form, status=422)


@office.get("/sold-out/<uuid:dish>", may=STOP)
def soldout_dish(work: Work, store: UUID, dish: UUID) -> Page:
    """One dish: which of its options are sold out."""
    one = _choice(work, store, dish)
    return _options(work, store, one, StopForm(formdata=None), [option_id for option_id, _name, _until in one.out])


@office.post("/sold-out/<uuid:dish>", may=STOP)
def soldout_options(work: Work, store: UUID, dish: UUID) -> Answer:
    """Exactly these options are sold out, at once everywhere."""
    one, form = _choice(work, store, dish), StopForm()
    ids = chosen_ids(form.ids.data or ())
    if form.validate():
        with form.tries(work):
            until = menuwords.until_of(form.until.data or "", work.now())
            actions.stop_options(work, store, dish, ids, until)
            flash = gettext("已保存，桌上立即生效。") if ids else gettext("选项都可以点了。")
            return see_other("store.soldout_board", flash=flash)
    return _options(work, store, one, form, ids, status=422)


def _choice(work: Work, store: UUID, dish: UUID) -> Choice:
    found = next((one for one in queries.choices(work, store, work.now()) if one.id == dish and one.options), None)
    if found is None:
        raise NotFound
    return found


def _options(work: Work, store: UUID, one: Choice, form: StopForm, ticked: list[UUID], *, status: int = 200) -> Page:
    shown = {"form": form, "one": one, "ticked": ticked, **menuwords.SHOWN}
    return counter_page(work, store, "store/soldout/dish.html", status=status, at="store.soldout_board", **shown)


@office.post("/sold-out/resume", may=STOP)
def soldout_resume(work: Work, store: UUID) -> Answer:
    """Back on the menu."""
    form = StopForm()
    with form.tries(work):
        for dish_id in chosen_ids(request.form.getlist("ids")):
            actions.resume(work, store, dish_id)
        return see_other("store.soldout_board", flash=gettext("已恢复，现在可以点了。"))
    return _board(work, store, form, status=422)
