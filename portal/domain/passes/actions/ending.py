"""What is unused goes back, lapses, or gets more time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portal.domain.passes import errors, rules
from portal.domain.passes.access import HOUSE, access_held, access_mine, access_pass
from portal.domain.passes.actions import books
from portal.domain.passes.events import PassExpired, PassRefunded
from portal.domain.passes.models import Pass
from portal.domain.passes.values import MOST_DAYS, Happening, PassState, Role
from portal.domain.payments import actions as payments
from portal.domain.vouchers.rules import words
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def refund_mine(work: Work, pass_id: UUID, *, shown_fen: int) -> int:
    """The holder who bought it himself takes back what is unused, within seven days; returns the fen that go back.

    Refuses a later day, another amount than was shown, a pass that changed hands, and when nothing is left.
    """
    work.require(Permission.PASS_BUY)
    mine = access_mine(work, pass_id)
    if mine.role != Role.HOLDER:
        raise NotFound
    with borrowed(work, HOUSE, books.RIGHTS):
        row = access_held(work, mine.merchant_id, pass_id)
        if row.buyer_id != work.person_id:
            raise errors.Transferred
        if row.refund_until is not None and work.now() > row.refund_until:
            raise errors.RefundTooLate(words.moment(row.refund_until))
        return _refund(work, row, shown_fen, by_name=row.holder)


def refund(work: Work, pass_id: UUID, *, shown_fen: int, reason: str) -> int:
    """The merchant gives back what is unused, whenever he likes, with a reason; it goes to who paid."""
    found = access_pass(work, pass_id, may=Permission.PASS_EDIT)
    note, merchant_id = clean_line(reason, field="reason", most=100), found.merchant_id
    work.audit("pass.refunded", "pass", pass_id, fen=shown_fen)
    with borrowed(work, HOUSE, books.RIGHTS):
        return _refund(work, access_held(work, merchant_id, pass_id), shown_fen, note=note)


def _refund(work: Work, row: Pass, shown_fen: int, *, note: str = "", by_name: str = "") -> int:
    """Everything that is left: neither used, held nor lapsed."""
    counts = books.tally(row)
    if row.paid_at is None:
        raise errors.NotPaid
    if counts.left < 1 or counts.open_fen < 1:
        raise errors.NothingToRefund
    if counts.open_fen != shown_fen:
        raise errors.RefundMoved(counts.open_fen)
    faults.point(work, "passes.refund.checked")
    uses, fen = counts.left, counts.open_fen
    row.back += uses
    row.refunded_fen += fen
    payments.refund(work, row.intent_id, subject_id=row.id, amount_fen=fen, key=new_id())
    books.write(work, row, Happening.REFUNDED, note=note, by_name=by_name, amount_fen=fen)
    books.conclude(work, row, PassState.REFUNDED)
    work.publish(PassRefunded(row.merchant_id, row.id, row.buyer_id, row.name, uses, fen))
    return fen


def extend(work: Work, pass_id: UUID, *, days: int) -> None:
    """The merchant adds days to a pass with an end, from its end or from today, whichever is later.

    Refuses a pass without uses left or held, and figures out of their limits.
    """
    found = access_pass(work, pass_id, may=Permission.PASS_EDIT)
    if not 1 <= days <= MOST_DAYS:
        raise errors.BadFigure("days", 1, MOST_DAYS)
    merchant_id = found.merchant_id
    work.audit("pass.extended", "pass", pass_id, days=days)
    with borrowed(work, HOUSE, books.RIGHTS):
        row = access_held(work, merchant_id, pass_id)
        if row.state != PassState.ACTIVE or row.expires_at is None:
            raise errors.UseMoved
        later = max(row.expires_at, rules.ends_at(work.now(), 0) or row.expires_at)
        row.expires_at = later + timedelta(days=days)
        books.write(work, row, Happening.EXTENDED, note=str(days))


def expire(work: Work, merchant_id: UUID, pass_id: UUID) -> bool:
    """The worker's: what is left of an expired pass lapses, what bookings hold stays. False when there is nothing."""
    with borrowed(work, HOUSE, books.RIGHTS):
        row = access_held(work, merchant_id, pass_id)
        if row.state != PassState.ACTIVE or row.expires_at is None or row.expires_at > work.now():
            return False
        lost = books.lapse(work, row)
        if lost:
            books.conclude(work, row, PassState.EXPIRED)
            work.publish(PassExpired(row.merchant_id, row.id, row.holder_id, row.name, lost))
        return lost > 0
