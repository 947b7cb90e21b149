"""Merchants: find them, see what they are, suspend, reinstate, close."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import request

from portal.domain.onboarding.queries import profiles
from portal.domain.tenants.actions import merchants as acts
from portal.domain.tenants.queries import merchants as queries
from portal.domain.tenants.queries import staff
from portal.domain.tenants.values import Kind, MerchantState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.asking import asked_one, asked_words
from portal.web.forms.platform import ReasonForm
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.platform import platform
from portal.web.platform.legal import legal_words

SEE, RULE = Permission.MERCHANT_VIEW, Permission.MERCHANT_SUSPEND


@platform.get("/merchants", may=SEE)
def merchants_list(work: Work) -> Page:
    """All merchants, the latest first."""
    kind, state, words = asked_one(Kind, "kind"), asked_one(MerchantState, "state"), asked_words()
    found, more = queries.merchants(work, kind=kind, state=state, words=words, after=asked_after())
    return page(
        "platform/merchants/list.html",
        block="rows",
        merchants=found,
        further=found[-1].id if more else None,
        wanted={"kind": kind, "state": state, "q": words or None},
        kinds=tuple(Kind),
        states=tuple(MerchantState),
    )


@platform.get("/merchants/<uuid:merchant>", may=SEE)
def merchants_show(work: Work, merchant: UUID) -> Page:
    """One merchant: state, legal data, staff."""
    return _show(work, merchant, ReasonForm(formdata=None))


def _show(work: Work, merchant: UUID, form: ReasonForm, status: int = 200) -> Page:
    shown = queries.merchant(work, merchant)
    found = profiles.profile(work, merchant)
    application, pending = profiles.papers_of(work, merchant)
    return page(
        "platform/merchants/show.html",
        merchant=shown,
        profile=found,
        facts=legal_words(work, found.particulars).facts(found.particulars) if found else {},
        members=staff.members(work, merchant),
        application=application,
        pending=pending,
        form=form,
        status=status,
    )


@platform.post("/merchants/<uuid:merchant>/suspend", may=RULE)
def merchants_suspend(work: Work, merchant: UUID) -> Answer:
    """Close everything at once."""
    reason = request.form.get("reason", "")
    flash = gettext("已暂停：后台、门店和优惠券同时关闭。")
    return _move(work, merchant, lambda: acts.suspend(work, merchant, reason=reason), flash)


@platform.post("/merchants/<uuid:merchant>/reinstate", may=RULE)
def merchants_reinstate(work: Work, merchant: UUID) -> Answer:
    """Open it again."""
    return _move(work, merchant, lambda: acts.reinstate(work, merchant), gettext("已恢复。"))


@platform.post("/merchants/<uuid:merchant>/close", may=RULE)
def merchants_close(work: Work, merchant: UUID) -> Answer:
    """End it for good."""
    reason = request.form.get("reason", "")
    return _move(work, merchant, lambda: acts.close(work, merchant, reason=reason), gettext("已关闭，历史记录保留。"))


def _move(work: Work, merchant: UUID, act: Callable[[], None], flash: str) -> Answer:
    form = ReasonForm()
    if form.validate():
        with form.tries(work):
            act()
            return see_other("platform.merchants_show", merchant=merchant, flash=flash)
    return _show(work, merchant, form, status=422)
