"""Who works here: list, invite, change role and stores, remove, take an invitation back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import g

from portal.domain.stores.queries.names import store_names
from portal.domain.tenants.actions import invitations
from portal.domain.tenants.actions import staff as acts
from portal.domain.tenants.queries import staff as queries
from portal.domain.tenants.values import KINDS_WITH_STORES, ROLES_OF_KIND, Member
from portal.kernel import phones
from portal.kernel.limits import Limit
from portal.kernel.permissions import Permission, Role
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.forms.tenants import CoverForm, InviteForm
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.office import Checks, NavItem, Office, services
from portal.web.pages import Answer, Page, page, see_other

SEE, EDIT = Permission.STAFF_VIEW, Permission.STAFF_EDIT
INVITATIONS = Limit("staff.invite", 60, 3600)


def add(office: Office) -> None:
    """Register the pages."""
    office.nav.append(NavItem(_l("员工"), f"{office.name}.staff_list", SEE, group=_l("团队")))
    office.get("/staff", may=SEE)(staff_list)
    office.get("/staff/invite", may=EDIT)(staff_new)
    office.post("/staff/invite", may=EDIT, gate=_inviting)(staff_invite)
    office.post("/staff/invitations/<uuid:invitation>/revoke", may=EDIT)(staff_revoke)
    office.get("/staff/<uuid:member>", may=EDIT)(staff_edit)
    office.post("/staff/<uuid:member>", may=EDIT)(staff_change)
    office.post("/staff/<uuid:member>/remove", may=EDIT)(staff_remove)


def staff_list(work: Work) -> Page:
    """Everybody who works here, and who is asked to."""
    return _list(work, Form())


def staff_new(work: Work) -> Page:
    """An empty invitation."""
    return _invite(work, InviteForm(formdata=None, cover="all"))


def staff_invite(work: Work) -> Answer:
    """Ask somebody to join."""
    form = InviteForm()
    _offer(work, form)
    if form.validate():
        with form.tries(work):
            phone = phones.normalise_mobile(form.phone.data, demo=services().settings.is_demo)
            role = Role(form.role.data)
            invitations.invite(work, phone=phone, name=form.name.data, role=role, store_ids=form.covered)
            return see_other(".staff_list", flash=gettext("已邀请 %(name)s，等对方接受。", name=form.name.data))
    return _invite(work, form, status=422)


def staff_revoke(work: Work, invitation: UUID) -> Answer:
    """Take an invitation back."""
    form = Form()
    if form.validate():
        with form.tries(work):
            invitations.revoke(work, invitation)
            return see_other(".staff_list", flash=gettext("邀请已撤回。"), tone="info")
    return _list(work, form, status=422)


def staff_edit(work: Work, member: UUID) -> Page:
    """One member of staff."""
    shown = queries.member(work, member)
    cover = "all" if shown.store_ids is None else "some"
    chosen = [str(store_id) for store_id in shown.store_ids or ()]
    return _member(work, shown, CoverForm(formdata=None, role=shown.role.value, cover=cover, store_ids=chosen))


def staff_change(work: Work, member: UUID) -> Answer:
    """Another role or other stores."""
    form = CoverForm()
    _offer(work, form)
    if form.validate():
        with form.tries(work):
            acts.change(work, member, role=Role(form.role.data), store_ids=form.covered)
            return see_other(".staff_list", flash=gettext("已保存，立即生效。"))
    return _member(work, queries.member(work, member), form, status=422)


def staff_remove(work: Work, member: UUID) -> Answer:
    """Out at once."""
    form = Form()
    if form.validate():
        with form.tries(work):
            acts.remove(work, member)
            return see_other(".staff_list", flash=gettext("已移除，对方马上不能再进来。"))
    return _list(work, form, status=422)


def _inviting(args: dict[str, Any]) -> Checks:
    return [(INVITATIONS, str(args.get("merchant", "")))]


def _list(work: Work, form: Form, status: int = 200) -> Page:
    return page(
        "desks/staff/list.html",
        members=queries.members(work, work.merchant_id),
        invitations=queries.invitations(work),
        stores={store.id: store.name for store in store_names(work)},
        form=form,
        status=status,
    )


def _offer(work: Work, form: CoverForm) -> None:
    kind = g.hat.kind
    stores = [(store.id, store.name) for store in store_names(work)] if kind in KINDS_WITH_STORES else []
    form.offer(ROLES_OF_KIND[kind], stores)


def _invite(work: Work, form: InviteForm, status: int = 200) -> Page:
    _offer(work, form)
    return page("desks/staff/invite.html", form=form, status=status)


def _member(work: Work, member: Member, form: CoverForm, status: int = 200) -> Page:
    _offer(work, form)
    return page("desks/staff/edit.html", member=member, form=form, status=status)
