"""The platform's look at payments: all of them, refunds that are not done, notices that do not fit."""

from __future__ import annotations

from uuid import UUID

from portal.domain.payments import actions, queries
from portal.domain.payments.values import IntentState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.asking import asked_one
from portal.web.forms.base import Form
from portal.web.locale import gettext
from portal.web.pages import Answer, Page, page, see_other
from portal.web.periods import asked_after
from portal.web.platform import platform

SEE, EDIT = Permission.PAYMENT_VIEW, Permission.PAYMENT_EDIT


@platform.get("/payments", may=SEE)
def payments_list(work: Work) -> Page:
    """All payments, the latest first."""
    state = asked_one(IntentState, "state")
    found, more = queries.payments(work, state=state, after=asked_after())
    return page(
        "platform/payments/list.html",
        block="rows",
        payments=found,
        further=found[-1].id if more else None,
        state=state,
        states=tuple(IntentState),
        waiting=queries.waiting_for_people(work),
    )


@platform.get("/payments/<uuid:payment>", may=SEE)
def payments_show(work: Work, payment: UUID) -> Page:
    """One payment with tries, parts and refunds."""
    return page("platform/payments/show.html", payment=queries.payment(work, payment, may=SEE))


@platform.get("/payments/refunds", may=SEE)
def payments_refunds(work: Work) -> Page:
    """Refunds that are not done."""
    return _refunds(work, Form(formdata=None))


def _refunds(work: Work, form: Form, status: int = 200) -> Page:
    return page("platform/payments/refunds.html", refunds=queries.open_refunds(work), form=form, status=status)


@platform.post("/payments/refunds/<uuid:refund>/retry", may=EDIT)
def payments_retry(work: Work, refund: UUID) -> Answer:
    """Send a failed refund again."""
    form = Form()
    if form.validate():
        with form.tries(work):
            actions.retry(work, refund)
            return see_other("platform.payments_refunds", flash=gettext("已重新提交退款。"))
    return _refunds(work, form, status=422)


@platform.get("/payments/callbacks", may=SEE)
def payments_callbacks(work: Work) -> Page:
    """Notices that are quarantined, or wait for what they name."""
    return _callbacks(work, Form(formdata=None))


def _callbacks(work: Work, form: Form, status: int = 200) -> Page:
    return page("platform/payments/callbacks.html", callbacks=queries.callbacks(work), form=form, status=status)


@platform.post("/payments/callbacks/<uuid:callback>/seen", may=EDIT)
def payments_seen(work: Work, callback: UUID) -> Answer:
    """Somebody has looked at it."""
    form = Form()
    if form.validate():
        with form.tries(work):
            actions.mark_seen(work, callback)
            return see_other("platform.payments_callbacks", flash=gettext("已记录为核对过。"))
    return _callbacks(work, form, status=422)
