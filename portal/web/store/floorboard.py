"""The floor of a store now: every table with who sits there, since when, what waits; opening a table is a tap."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, request, url_for

from portal.domain.bills import queries as bills
from portal.domain.floor import queries as floor
from portal.domain.floor.values import Table
from portal.domain.menus.values import Trade
from portal.domain.tabs import actions
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import SittingOnFloor
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.asking import asked_words
from portal.web.forms.base import Form
from portal.web.htmx import htmx
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem
from portal.web.pages import Answer, Page, see_other
from portal.web.seats import whole
from portal.web.store import store as office
from portal.web.store.frame import counter_page
from portal.web.store.over import OverForm, asked_why
from portal.web.store.tabframe import AT

SEE, SERVE, ORDER = Permission.FLOOR_VIEW, Permission.TAB_SERVE, Permission.TAB_ORDER
FEW = ("free", "busy", "waits")
LONG = 90
"""Minutes after which a table is marked as sitting long."""

office.nav.append(NavItem(_l("桌台"), AT, SEE, trade=Trade.TABLES))


@office.get("/floor", may=SEE)
def floor_board(work: Work, store: UUID) -> Answer:
    """All tables; a screen that has it all gets 204 until something changes, or a minute is over."""
    mark = _mark(work, store)
    if htmx.wants_block and request.args.get("since") == mark:
        return Response(status=204)
    return _board(work, store, mark, Form(formdata=None))


def _mark(work: Work, store: UUID) -> str:
    return f"{tabs.floor_mark(work, store)}.{int(work.now().timestamp()) // 60}"


def _board(work: Work, store: UUID, mark: str, form: Form, *, status: int = 200) -> Page:
    plan, sittings = floor.plan(work, store), tabs.floor_state(work, store)
    at = {table: one for one in sittings for table in one.table_ids}
    only, area, q = request.args.get("show", ""), request.args.get("area", ""), asked_words()
    paid = bills.paid_by_sitting(work, store, [one.id for one in sittings])
    minutes = {one.id: int((work.now() - one.opened_at).total_seconds() // 60) for one in sittings}
    shown = [one for one in plan.in_use if _wanted(one, at.get(one.id), only, area, q)]
    facts: dict[str, Any] = {
        "areas": plan.areas,
        "groups": [(each, [one for one in shown if one.area_id == each.id]) for each in plan.areas],
        "shown": shown,
        "seated": at,
        "minutes": minutes,
        "long": LONG,
        "owed": {one.id: one.due_fen - paid.get(one.id, 0) for one in sittings},
        "sittings": sittings,
        "free": [one for one in plan.in_use if one.id not in at],
        "tables": plan.in_use,
        "coming": floor.coming(work, store),
        "people": sum(one.people for one in sittings),
        "waits": sum(bool(_waits(one)) for one in sittings),
        "only": only if only in FEW else "",
        "area": area,
        "q": q,
        "mark": mark,
        "form": form,
        "cleared": bills.cleared(work, store),
        "entered": request.form,
    }
    page = counter_page(work, store, "store/floor/board.html", at=AT, **facts)
    return Page(page.template, page.context, "live", status)


def _waits(one: SittingOnFloor) -> int:
    return one.calls + one.asking + one.unpaid_rounds


def _wanted(table: Table, one: SittingOnFloor | None, only: str, area: str, q: str) -> bool:
    if area and str(table.area_id) != area:
        return False
    if q and q.lower() not in table.name.lower():
        return False
    fits = {"free": one is None, "busy": one is not None, "waits": one is not None and _waits(one) > 0}
    return fits.get(only, True)


@office.post("/floor/open", may=ORDER)
def floor_open(work: Work, store: UUID) -> Answer:
    """开台, at one table or several put together."""
    form = OverForm()
    if form.validate():
        with form.tries(work):
            chosen = [_uuid(text) for text in request.form.getlist("table")]
            sitting = actions.open(work, store, chosen, whole("people"), over=form.reason())
            return see_other("store.tab_order", sitting=sitting, flash=gettext("已开台。"))
        if form.over.errors:
            return asked_why(work, store, form, url_for("store.floor_open"), url_for("store.floor_board"))
    return _board(work, store, _mark(work, store), form, status=422)


@office.post("/tabs/<uuid:sitting>/reopen", may=SERVE)
def tab_reopen(work: Work, store: UUID, sitting: UUID) -> Answer:
    """It was cleared by mistake."""
    form = Form()
    with form.tries(work):
        actions.reopen(work, sitting)
        return see_other("store.tab_show", sitting=sitting, flash=gettext("已恢复，客人要重新扫码加入。"))
    return _board(work, store, _mark(work, store), form, status=422)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
