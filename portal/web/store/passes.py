"""A pass at the counter: how it stands, one use of it, and taking that back for a while. A booking's code leads to the
booking.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portal.domain.bookings.access import access_by_code
from portal.domain.bookings.errors import CodeUnknown
from portal.domain.bookings.queries import service_names
from portal.domain.passes import actions, queries
from portal.domain.passes.errors import PassUnknown
from portal.domain.vouchers.errors import BookingUnknown
from portal.domain.vouchers.rules import codes
from portal.domain.vouchers.values import CodeKind, Presented, Scanned
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.work import Work
from portal.web import passmarks, tickets
from portal.web.forms.base import Form
from portal.web.forms.passes import service_of
from portal.web.forms.vouchers import CodeForm
from portal.web.pages import Answer, Page, see_other
from portal.web.store import reading
from portal.web.store import store as office
from portal.web.store.frame import counter_page
from portal.web.store.redeem import COUNTER, FRESH, guesses, stop

REDEEM, UNDO = Permission.VOUCHER_REDEEM, Permission.REDEMPTION_UNDO


@reading.looks(CodeKind.PASS, PassUnknown)
def _pass(work: Work, store: UUID, presented: Presented, typed: str) -> Page:
    """How many uses are left, for what."""
    seen = queries.look(work, presented, store)
    names = service_names(work, work.merchant_id)
    mine = [(one, name) for one, name in names.items() if not seen.line.services or one in seen.line.services]
    return counter_page(
        work, store, "store/passes/look.html", at=COUNTER, seen=seen, code=typed, services=mine, **_shown()
    )


@reading.looks(CodeKind.BOOKING, BookingUnknown)
def _booking(work: Work, store: UUID, presented: Presented, _typed: str) -> Answer:
    """The visit's own page says what can be done."""
    try:
        found = access_by_code(work, presented, store)
    except CodeUnknown:
        raise BookingUnknown from None
    return see_other("store.visits_show", booking=found.id)


@office.post("/passes/use", may=REDEEM, gate=guesses)
def passes_use(work: Work, store: UUID) -> Answer:
    """One use, now. The same key again leads to the same receipt."""
    form = CodeForm()
    try:
        code = codes.read(form.code.data or "", tickets.key(), work.merchant_id)
        if isinstance(code, Scanned) and code.kind is not CodeKind.PASS:
            raise PassUnknown
        use_id = actions.use_at_counter(work, code=code, store_id=store, service_id=service_of())
    except Refusal as refusal:
        work.start_again()
        return stop(work, store, refusal, form)
    return see_other("store.passes_show", use=use_id)


@office.get("/passes/<uuid:use>", may=REDEEM)
def passes_show(work: Work, store: UUID, use: UUID) -> Page:
    """The receipt of a use; just after the act it fills the screen."""
    return _receipt(work, store, use, Form())


@office.post("/passes/<uuid:use>/undo", may=UNDO)
def passes_undo(work: Work, store: UUID, use: UUID) -> Answer:
    """Used by mistake: take it back, within the time for undoing."""
    form = Form()
    with form.tries(work):
        actions.undo(work, use, store_id=store)
        return see_other("store.passes_show", use=use)
    return _receipt(work, store, use, form, status=422)


def _receipt(work: Work, store: UUID, use_id: UUID, form: Form, *, status: int = 200) -> Page:
    use, line = queries.use_shown(work, use_id, store)
    now, at = work.now(), use.ended_at or use.used_at
    fresh = status == 200 and at is not None and now - at < FRESH
    return counter_page(
        work,
        store,
        "store/passes/show.html",
        status=status,
        at=COUNTER if fresh else "",
        use=use,
        line=line,
        service=service_names(work, work.merchant_id).get(use.service_id) if use.service_id else "",
        form=form,
        fresh=fresh,
        may_undo=use.may_undo(now) and work.may(UNDO),
        **_shown(),
    )


def _shown() -> dict[str, Any]:
    """Words of passes, but for what the frame of the counter says already."""
    return {name: passmarks.SHOWN[name] for name in ("until", "use_mark")} | {"left_face": passmarks.face}
