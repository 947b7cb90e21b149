"""Passes for consumers: what is offered, buying, one's own with codes and logs, refunds, handing on, sharing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request, url_for

from portal.domain.bookings.queries import service_names
from portal.domain.passes import actions, queries
from portal.domain.passes.errors import GiftGone
from portal.domain.passes.queries import PassShown
from portal.domain.passes.values import GiftKind, PassState, Role
from portal.domain.vouchers.values import CodeKind, Scanned
from portal.kernel.permissions import ANYONE, Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import passmarks, tickets
from portal.web.drawings import qr
from portal.web.forms.base import Form
from portal.web.forms.passes import BackForm
from portal.web.forms.tenants import uuid_or_none
from portal.web.locale import gettext, said
from portal.web.office import services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop

BUY = Permission.PASS_BUY


def of_merchant(work: Work, merchant_id: UUID) -> dict[str, Any]:
    """The context of `shop/passes/_of_store.html`: what can be bought of this merchant now."""
    return {"passes": queries.offers(work, merchant_id), "pass_validity": passmarks.validity}


@shop.get("/pass/<uuid:passkind>", may=ANYONE)
def passes_offer(work: Work, passkind: UUID) -> Page:
    """What is sold, to be passed on."""
    return _offer(work, passkind, Form(formdata=None))


@shop.post("/pass/<uuid:passkind>/buy", may=BUY)
def passes_buy(work: Work, passkind: UUID) -> Answer:
    """Buy one, and on to the payment."""
    form = BackForm()
    if form.validate():
        with form.tries(work):
            uses = request.form.get("uses", "")
            _card, payment = actions.buy(
                work,
                passkind,
                shown_fen=form.shown_fen(),
                shown_uses=int(uses) if uses.isdecimal() and len(uses) < 6 else None,
            )
            return see_other("shop.payments_show", payment=payment)
    return _offer(work, passkind, form, status=422)


def _offer(work: Work, passkind: UUID, form: Form, *, status: int = 200) -> Page:
    kind = queries.kind(work, passkind, may=None)
    names = service_names(work, kind.merchant_id)
    return page(
        "shop/passes/offer.html",
        status=status,
        kind=kind,
        form=form,
        services=[names[one] for one in kind.service_ids if one in names],
        **passmarks.SHOWN,
    )


@shop.get("/passes", may=BUY)
def passes_list(work: Work) -> Page:
    """Mine, and those I share."""
    return page("shop/passes/list.html", lines=queries.mine(work), now=work.now(), **passmarks.SHOWN)


@shop.get("/passes/<uuid:card>", may=BUY)
def passes_show(work: Work, card: UUID) -> Page:
    """One: its code, what is left, every use, and what can be done with it."""
    return _show(work, card, BackForm(formdata=None))


def _show(work: Work, card: UUID, form: BackForm, *, status: int = 200) -> Page:
    shown, now = queries.one(work, card), work.now()
    line, names = shown.line, service_names(work, shown.line.merchant_id)
    usable = line.state is PassState.ACTIVE and not line.is_over(now)
    form.shown.data = str(line.tally.open_fen)
    return page(
        "shop/passes/show.html",
        status=status,
        shown=shown,
        line=line,
        form=form,
        now=now,
        qr=tickets.drawing(Scanned(line.merchant_id, shown.secret, CodeKind.PASS)) if usable else None,
        services=[names[one] for one in line.services if one in names],
        owner=shown.role is Role.HOLDER,
        may_refund=_may_refund(shown, work),
        usable=usable,
        **passmarks.SHOWN,
    )


def _may_refund(shown: PassShown, work: Work) -> bool:
    line = shown.line
    in_time = line.refund_until is not None and work.now() <= line.refund_until
    return shown.role is Role.HOLDER and shown.bought_here and in_time and line.tally.open_fen > 0


@shop.post("/passes/<uuid:card>/refund", may=BUY)
def passes_refund(work: Work, card: UUID) -> Answer:
    """Give back what is unused."""
    form = BackForm()
    if form.validate():
        with form.tries(work):
            actions.refund_mine(work, card, shown_fen=form.shown_fen())
            return see_other("shop.passes_show", card=card, flash=gettext("已退款，钱会原路退回，一般几分钟到账。"))
    return _show(work, card, form, status=422)


@shop.post("/passes/<uuid:card>/offer", may=BUY)
def passes_give(work: Work, card: UUID) -> Answer:
    """Make a link that hands it on, or shares it."""
    form = BackForm()
    if form.validate():
        with form.tries(work):
            token = actions.offer(work, card, _kind())
            return see_other("shop.passes_link", card=card, gift=token)
    return _show(work, card, form, status=422)


def _kind() -> GiftKind:
    try:
        return GiftKind(request.form.get("kind", ""))
    except ValueError:
        raise Refusal(say("请选择转赠或共享。")) from None


@shop.get("/passes/<uuid:card>/link/<gift>", may=BUY)
def passes_link(work: Work, card: UUID, gift: str) -> Page:
    """The link for the other one, as text and as a picture."""
    shown = queries.one(work, card)
    offered = queries.gift_shown(work, gift)
    address = services().addresses.public_url + url_for("shop.passes_gift", gift=gift)
    return page(
        "shop/passes/link.html", line=shown.line, gift=offered, address=address, qr=qr(address), **passmarks.SHOWN
    )


@shop.post("/passes/<uuid:card>/withdraw", may=BUY)
def passes_withdraw(work: Work, card: UUID) -> Answer:
    """No link is good any more."""
    form = BackForm()
    if form.validate():
        with form.tries(work):
            actions.withdraw(work, card)
            return see_other("shop.passes_show", card=card, flash=gettext("链接已收回，没领的人领不到了。"))
    return _show(work, card, form, status=422)


@shop.post("/passes/<uuid:card>/unshare", may=BUY)
def passes_unshare(work: Work, card: UUID) -> Answer:
    """End somebody's share, or one's own."""
    form = BackForm()
    if form.validate():
        with form.tries(work):
            other = uuid_or_none(request.form.get("person"))
            actions.unshare(work, card, other)
            done = gettext("已停止共享。")
            return see_other("shop.passes_show", card=card, flash=done) if other else _left(done)
    return _show(work, card, form, status=422)


def _left(done: str) -> Answer:
    return see_other("shop.passes_list", flash=done)


@shop.get("/passes/gifts/<gift>", may=BUY)
def passes_gift(work: Work, gift: str) -> Page:
    """What somebody offers me."""
    return _gift(work, gift, Form(formdata=None))


@shop.post("/passes/gifts/<gift>", may=BUY)
def passes_take(work: Work, gift: str) -> Answer:
    """Take it."""
    form = Form()
    if form.validate():
        with form.tries(work):
            card = actions.take(work, gift)
            return see_other("shop.passes_show", card=card, flash=gettext("已放进您的次卡。"))
    return _gift(work, gift, form, status=422)


def _gift(work: Work, gift: str, form: Form, *, status: int = 200) -> Page:
    try:
        offered = queries.gift_shown(work, gift)
    except GiftGone as gone:
        work.start_again()
        return page("shop/passes/gone.html", status=gone.status, sentence=said(gone.sentence))
    return page("shop/passes/gift.html", status=status, gift=offered, line=offered.line, form=form, **passmarks.SHOWN)
