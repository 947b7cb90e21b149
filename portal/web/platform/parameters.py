"""Parameters: what is in force, what comes, what was; set one from a moment on, cancel what has not begun."""

from __future__ import annotations

from uuid import UUID

from portal.domain.onboarding.queries.applications import people
from portal.domain.reference import queries
from portal.domain.reference.actions import parameters as acts
from portal.domain.reference.values import PARAMETERS
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.clocks import utc
from portal.web.forms.base import Form
from portal.web.forms.platform import ParameterForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform

EDIT = Permission.PARAMETER_EDIT


@platform.get("/parameters", may=EDIT)
def parameters_list(work: Work) -> Page:
    """All of them with their history."""
    return _list(work, ParameterForm(formdata=None))


def _list(work: Work, form: Form, status: int = 200) -> Page:
    shown, history = queries.parameters(work), queries.history(work)
    setters = people(work, [value.set_by for values in history.values() for value in values])
    return page(
        "platform/parameters/list.html",
        shown=shown,
        history=history,
        people=setters,
        form=form,
        now=work.now(),
        status=status,
    )


@platform.post("/parameters", may=EDIT)
def parameters_set(work: Work) -> Answer:
    """A value from a moment on."""
    form = ParameterForm()
    if form.validate():
        with form.tries(work):
            when, note = utc(form.effective_at.data), form.note.data or ""
            acts.set_value(work, form.name.data or "", value=form.value.data, effective_at=when, note=note)
            return see_other("platform.parameters_list", flash=gettext("参数已设置。"))
    form.wrong_name = form.name.data if form.name.data in PARAMETERS else ""
    return _list(work, form, status=422)


@platform.post("/parameters/<uuid:value>/cancel", may=EDIT)
def parameters_cancel(work: Work, value: UUID) -> Answer:
    """Take back what has not begun."""
    form = ParameterForm(formdata=None)
    posted = Form()
    if posted.validate():
        with form.tries(work):
            acts.cancel(work, value)
            return see_other("platform.parameters_list", flash=gettext("已取消，不会生效。"), tone="info")
    return _list(work, form, status=422)
