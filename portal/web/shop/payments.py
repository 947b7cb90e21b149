"""A person's own payment: what is asked, where to pay it, how it stands. What arrived is the provider's to say."""

from __future__ import annotations

from uuid import UUID

from flask import request

from portal.domain.payments import actions, queries
from portal.domain.payments.errors import NoProvider
from portal.domain.payments.values import AttemptState, IntentState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.forms.base import Form
from portal.web.htmx import htmx
from portal.web.locale import gettext
from portal.web.office import services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop

PAY = Permission.PAYMENT_PAY
CONNECTING = (AttemptState.NEW, AttemptState.UNKNOWN)
UNSETTLED = (*CONNECTING, AttemptState.WAITING)


@shop.get("/payments/<uuid:payment>", may=PAY)
def payments_show(work: Work, payment: UUID) -> Page:
    """One payment; while it is under way the page asks how it stands."""
    return _show(work, payment, Form(formdata=None))


def _show(work: Work, payment: UUID, form: Form, status: int = 200) -> Page:
    shown = queries.payment(work, payment, may=PAY)
    latest = shown.latest if shown.latest and shown.latest.state in UNSETTLED else None
    is_open = shown.state is IntentState.OPEN and shown.expires_at > work.now()
    url = _own(latest.url) if latest and latest.url and is_open else ""
    answer = page(
        "shop/payments/show.html",
        block="live",
        payment=shown,
        open=is_open,
        latest=latest,
        connecting=bool(latest and latest.state in CONNECTING and not url),
        url=url,
        moving=is_open and latest is not None,
        providers=tuple(services().gateways),
        go=request.args.get("go", ""),
        form=form,
        status=status,
    )
    if url and htmx.wants_block and request.args.get("go"):
        answer.headers["HX-Redirect"] = url
    return answer


@shop.post("/payments/<uuid:payment>/pay", may=PAY)
def payments_pay(work: Work, payment: UUID) -> Answer:
    """Begin a try with one provider, or go on with the one that waits."""
    form, name = Form(), request.form.get("provider", "")
    if form.validate():
        with form.tries(work):
            gateway = services().gateways.get(name)
            if gateway is None:
                raise NoProvider
            again = bool(request.form.get("again"))
            actions.begin(work, payment, provider=name, merchant_no=gateway.merchant_no, again=again)
            return see_other("shop.payments_show", payment=payment, go=1)
    return _show(work, payment, form, status=422)


@shop.post("/payments/<uuid:payment>/cancel", may=PAY)
def payments_cancel(work: Work, payment: UUID) -> Answer:
    """Not any more."""
    form = Form()
    if form.validate():
        with form.tries(work):
            actions.cancel(work, payment)
            return see_other("shop.payments_show", payment=payment, flash=gettext("已取消付款。"), tone="info")
    return _show(work, payment, form, status=422)


def _own(url: str) -> str:
    """The cashier's address; without the host when it is ours, so that the browser stays at the name it came by."""
    base = services().addresses.public_url
    return url.removeprefix(base) if url.startswith(base + "/") else url
