"""Invitations to work for a merchant, as the invited person sees them."""

from __future__ import annotations

from uuid import UUID

from portal.domain.tenants.actions import invitations
from portal.domain.tenants.queries import staff
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.hats import OFFICES
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop

ANSWER = Permission.INVITATION_ANSWER


@shop.get("/invitations", may=ANSWER)
def invitations_list(work: Work) -> Page:
    """Who asks me, and for what."""
    return _list(work, Form())


def _list(work: Work, form: Form, status: int = 200) -> Page:
    return page("shop/invitations/list.html", invitations=staff.invitations_to_me(work), form=form, status=status)


@shop.post("/invitations/<uuid:invitation>/accept", may=ANSWER)
def invitations_accept(work: Work, invitation: UUID) -> Answer:
    """Join, and go to work."""
    form = Form()
    if form.validate():
        with form.tries(work):
            merchant_id = invitations.accept(work, invitation)
            shown = staff.invitation(work, invitation)
            flash = gettext("欢迎加入 %(merchant)s。", merchant=shown.merchant_name)
            return see_other(f"{OFFICES[shown.kind]}.home", merchant=merchant_id, flash=flash)
    return _list(work, form, status=422)


@shop.post("/invitations/<uuid:invitation>/decline", may=ANSWER)
def invitations_decline(work: Work, invitation: UUID) -> Answer:
    """Say no."""
    form = Form()
    if form.validate():
        with form.tries(work):
            invitations.decline(work, invitation)
            return see_other("shop.invitations_list", flash=gettext("已谢绝。"), tone="info")
    return _list(work, form, status=422)
