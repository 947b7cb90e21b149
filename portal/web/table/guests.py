"""Who sits here: names and colours, strangers to let in, the friend's invitation, how many we are."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, g, request, url_for

from portal.domain.menus import queries as menus
from portal.domain.tabs import actions
from portal.domain.tabs import queries as tabs
from portal.domain.tabs.values import INVITE_MINUTES, MOST_PEOPLE, NAME_MOST
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.drawings import qr
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.pages import Answer, see_other
from portal.web.seats import whole
from portal.web.table import table
from portal.web.table.frame import here, table_page, unchanged

ORDER = Permission.TAB_ORDER


@table.get("/guests", may=ORDER)
def guests_list(work: Work) -> Answer:
    """Who is here, who asks, and how friends come in."""
    if (same := unchanged()) is not None:
        return same
    return _guests(work, Form(formdata=None))


def _guests(work: Work, form: Form, *, status: int = 200) -> Answer:
    code, fresh = tabs.invite(work, here(work))
    public = current_app.extensions["portal"].settings.public_url or request.host_url.rstrip("/")
    link = public + url_for("shop.seats_invited", sitting=here(work), secret=code)
    return table_page(
        work,
        "table/guests/list.html",
        block="live",
        status=status,
        form=form,
        rules=menus.table_rules(work, work.merchant_id, g.seat.store_id),
        link=link if fresh else "",
        code=qr(link) if fresh else None,
        minutes=INVITE_MINUTES,
        name_most=NAME_MOST,
        most=MOST_PEOPLE,
    )


@table.post("/guests/<uuid:guest>/let-in", may=ORDER)
def guests_admit(work: Work, guest: UUID) -> Answer:
    """Let a stranger in who asked."""
    actions.let_in(work, here(work), guest)
    return see_other("table.guests_list", flash=gettext("已让 TA 加入。"))


@table.post("/guests/<uuid:guest>/turn-away", may=ORDER)
def guests_refuse(work: Work, guest: UUID) -> Answer:
    """Not one of us."""
    actions.turn_away(work, here(work), guest)
    return see_other("table.guests_list", flash=gettext("已拒绝。邀请码也换了新的。"))


@table.post("/name", may=ORDER)
def guests_rename(work: Work) -> Answer:
    """What I am called here."""
    form = Form()
    if form.validate():
        with form.tries(work):
            actions.rename(work, here(work), request.form.get("name", ""))
            return see_other("table.guests_list", flash=gettext("名字已改好。"))
    return _guests(work, form, status=422)


@table.post("/people", may=ORDER)
def people_set(work: Work) -> Answer:
    """How many we are; 茶位费 follows."""
    form = Form()
    if form.validate():
        with form.tries(work):
            actions.set_people(work, here(work), whole("people"))
            return see_other("table.guests_list", flash=gettext("人数已更新。"))
    return _guests(work, form, status=422)


@table.post("/invite", may=ORDER)
def invite_turn(work: Work) -> Answer:
    """A new code for friends; the one before is void."""
    actions.turn_key(work, here(work))
    return see_other("table.guests_list", flash=gettext("邀请码换好了，以前的不再有效。"), _anchor="invite")
