"""Asking something back: what kind, which pieces and why, what that comes to, and then the words and pictures.

Two steps are addresses only, so that nothing is kept of a wish that is not sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import request

from portal.domain.aftersales import actions, errors, queries, rules
from portal.domain.aftersales.queries import Claim
from portal.domain.aftersales.values import FAULTS, MOST_PICTURES, REASONS, CaseKind, Reason
from portal.domain.ordering.queries import OrderShown
from portal.domain.reference import queries as reference
from portal.domain.reference.values.parameters import CASE_ANSWER_HOURS, CASE_UNPRINTED_HOURS, CASE_UNSHIPPED_HOURS
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web import cases
from portal.web.asking import asked_one
from portal.web.forms.base import Form
from portal.web.forms.cases import AskForm
from portal.web.locale import gettext
from portal.web.office import services
from portal.web.pages import Answer, Page, page, see_other
from portal.web.shop import shop
from portal.web.shop.orders import Panel, panel

BUY = Permission.ORDER_BUY


@dataclass(frozen=True)
class Picked:
    """What the address says: which lines how often, why."""

    kind: CaseKind
    reason: Reason | None
    wanted: dict[UUID, int]


@panel
def ask_button(work: Work, order: OrderShown) -> Panel | None:
    """Among the buttons of an order, while there is something to ask."""
    claim = queries.claim_of(work, order, by_buyer=True)
    return Panel("shop/cases/_ask.html", {"order": order}, "acts") if claim.kinds else None


@panel
def cases_so_far(work: Work, order: OrderShown) -> Panel | None:
    """The cases of an order, under its state."""
    found = queries.of_order(work, order.merchant_id, order.id)
    return Panel("shop/cases/_of_order.html", {"cases": found}, "top") if found else None


@shop.get("/orders/<uuid:order>/ask", may=BUY)
def claims_choose(work: Work, order: UUID) -> Page:
    """What kind; with a kind, which pieces and why."""
    return _choose(work, queries.claim(work, order, may=BUY), asked_one(CaseKind, "kind"), Form(formdata=None))


def _choose(work: Work, claim: Claim, kind: CaseKind | None, form: Form, *, status: int = 200) -> Page:
    if len(claim.kinds) == 1:
        kind = claim.kinds[0]
    elif kind not in claim.kinds:
        kind = None
    return page(
        "shop/cases/choose.html",
        claim=claim,
        kind=kind,
        reasons=REASONS[kind] if kind else (),
        faults=FAULTS,
        form=form,
        typed=request.args,
        hours=_hours(work, kind),
        status=status,
    )


def _hours(work: Work, kind: CaseKind | None) -> dict[str, int]:
    if kind is not CaseKind.UNSHIPPED:
        return {"answer": reference.value_of(work, CASE_ANSWER_HOURS)}
    return {
        "answer": reference.value_of(work, CASE_UNSHIPPED_HOURS),
        "at_once": reference.value_of(work, CASE_UNPRINTED_HOURS),
    }


@shop.get("/orders/<uuid:order>/ask/check", may=BUY)
def claims_check(work: Work, order: UUID) -> Page:
    """What that comes to, who pays for sending it back, and the words and pictures."""
    claim, picked = queries.claim(work, order, may=BUY), _picked(request.args)
    form = AskForm(formdata=None)
    try:
        quoted = _quote(claim, picked)
    except Refusal as refusal:
        form.refuse(Refusal(refusal.sentence))
        return _choose(work, claim, picked.kind if picked else None, form, status=422)
    return _check(work, claim, picked, quoted, form)


def _picked(source: Any) -> Picked | None:
    """None when not even the kind is said."""
    kinds, reasons = {one.value: one for one in CaseKind}, {one.value: one for one in Reason}
    kind = kinds.get(source.get("kind", ""))
    if kind is None:
        return None
    try:
        wanted = cases.typed_pieces(source, "n")
    except Refusal:
        wanted = {}
    return Picked(kind, reasons.get(source.get("reason", "")), wanted)


def _quote(claim: Claim, picked: Picked | None) -> rules.Quote:
    if claim.trouble is not None:
        raise Refusal(claim.trouble)
    if picked is None or picked.reason is None:
        raise errors.WrongReason
    return rules.quote(picked.kind, picked.reason, picked.wanted, claim.rooms)


def _check(
    work: Work, claim: Claim, picked: Picked | None, quoted: rules.Quote, form: AskForm, *, status: int = 200
) -> Page:
    assert picked is not None
    assert picked.reason is not None
    form.kind.data, form.reason.data = picked.kind.value, picked.reason.value
    form.seen.data = str(quoted.most_fen if picked.kind is CaseKind.MONEY else quoted.total_fen)
    lines = {line.id: line for line in claim.order.lines}
    return page(
        "shop/cases/check.html",
        claim=claim,
        picked=picked,
        quoted=quoted,
        lines=[(lines[share.line_id], share) for share in quoted.shares],
        form=form,
        most=MOST_PICTURES,
        hours=_hours(work, picked.kind),
        status=status,
    )


@shop.post("/orders/<uuid:order>/ask", may=BUY, gate=cases.uploading)
def claims_create(work: Work, order: UUID) -> Answer:
    """Ask."""
    form, picked = AskForm(), _picked(request.form)
    if form.validate():
        with form.tries(work):
            made = actions.ask(
                work,
                order,
                _wish(form, picked),
                words=form.words.data or "",
                storage=services().storage,
                pictures=cases.uploads(form.pictures),
            )
            return see_other("shop.cases_show", case=made, flash=gettext("申请已提交。"))
    claim = queries.claim(work, order, may=BUY)
    try:
        return _check(work, claim, picked, _quote(claim, picked), form, status=422)
    except Refusal:
        return _choose(work, claim, picked.kind if picked else None, form, status=422)


def _wish(form: AskForm, picked: Picked | None) -> actions.Wish:
    if picked is None or picked.reason is None:
        raise errors.WrongReason
    amount = form.amount.data if picked.kind is CaseKind.MONEY else None
    text = form.seen.data or ""
    seen = int(text) if text.isascii() and text.isdigit() and len(text) < 14 else -1
    return actions.Wish(picked.kind, picked.reason, picked.wanted, amount, seen)
