"""Stores in a merchant's office: list, open a new one, edit, show on the street, hide, close, pictures, history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.reference import queries as reference
from portal.domain.reference.values import Purpose
from portal.domain.stores import actions, queries
from portal.domain.stores.values import StoreState
from portal.domain.tenants.queries import staff
from portal.kernel import phones
from portal.kernel.hours import say_spans
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import pictures
from portal.web.asking import asked_one, asked_words
from portal.web.desks import storeforms
from portal.web.forms.base import Form
from portal.web.forms.stores import PicturesForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.storefront import all_below, hours_line

SEE, EDIT = Permission.STORE_VIEW, Permission.STORE_EDIT
MOST_AT_ONCE = 200
WEEK = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))


MARKS = {
    StoreState.DRAFT: (_l("未上架"), "draft"),
    StoreState.LISTED: (_l("已上架"), "ok"),
    StoreState.CLOSED: (_l("已关店"), "quiet"),
}


def add(office: Office) -> None:
    """Register the pages."""
    office.nav.append(NavItem(_l("门店"), f"{office.name}.stores_list", SEE, group=_l("经营")))
    office.get("/stores", may=SEE)(stores_list)
    office.post("/stores/bulk", may=EDIT)(stores_bulk)
    storeforms.add(office)
    office.get("/stores/<uuid:store>", may=SEE)(stores_show)
    for rule, act in (
        ("/stores/<uuid:store>/show", stores_publish),
        ("/stores/<uuid:store>/hide", stores_hide),
        ("/stores/<uuid:store>/close", stores_close),
        ("/stores/<uuid:store>/pictures", stores_picture_add),
        ("/stores/<uuid:store>/pictures/<uuid:picture>/first", stores_picture_first),
        ("/stores/<uuid:store>/pictures/<uuid:picture>/remove", stores_picture_remove),
    ):
        office.post(rule, may=EDIT)(act)


def stores_list(work: Work) -> Page:
    """Every store in reach, filtered by state, category and words."""
    return _list(work, Form())


def stores_bulk(work: Work) -> Answer:
    """Show or hide the stores that were ticked."""
    form = Form()
    if form.validate():
        with form.tries(work):
            ids = _ticked()
            act = actions.show if request.form.get("act") == "show" else actions.hide
            count = act(work, ids)
            done = gettext("已上架 %(count)s 家门店。", count=count)
            if act is actions.hide:
                done = gettext("已下架 %(count)s 家门店。", count=count)
            return see_other(".stores_list", flash=done)
    return _list(work, form, status=422)


def _ticked() -> list[UUID]:
    try:
        ids = [UUID(text) for text in request.form.getlist("ids")[: MOST_AT_ONCE + 1]]
    except ValueError:
        ids = []
    if not ids or len(ids) > MOST_AT_ONCE:
        raise Refusal(say("请先勾选门店，一次最多 %(most)s 家。", most=MOST_AT_ONCE))
    return ids


def _list(work: Work, form: Form, *, status: int = 200) -> Page:
    state, words = asked_one(StoreState, "state"), asked_words()
    categories = {one.id: one for one in reference.categories(work, Purpose.STORES, hidden=True)}
    chosen = next((one for one in categories.values() if one.code == request.args.get("category")), None)
    lines = queries.store_lines(
        work,
        state=state,
        words=words,
        category_ids=all_below(chosen, categories) if chosen else frozenset(),
        after=asked_after(),
        most=queries.MOST + 1,
    )
    return page(
        "desks/stores/list.html",
        block="rows",
        status=status,
        form=form,
        lines=[(line, hours_line(line.state_at(work.now()), work.now())) for line in lines[: queries.MOST]],
        further=lines[queries.MOST - 1].id if len(lines) > queries.MOST else None,
        counts=queries.store_counts(work),
        show_phone=phones.show,
        categories=categories,
        chosen=chosen,
        state=state,
        q=words,
        keep={"state": state, "category": chosen.code if chosen else None, "q": words or None},
        marks=MARKS,
    )


def stores_show(work: Work, store: UUID) -> Page:
    """One store: how the street sees it, what may be done, what was done."""
    return _show(work, store, PicturesForm(formdata=None))


def _show(work: Work, store_id: UUID, form: Form, *, status: int = 200) -> Page:
    shown = queries.store(work, store_id)
    categories = {one.id: one for one in reference.categories(work, Purpose.STORES, hidden=True)}
    return page(
        "desks/stores/show.html",
        status=status,
        form=form,
        shown=shown,
        mark=MARKS[shown.state],
        category=categories.get(shown.facts.category_id) if shown.facts.category_id else None,
        hours=hours_line(shown.now_at(work.now()), work.now()),
        history=queries.store_history(work, store_id),
        names=staff.names(work, work.merchant_id),
        most=actions.MOST_PICTURES,
        days=WEEK,
        say_spans=say_spans,
        show_phone=phones.show,
    )


def _act(work: Work, store_id: UUID, act: Callable[[], Any], done: str, form: Form | None = None) -> Answer:
    form = form or PicturesForm()
    if form.validate():
        with form.tries(work):
            act()
            return see_other(".stores_show", store=store_id, flash=done)
    return _show(work, store_id, form, status=422)


def stores_publish(work: Work, store: UUID) -> Answer:
    """Onto the street."""
    return _act(work, store, lambda: actions.show(work, [store]), gettext("已上架，附近的人现在能看到。"))


def stores_hide(work: Work, store: UUID) -> Answer:
    """Off the street, for now."""
    return _act(work, store, lambda: actions.hide(work, [store]), gettext("已下架，街上暂时看不到。"))


def stores_close(work: Work, store: UUID) -> Answer:
    """Closed for good."""
    return _act(work, store, lambda: actions.close(work, store), gettext("已关店。记录都会保留。"))


def stores_picture_add(work: Work, store: UUID) -> Answer:
    """Add pictures, drawn anew."""
    form = PicturesForm()

    def add_them() -> None:
        files = [file for file in form.pictures.data or () if file and file.filename]
        if not files:
            raise Refusal(say("请先选择图片。"), field="pictures")
        if len(files) > actions.MOST_PICTURES:
            raise Refusal(say("一次最多 %(most)s 张图片。", most=actions.MOST_PICTURES), field="pictures")
        kept = [pictures.keep(file, field="pictures") for file in files]
        actions.add_pictures(work, store, pictures=kept)

    return _act(work, store, add_them, gettext("图片已保存。"), form)


def stores_picture_first(work: Work, store: UUID, picture: UUID) -> Answer:
    """Make it the cover."""
    return _act(work, store, lambda: actions.move_picture(work, store, picture), gettext("已设为封面。"))


def stores_picture_remove(work: Work, store: UUID, picture: UUID) -> Answer:
    """Take it away."""
    return _act(work, store, lambda: _forget(work, store, picture), gettext("图片已删除。"))


def _forget(work: Work, store: UUID, picture: UUID) -> None:
    pictures.forget_later(actions.remove_picture(work, store, picture))
