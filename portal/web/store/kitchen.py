"""Kitchen screens: all stations, one station, the pass. Every key and button is a form, so nothing needs a script."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for

from portal.domain.kitchen import actions, queries
from portal.domain.kitchen.rules.permits import permit
from portal.domain.kitchen.values import Screen
from portal.domain.menus.values import Trade
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.kitchenwords import SHOWN
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import NavItem, services
from portal.web.pages import Answer, Page, SeeOther, see_other
from portal.web.store import store as office
from portal.web.store.frame import counter_page

SEE, COOK, SERVE = Permission.KITCHEN_VIEW, Permission.KITCHEN_COOK, Permission.TAB_SERVE
office.nav.append(NavItem(_l("后厨"), "store.kitchen_all", SEE, trade=Trade.MENUS))
AT = "store.kitchen_all"
MOST_AT_ONCE = 200


@office.get("/kitchen", may=SEE)
def kitchen_all(work: Work, store: UUID) -> Page:
    """Everything that is to be made today, whoever makes it."""
    return _board(work, store, "store/kitchen/board.html", queries.screen(work, store))


@office.get("/kitchen/stations/<uuid:station>", may=SEE)
def kitchen_station(work: Work, store: UUID, station: UUID) -> Page:
    """One station's screen."""
    return _board(work, store, "store/kitchen/board.html", queries.screen(work, store, station), station=station)


@office.get("/kitchen/pass", may=SEE)
def kitchen_pass(work: Work, store: UUID) -> Page:
    """What is made and waits to be carried."""
    return _board(work, store, "store/kitchen/pass.html", queries.ready(work, store))


@office.post("/kitchen/done", may=COOK)
def kitchen_done(work: Work, store: UUID) -> Answer:
    """Made; of a slip: taken notice of."""
    form = Form()
    with form.tries(work):
        count = actions.done(work, store, _asked())
        note = "" if count else gettext("别人已经点过了。")
        return _back(note, "info")
    return _board(work, store, "store/kitchen/board.html", queries.screen(work, store), form=form, status=422)


@office.post("/kitchen/recall", may=COOK)
def kitchen_recall(work: Work, store: UUID) -> Answer:
    """Not made after all."""
    form = Form()
    with form.tries(work):
        actions.recall(work, store, _asked())
        return _back(gettext("已召回，回到屏幕上了。"))
    return _board(work, store, "store/kitchen/board.html", queries.screen(work, store), form=form, status=422)


@office.post("/kitchen/seen", may=COOK)
def kitchen_seen(work: Work, store: UUID) -> Answer:
    """Somebody looks: the sound stops."""
    actions.see(work, store, _station())
    return _back()


@office.post("/kitchen/serve", may=SERVE)
def kitchen_serve(work: Work, store: UUID) -> Answer:
    """On the table."""
    form = Form()
    with form.tries(work):
        count = actions.serve(work, store, _asked())
        flash = gettext("%(count)s 样菜已上桌。", count=count)
        return see_other("store.kitchen_pass", flash=flash)
    return _board(work, store, "store/kitchen/pass.html", queries.ready(work, store), form=form, status=422)


def _asked() -> list[UUID]:
    """The tickets of the button: one, or all of its card."""
    texts = request.form.getlist("every" if "all" in request.form else "ticket")[:MOST_AT_ONCE]
    return [one for one in map(_uuid, texts) if one]


def _station() -> UUID | None:
    return _uuid(request.form.get("station", ""))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _back(flash: str = "", tone: str = "ok") -> SeeOther:
    """The screen the form came from."""
    station = _station()
    if station is None:
        return see_other("store.kitchen_all", flash=flash, tone=tone)
    return see_other("store.kitchen_station", station=station, flash=flash, tone=tone)


def _board(
    work: Work,
    store: UUID,
    template: str,
    screen: Screen,
    *,
    station: UUID | None = None,
    form: Form | None = None,
    status: int = 200,
) -> Page:
    stations = queries.stations(work, store)
    chosen = next((one for one in stations if one.id == station), None)
    if station is not None and chosen is None:
        raise NotFound
    shown: dict[str, Any] = {
        "screen": screen,
        "stations": stations,
        "chosen": chosen,
        "form": form or Form(formdata=None),
        "trouble": queries.trouble(work, store),
        "ill": queries.ill_printers(work, store),
        "permit": permit(services().settings.secret_key, work.merchant_id, store, work.now()),
        "may_cook": work.may(COOK),
        "may_serve": work.may(SERVE),
        "here": url_for("store.kitchen_station", station=station) if chosen else url_for("store.kitchen_all"),
    }
    return counter_page(work, store, template, status=status, at=AT, **shown, **SHOWN)
