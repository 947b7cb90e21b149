"""轮牌: who is next, who came and went, and why somebody gave his turn away."""

from __future__ import annotations

from uuid import UUID

from portal.domain.turns import actions, queries
from portal.domain.turns.values import Declined, Requested
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web import crewwords
from portal.web.forms.base import Form
from portal.web.forms.crew import DeclineForm, PutForm, RuleForm, WhoForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, see_other
from portal.web.store import store as office
from portal.web.store.board import board_page

SEE, EDIT = Permission.BOOKING_VIEW, Permission.BOOKING_EDIT
LIST = "store.turns_list"


@office.get("/turns", may=SEE)
def turns_list(work: Work, store: UUID) -> Page:
    """Today's list."""
    return _list(work, store, Form(formdata=None))


def _list(work: Work, store: UUID, form: Form, *, status: int = 200) -> Page:
    board = queries.board(work, store)
    rule = RuleForm(formdata=None, requested=board.rule.requested.value, declined=board.rule.declined.value)
    return board_page(
        work, store, "store/turns/list.html", status=status, board=board, form=form, rule=rule, turns=crewwords.TURNS
    )


@office.post("/turns/join", may=EDIT)
def turns_join(work: Work, store: UUID) -> Answer:
    """上牌."""
    actions.join(work, store, WhoForm().who())
    return see_other(LIST)


@office.post("/turns/leave", may=EDIT)
def turns_leave(work: Work, store: UUID) -> Answer:
    """下牌."""
    form = WhoForm()
    with form.tries(work):
        actions.leave(work, store, form.who())
        return see_other(LIST)
    return _list(work, store, form, status=422)


@office.post("/turns/next", may=EDIT)
def turns_next(work: Work, store: UUID) -> Answer:
    """The next one gets a client who needs no booking here."""
    form = Form()
    with form.tries(work):
        who = actions.take_next(work, store)
        name = next(one.name for one in queries.board(work, store).places if one.resource_id == who)
        return see_other(LIST, flash=gettext("轮到 %(name)s，已排到末尾。", name=name))
    return _list(work, store, form, status=422)


@office.post("/turns/decline", may=EDIT)
def turns_decline(work: Work, store: UUID) -> Answer:
    """让牌, with a reason."""
    form = DeclineForm()
    with form.tries(work):
        actions.decline(work, store, form.who(), reason=form.reason.data or "")
        return see_other(LIST, flash=gettext("已让出这一牌。"), tone="info")
    return _list(work, store, form, status=422)


@office.post("/turns/put", may=EDIT)
def turns_put(work: Work, store: UUID) -> Answer:
    """To another place by hand, with a reason."""
    form = PutForm()
    if form.validate():
        with form.tries(work):
            actions.put(work, store, form.who(), nth=form.nth.data or 1, reason=form.reason.data or "")
            return see_other(LIST, flash=gettext("牌位已调整，原因记在下面。"), tone="info")
    return _list(work, store, form, status=422)


@office.post("/turns/rule", may=Permission.CALENDAR_EDIT)
def turns_rule(work: Work, store: UUID) -> Answer:
    """The store's rule."""
    form = RuleForm()
    if form.validate():
        requested, declined = Requested(form.requested.data), Declined(form.declined.data)
        actions.set_rule(work, store, requested=requested, declined=declined)
        return see_other(LIST, flash=gettext("轮牌规则已保存。"))
    return _list(work, store, form, status=422)
