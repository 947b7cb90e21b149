"""Dishes in a merchant's office: list with search, editor, option groups, changes to many at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.menus import actions, queries
from portal.domain.menus.queries.desk import DishShown
from portal.domain.menus.values import DishState
from portal.kernel.money import parse_yuan
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import menuwords, optionforms, pictures
from portal.web.asking import asked_one, asked_words
from portal.web.forms.base import Form
from portal.web.forms.menus import DishForm, chosen_ids, dish_values
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after

SEE, EDIT = Permission.MENU_VIEW, Permission.MENU_EDIT


def add(office: Office) -> None:
    """Register the pages."""
    office.nav.append(NavItem(_l("菜品"), f"{office.name}.dishes_list", SEE, group=_l("堂食")))
    office.get("/dishes", may=SEE)(dishes_list)
    for rule, view in (
        ("/dishes/new", dishes_new),
        ("/dishes/<uuid:dish>", dishes_edit),
        ("/dishes/<uuid:dish>/options", dishes_options),
    ):
        office.get(rule, may=EDIT)(view)
    for rule, act in (
        ("/dishes/new", dishes_create),
        ("/dishes/bulk", dishes_bulk),
        ("/dishes/prices/<uuid:repricing>/undo", dishes_prices_undo),
        ("/dishes/<uuid:dish>", dishes_save),
        ("/dishes/<uuid:dish>/options", dishes_options_save),
        ("/dishes/<uuid:dish>/remove", dishes_remove),
        ("/dishes/<uuid:dish>/take-back", dishes_take_back),
        ("/dishes/<uuid:dish>/picture/remove", dishes_picture_remove),
    ):
        office.post(rule, may=EDIT)(act)


def dishes_list(work: Work) -> Page:
    """All dishes, by name, section and state."""
    return _list(work, Form(formdata=None))


def _list(work: Work, form: Form, *, status: int = 200) -> Page:
    q, state = asked_words(), asked_one(DishState, "state")
    state = None if state is DishState.GONE else state
    section = next(iter(chosen_ids([request.args.get("section", "")])), None)
    found, more = queries.dishes(work, q=q, section=section, state=state, after=asked_after())
    keep = {"q": q or None, "state": state.value if state else None, "section": section}
    return page(
        "desks/dishes/list.html",
        block="rows" if "after" in request.args else None,
        status=status,
        form=form,
        dishes=found,
        further=found[-1].id if more else None,
        repriced=queries.last_repriced(work) if work.may(EDIT) else None,
        counts=queries.counts(work),
        menus=queries.menus(work),
        keep=keep,
        gone=next(iter(chosen_ids([request.args.get("gone", "")])), None),
        ticked=set(request.form.getlist("ids")),
        **menuwords.SHOWN,
    )


def dishes_bulk(work: Work) -> Answer:
    """The same change to the ticked dishes."""
    form = Form()
    ids = chosen_ids(request.form.getlist("ids"))
    if form.validate():
        with form.tries(work):
            count = _bulk(work, ids)
            return see_other(".dishes_list", flash=gettext("已改 %(count)s 道菜。", count=count), **_kept())
    return _list(work, form, status=422)


def dishes_prices_undo(work: Work, repricing: UUID) -> Answer:
    """The former prices; what somebody has changed since stays."""
    form = Form()
    with form.tries(work):
        back, stay = actions.undo_prices(work, repricing)
        flash = gettext("已撤销调价，%(count)s 道菜恢复原价。", count=back)
        if stay:
            flash = gettext("%(count)s 道菜恢复原价；%(stay)s 道之后被改过，保持现状。", count=back, stay=stay)
        return see_other(".dishes_list", flash=flash, tone="info" if stay else "ok", **_kept())
    return _list(work, form, status=422)


def _kept() -> dict[str, Any]:
    return {name: request.args[name] for name in ("q", "state", "section") if request.args.get(name)}


def _bulk(work: Work, ids: list[UUID]) -> int:
    act, typed = request.form.get("act", ""), request.form
    if act in ("on", "off"):
        return actions.set_state(work, ids, DishState(act))
    if act == "remove":
        return actions.set_state(work, ids, DishState.GONE)
    if act == "station":
        return actions.set_station(work, ids, typed.get("station", ""))
    if act == "groups":
        source = chosen_ids([typed.get("source", "")])
        if not source:
            raise Refusal(say("请选择从哪道菜复制选项组。"))
        return actions.copy_groups(work, ids, source[0])
    if act == "raise":
        return actions.raise_prices(work, ids, fen=_signed(typed.get("amount", "")))
    raise Refusal(say("请选择要做什么。"))


def _signed(text: str) -> int:
    """+2, -1.5: yuan more or less, in fen."""
    plain = half_width(text).strip().replace("−", "-")
    fen = parse_yuan(plain.lstrip("+-"))
    return -fen if plain.startswith("-") else fen


def dishes_new(work: Work) -> Page:
    """An empty form."""
    given = chosen_ids([request.args.get("section", "")])
    form = DishForm(formdata=None, data={"sections": [str(one) for one in given]})
    return _form(work, form, None)


def dishes_create(work: Work) -> Answer:
    """Write a dish; its options come on the next page."""
    form = DishForm().offer(queries.menus(work))
    if form.validate():
        with form.tries(work):
            dish_id = actions.create(work, form.dish())
            _picture(work, form, dish_id)
            if request.form.get("next") == "options":
                return see_other(".dishes_options", dish=dish_id, flash=gettext("已保存，再加选项。"))
            return see_other(".dishes_edit", dish=dish_id, flash=gettext("已保存，菜单上现在就有。"))
    return _form(work, form, None, status=422)


def _picture(work: Work, form: DishForm, dish_id: UUID) -> None:
    upload = form.picture.data
    if upload and upload.filename:
        kept = asdict(pictures.keep(upload, field="picture"))
        pictures.forget_later(actions.set_picture(work, dish_id, kept))


def dishes_edit(work: Work, dish: UUID) -> Page:
    """A dish with everything about it."""
    shown = queries.dish(work, dish)
    return _form(work, DishForm(formdata=None, data=dish_values(shown)), shown)


def dishes_save(work: Work, dish: UUID) -> Answer:
    """Change it; bills keep the price of their time."""
    form = DishForm().offer(queries.menus(work))
    if form.validate():
        with form.tries(work):
            actions.edit(work, dish, form.dish(), version=_version(form.version.data))
            _picture(work, form, dish)
            return see_other(".dishes_edit", dish=dish, flash=gettext("已保存，立即生效。已下单的价格不变。"))
    return _form(work, form, queries.dish(work, dish), status=422)


def _version(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def _form(work: Work, form: DishForm, shown: DishShown | None, *, status: int = 200) -> Page:
    menus = queries.menus(work)
    return page(
        "desks/dishes/edit.html",
        status=status,
        form=form.offer(menus),
        shown=shown,
        stations=queries.stations(work),
        **menuwords.SHOWN,
    )


def dishes_options(work: Work, dish: UUID) -> Page:
    """The option groups of a dish, all in one form."""
    shown = queries.dish(work, dish)
    return _options(work, shown, Form(formdata=None), optionforms.rows_of(shown.groups))


def _options(work: Work, shown: DishShown, form: Form, rows: Any, *, status: int = 200) -> Page:
    combo = shown.facts.kind.value == "combo"
    return page(
        "desks/dishes/options.html",
        status=status,
        form=form,
        shown=shown,
        rows=rows,
        inner=queries.parts(work) if combo else (),
        **menuwords.SHOWN,
    )


def dishes_options_save(work: Work, dish: UUID) -> Answer:
    """Keep the groups, or show the form with one more row."""
    shown, form = queries.dish(work, dish), Form()
    rows = optionforms.typed(request.form)
    if request.form.get("do") in ("group", "option"):
        more = optionforms.further(rows, request.form.get("do", ""))
        return _options(work, shown, form, more, status=422)
    if form.validate():
        with form.tries(work):
            version = _version(request.form.get("version"))
            actions.set_groups(work, dish, optionforms.groups(rows, shown.groups), version=version)
            return see_other(".dishes_options", dish=dish, flash=gettext("选项已保存，立即生效。"))
    return _options(work, shown, form, rows, status=422)


def dishes_remove(work: Work, dish: UUID) -> Answer:
    """Throw it away; the list offers to take it back."""
    actions.set_state(work, [dish], DishState.GONE)
    return see_other(".dishes_list", gone=dish, flash=gettext("已删除。"))


def dishes_take_back(work: Work, dish: UUID) -> Answer:
    """Not after all."""
    actions.take_back(work, dish)
    return see_other(".dishes_edit", dish=dish, flash=gettext("已恢复，目前停售。"))


def dishes_picture_remove(work: Work, dish: UUID) -> Answer:
    """Without a picture."""
    return _acted(work, dish, lambda: pictures.forget_later(actions.set_picture(work, dish, None)))


def _acted(work: Work, dish: UUID, act: Callable[[], None]) -> Answer:
    form = DishForm()
    with form.tries(work):
        act()
        return see_other(".dishes_edit", dish=dish, flash=gettext("图片已删除。"))
    return _form(work, form, queries.dish(work, dish), status=422)
