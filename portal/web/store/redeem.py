"""From a code to a redemption: look, confirm, receipt, undo. Wrong codes are counted by device and by store."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Response, after_this_request

from portal.domain.vouchers import actions, queries
from portal.domain.vouchers.errors import CodeRefused, VoucherUnknown
from portal.domain.vouchers.rules import codes
from portal.domain.vouchers.values import CodeKind, Presented, Scanned
from portal.kernel.limits import Limit
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.words import say
from portal.kernel.work import Work
from portal.web import sessions, tickets
from portal.web.forms.vouchers import CodeForm, UndoForm
from portal.web.office import Checks, services
from portal.web.pages import Answer, Page, see_other
from portal.web.store import reading
from portal.web.store import store as office
from portal.web.store.frame import counter_page

_TOO_MANY = say("输错的券码太多了，请十分钟后再试。急的话请顾客打开二维码，换一台设备扫。")
WRONG_PER_DEVICE = Limit("redeem.wrong.device", 20, 600, _TOO_MANY, failures_only=True)
WRONG_PER_STORE = Limit("redeem.wrong.store", 100, 600, _TOO_MANY, failures_only=True)
FRESH = timedelta(minutes=2)
COUNTER = "store.counter"


def guesses(args: dict[str, Any]) -> Checks:
    """The gate of both acts: it looks, and counts only what turns out wrong."""
    return [(WRONG_PER_DEVICE, sessions.device()), (WRONG_PER_STORE, str(args["store"]))]


@office.get("/redeem", may=Permission.VOUCHER_REDEEM)
def redeem_start(_work: Work) -> Answer:
    """The address of a look that was reloaded leads back to the counter."""
    return see_other("store.counter")


@office.post("/redeem", may=Permission.VOUCHER_REDEEM, repeats="only looks", gate=guesses)
def redeem_look(work: Work, store: UUID) -> Answer:
    """What it is — a voucher, a pass, a booking —, whose, until when; nothing is used yet."""
    form = CodeForm()
    typed = form.code.data or ""
    try:
        return reading.look(work, store, codes.read(typed, tickets.key(), work.merchant_id), typed)
    except Refusal as refusal:
        return stop(work, store, refusal, form)


@reading.looks(CodeKind.VOUCHER, VoucherUnknown)
def _voucher(work: Work, store: UUID, presented: Presented, typed: str) -> Page:
    seen = queries.look(work, presented, store)
    return counter_page(work, store, "store/redeem/look.html", at=COUNTER, seen=seen, code=typed)


@office.post("/redeem/confirm", may=Permission.VOUCHER_REDEEM, gate=guesses)
def redeem_confirm(work: Work, store: UUID) -> Answer:
    """Use it. The same key again leads to the same receipt."""
    form = CodeForm()
    try:
        code = codes.read(form.code.data or "", tickets.key(), work.merchant_id)
        if isinstance(code, Scanned) and code.kind is not CodeKind.VOUCHER:
            raise VoucherUnknown
        redemption_id = actions.redeem(work, code=code, store_id=store)
    except Refusal as refusal:
        work.start_again()
        return stop(work, store, refusal, form)
    return see_other("store.redemptions_show", redemption=redemption_id)


def stop(work: Work, store: UUID, refusal: Refusal, form: CodeForm) -> Page:
    """No, and why: a code that cannot be read goes back to its field, all else fills the screen."""
    if isinstance(refusal, NotFound | Denied):
        raise refusal
    if isinstance(refusal, CodeRefused) and refusal.counts:
        _miss(store)
    typed_again = isinstance(refusal, CodeRefused)
    shown = {"refusal": refusal, "form": form, "open": typed_again}
    return counter_page(work, store, "store/redeem/stop.html", status=422, at=COUNTER, **shown)


def _miss(store: UUID) -> None:
    """Count a wrong code once the Work has given its connection back."""
    checks = guesses({"store": store})

    @after_this_request
    def count(response: Response) -> Response:
        services().gate.miss(*checks)
        return response


@office.get("/redemptions/<uuid:redemption>", may=Permission.VOUCHER_REDEEM)
def redemptions_show(work: Work, store: UUID, redemption: UUID) -> Page:
    """The receipt; just after the act it fills the screen."""
    return _receipt(work, store, redemption, UndoForm())


@office.post("/redemptions/<uuid:redemption>/undo", may=Permission.REDEMPTION_UNDO)
def redemptions_undo(work: Work, store: UUID, redemption: UUID) -> Answer:
    """Take it back, with a reason, within the store's limit."""
    form = UndoForm()
    with form.tries(work):
        actions.undo(work, redemption, store_id=store, reason=form.why(), note=form.note.data or "")
        return see_other("store.redemptions_show", redemption=redemption)
    return _receipt(work, store, redemption, form, status=422)


def _receipt(work: Work, store: UUID, redemption_id: UUID, form: UndoForm, *, status: int = 200) -> Page:
    line = queries.redemption(work, redemption_id, store)
    now = work.now()
    fresh = status == 200 and _is_fresh(now, line.undone_at or line.redeemed_at)
    return counter_page(
        work,
        store,
        "store/redemptions/show.html",
        status=status,
        line=line,
        form=form,
        at=COUNTER if fresh else "",
        fresh=fresh,
        may_undo=line.may_undo(now) and work.may(Permission.REDEMPTION_UNDO),
    )


def _is_fresh(now: datetime, at: datetime) -> bool:
    return now - at < FRESH
