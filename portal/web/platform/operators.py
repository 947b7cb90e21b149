"""The platform's own people: appoint, change, dismiss, reset a lost second factor."""

from __future__ import annotations

from uuid import UUID

from portal.domain.identity.actions import oversight
from portal.domain.tenants.actions import operators as acts
from portal.domain.tenants.queries import staff
from portal.kernel import phones
from portal.kernel.permissions import Permission, Role
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.forms.platform import OperatorForm, RoleForm
from portal.web.locale import gettext
from portal.web.office import services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform

EDIT = Permission.OPERATOR_EDIT


@platform.get("/operators", may=EDIT)
def operators_list(work: Work) -> Page:
    """Everybody who works or worked for the platform."""
    return _list(work, OperatorForm(formdata=None))


def _list(work: Work, form: Form, status: int = 200) -> Page:
    appoint = form if isinstance(form, OperatorForm) else OperatorForm(formdata=None)
    appoint.offer()
    change = RoleForm(formdata=None)
    change.offer()
    people = staff.operators(work)
    template = "platform/operators/list.html"
    return page(template, operators=people, form=form, appoint=appoint, change=change, status=status)


@platform.post("/operators", may=EDIT)
def operators_appoint(work: Work) -> Answer:
    """Somebody new."""
    form = OperatorForm()
    form.offer()
    if form.validate():
        with form.tries(work):
            phone = phones.normalise_mobile(form.phone.data, demo=services().settings.is_demo)
            acts.appoint(work, phone=phone, role=Role(form.role.data))
            return see_other("platform.operators_list", flash=gettext("已任命。"))
    return _list(work, form, status=422)


@platform.post("/operators/<uuid:person>", may=EDIT)
def operators_change(work: Work, person: UUID) -> Answer:
    """Another role."""
    form = RoleForm()
    form.offer()
    if form.validate():
        with form.tries(work):
            acts.change(work, person, role=Role(form.role.data))
            return see_other("platform.operators_list", flash=gettext("角色已更改，立即生效。"))
    return _list(work, form, status=422)


@platform.post("/operators/<uuid:person>/dismiss", may=EDIT)
def operators_dismiss(work: Work, person: UUID) -> Answer:
    """Out at once."""
    form = Form()
    if form.validate():
        with form.tries(work):
            acts.dismiss(work, person)
            return see_other("platform.operators_list", flash=gettext("已解除，对方马上不能再进来。"))
    return _list(work, form, status=422)


@platform.post("/operators/<uuid:person>/reset-factor", may=Permission.FACTOR_RESET)
def operators_reset(work: Work, person: UUID) -> Answer:
    """A lost second factor is taken away; its owner sets a new one up."""
    form = Form()
    if form.validate():
        with form.tries(work):
            oversight.reset_factor(work, person)
            return see_other("platform.operators_list", flash=gettext("二次验证已重置，对方已退出所有设备。"))
    return _list(work, form, status=422)
