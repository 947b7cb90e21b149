"""Contested referrers: keep them or take them away."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.identity.actions import oversight
from portal.domain.tenants.queries import persons
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.platform import platform

JUDGE = Permission.REFERRAL_JUDGE


@platform.get("/referrals", may=JUDGE)
def referrals_list(work: Work) -> Page:
    """What waits; with ?judged=1 what was decided."""
    return _list(work, Form())


def _list(work: Work, form: Form, status: int = 200) -> Page:
    judged = request.args.get("judged") == "1"
    rows = persons.contested(work, judged=judged)
    return page("platform/referrals/list.html", referrals=rows, judged=judged, form=form, status=status)


@platform.post("/referrals/<uuid:person>/uphold", may=JUDGE)
def referrals_uphold(work: Work, person: UUID) -> Answer:
    """The referrer stays."""
    return _judge(work, person, uphold=True)


@platform.post("/referrals/<uuid:person>/remove", may=JUDGE)
def referrals_remove(work: Work, person: UUID) -> Answer:
    """The referrer goes."""
    return _judge(work, person, uphold=False)


def _judge(work: Work, person: UUID, *, uphold: bool) -> Answer:
    form = Form()
    if form.validate():
        with form.tries(work):
            oversight.judge_referral(work, person, uphold=uphold)
            flash = gettext("维持原推荐人。") if uphold else gettext("已解除推荐人。")
            return see_other("platform.referrals_list", flash=flash)
    return _list(work, form, status=422)
