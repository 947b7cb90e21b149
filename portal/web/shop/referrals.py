"""Who brought me, whom I may bring: a link behind a QR code, bound once at registration, open to objection."""

from __future__ import annotations

from flask import g, request, session, url_for

from portal.domain.identity import queries
from portal.domain.identity.actions import referrals as acts
from portal.kernel.permissions import ANYONE, Permission
from portal.kernel.work import Work
from portal.web.drawings import qr
from portal.web.forms.people import ContestForm
from portal.web.locale import gettext
from portal.web.office import services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop

MINE = Permission.PROFILE_EDIT


@shop.get("/r/<token>", may=ANYONE)
def invited(work: Work, token: str) -> Page:
    """Who invites, in plain words; nothing is bound yet."""
    inviter = queries.inviter(work, token)
    if g.signed_in is None:
        session["referral"] = inviter.token
    return page("shop/me/invited.html", inviter=inviter)


@shop.get("/me/referrals", may=MINE)
def referrals(work: Work) -> Page:
    """My referrer and my own code."""
    return _referrals(work, ContestForm())


@shop.post("/me/referrals/link", may=MINE)
def referrals_link(work: Work) -> Answer:
    """Make my own code."""
    acts.make_my_link(work)
    return see_other("shop.referrals")


@shop.post("/me/referrals/contest", may=MINE)
def referrals_contest(work: Work) -> Answer:
    """My referrer is wrong."""
    form = ContestForm()
    if form.validate():
        with form.tries(work):
            acts.contest(work, reason=form.reason.data)
            return see_other("shop.referrals", flash=gettext("异议已提交，平台核实后会告诉您。"))
    return _referrals(work, form, status=422)


def _referrals(work: Work, form: ContestForm, *, status: int = 200) -> Page:
    token = queries.my_link(work)
    root = services().settings.public_url or request.host_url.rstrip("/")
    url = root + url_for("shop.invited", token=token) if token else ""
    drawing = qr(url) if url else None
    return page("shop/me/referrals.html", mine=queries.my_referrer(work), url=url, qr=drawing, form=form, status=status)
