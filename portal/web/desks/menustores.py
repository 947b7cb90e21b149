"""What each store does otherwise: which dishes it offers at which price, what is sold out, how it keeps its tables."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.menus import actions, queries
from portal.domain.menus.queries.choices import Choice
from portal.domain.menus.values import Pricing
from portal.domain.stores import queries as stores
from portal.domain.stores.values import StoreName
from portal.kernel.money import parse_yuan
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web import menuwords
from portal.web.asking import asked_words
from portal.web.desks.reach import in_reach, store_in_reach
from portal.web.forms.base import Form
from portal.web.forms.fields import options
from portal.web.forms.menus import StopForm, TableRulesForm, chosen_ids, table_values
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, Office
from portal.web.pages import Answer, Page, page, see_other
from portal.web.stopping import stop_as_told

SEE, EDIT, STOP = Permission.MENU_VIEW, Permission.MENU_EDIT, Permission.MENU_STOP


def add(office: Office) -> None:
    """Register the pages."""
    group = _l("堂食")
    office.nav.append(NavItem(_l("门店供应与沽清"), f"{office.name}.menustores_start", SEE, group=group))
    office.get("/menu-stores", may=SEE)(menustores_start)
    office.get("/menu-stores/<uuid:store>", may=SEE)(menustores_board)
    office.post("/menu-stores/<uuid:store>", may=EDIT)(in_reach(menustores_save))
    office.post("/menu-stores/<uuid:store>/stop", may=STOP)(in_reach(menustores_stop))
    office.post("/menu-stores/<uuid:store>/resume", may=STOP)(in_reach(menustores_resume))
    office.get("/menu-stores/<uuid:store>/tables", may=EDIT)(menustores_tables)
    office.post("/menu-stores/<uuid:store>/tables", may=EDIT)(in_reach(menustores_tables_save))


def menustores_start(work: Work) -> Page:
    """Which store."""
    counts = queries.stopped_counts(work, work.now())
    return page("desks/menus/start.html", stores=[(one, counts.get(one.id, 0)) for one in _stores(work)])


def _stores(work: Work) -> list[StoreName]:
    return stores.store_names(work)


def menustores_board(work: Work, store: UUID) -> Page:
    """Every dish with its switches for this store."""
    return _board(work, store, StopForm(formdata=None))


def _board(work: Work, store_id: UUID, form: Form, *, status: int = 200) -> Page:
    q, typed = asked_words(), request.form
    return page(
        "desks/menus/board.html",
        status=status,
        form=form,
        store=store_in_reach(work, store_id),
        stores=_stores(work),
        choices=queries.choices(work, store_id, work.now(), q=q),
        q=q,
        typed=typed,
        ticked=set(typed.getlist("ids")),
        own=_typed_as,
        now=work.now(),
        **menuwords.SHOWN,
    )


def _typed_as(one: Choice) -> str:
    """The store's own price as somebody would type it."""
    return "" if one.own_fen is None else f"{one.own_fen / 100:.2f}".removesuffix(".00")


def menustores_save(work: Work, store: UUID) -> Answer:
    """Keep what differs from before."""
    form = StopForm()
    if form.validate():
        with form.tries(work):
            count = _save(work, store)
            flash = gettext("已保存 %(count)s 处改动，立即生效。", count=count)
            return see_other(".menustores_board", store=store, q=asked_words() or None, flash=flash)
    return _board(work, store, form, status=422)


def _save(work: Work, store_id: UUID) -> int:
    shown = set(chosen_ids(request.form.getlist("shown")))
    offered = set(chosen_ids(request.form.getlist("offered")))
    changed = 0
    for one in queries.choices(work, store_id, work.now()):
        if one.id not in shown:
            continue
        own = _own(one)
        if (one.id in offered, own) != (one.offered, one.own_fen):
            actions.set_choice(work, store_id, one.id, offered=one.id in offered, price_fen=own)
            changed += 1
    return changed


def _own(one: Choice) -> int | None:
    text = request.form.get(f"price-{one.id}", "").strip()
    if not text or one.pricing is Pricing.MARKET:
        return None
    try:
        fen = parse_yuan(text)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field=None) from refusal
    return None if fen == one.price_fen and one.own_fen is None else fen


def menustores_stop(work: Work, store: UUID) -> Answer:
    """Sold out in this store, at once everywhere."""
    form = StopForm()
    ids = chosen_ids(request.form.getlist("ids"))
    if not ids:
        form.form_errors.append(gettext("请先勾选卖完的菜。"))
    elif form.validate():
        with form.tries(work):
            return see_other(".menustores_board", store=store, flash=stop_as_told(work, store, ids, form))
    return _board(work, store, form, status=422)


def menustores_resume(work: Work, store: UUID) -> Answer:
    """Back on the menu."""
    form = StopForm()
    with form.tries(work):
        for dish_id in chosen_ids(request.form.getlist("ids")):
            actions.resume(work, store, dish_id)
        return see_other(".menustores_board", store=store, flash=gettext("已恢复，现在可以点了。"))
    return _board(work, store, form, status=422)


def menustores_tables(work: Work, store: UUID) -> Page:
    """How the store keeps its tables."""
    rules = queries.table_rules(work, work.merchant_id, store_in_reach(work, store).id)
    return _tables(work, store, TableRulesForm(formdata=None, data=table_values(rules)))


def menustores_tables_save(work: Work, store: UUID) -> Answer:
    """It holds from the next sitting on."""
    form = _offered(work, TableRulesForm())
    if form.validate():
        with form.tries(work):
            actions.set_table_rules(work, store, form.rules())
            return see_other(".menustores_tables", store=store, flash=gettext("已保存，下次开台起生效。"))
    return _tables(work, store, form, status=422)


def _offered(work: Work, form: TableRulesForm) -> TableRulesForm:
    form.musts.choices = options(*((str(dish_id), name) for dish_id, name in queries.parts(work, plain=True)))
    return form


def _tables(work: Work, store_id: UUID, form: TableRulesForm, *, status: int = 200) -> Page:
    store = store_in_reach(work, store_id)
    return page("desks/menus/tables.html", status=status, form=_offered(work, form), store=store)
