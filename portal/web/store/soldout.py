"""沽清 in a store: tick what is sold out, say until when, bring it back. For clerks and the kitchen."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.menus import actions, queries
from portal.domain.menus.queries.choices import Choice
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import menuwords
from portal.web.asking import asked_words
from portal.web.forms.menus import StopForm, chosen_ids
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Answer, Page, see_other
from portal.web.store import store as office
from portal.web.store.frame import counter_page

STOP = Permission.MENU_STOP
office.nav.append(NavItem(_l("沽清"), "store.soldout_board", STOP))


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
        stopped=[one for one in dishes if one.stopped],
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
            actions.stop_many(work, store, ids, menuwords.until_of(form.until.data or "", work.now()))
            flash = gettext("已沽清 %(count)s 道，桌上和厨房立即生效。", count=len(ids))
            return see_other("store.soldout_board", flash=flash)
    return _board(work, store, form, status=422)


@office.post("/sold-out/resume", may=STOP)
def soldout_resume(work: Work, store: UUID) -> Answer:
    """Back on the menu."""
    form = StopForm()
    with form.tries(work):
        for dish_id in chosen_ids(request.form.getlist("ids")):
            actions.resume(work, store, dish_id)
        return see_other("store.soldout_board", flash=gettext("已恢复，现在可以点了。"))
    return _board(work, store, form, status=422)
