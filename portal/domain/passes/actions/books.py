"""What every act on a pass writes: its log, the merchant's share, how it ends. The caller holds the pass."""

from __future__ import annotations

from uuid import UUID

from portal.domain.earnings import actions as earnings
from portal.domain.ledger.values import Business
from portal.domain.passes.models import Pass, PassEvent
from portal.domain.passes.rules import Tally
from portal.domain.passes.values import BUSINESS, Happening, PassState
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.words import Text, say
from portal.kernel.work import Work

RIGHTS = frozenset({Permission.PAYMENT_EDIT, Permission.PAYMENT_PAY})


def tally(row: Pass) -> Tally:
    """The counters of a pass."""
    return Tally(row.uses, row.price_fen, row.used, row.held, row.back, row.lapsed)


def earn(work: Work, row: Pass, *, title: Text, store_id: UUID | None = None) -> int:
    """Book what the merchant has earned beyond what was booked, as the pass's next earning; returns it in fen."""
    due = tally(row).earned_fen - row.earned_fen
    row.nth += 1
    if due > 0:
        earnings.earn(
            work,
            merchant_id=row.merchant_id,
            business=Business(BUSINESS, row.id),
            subject_id=row.id,
            amount_fen=due,
            nth=row.nth,
            store_id=store_id,
            title=str(title),
            number=row.number,
        )
        row.earned_fen += due
    return max(due, 0)


def conclude(work: Work, row: Pass, how: PassState) -> None:
    """End it when nothing is left or held any more; a use that comes back opens it again."""
    counts = tally(row)
    over = counts.left == 0 and counts.held == 0
    row.state = how.value if over else PassState.ACTIVE.value
    row.ended_at = work.now() if over else None
    work.session.flush()


def lapse(work: Work, row: Pass) -> int:
    """What is left of an expired pass becomes the merchant's; returns how many uses."""
    lost = tally(row).left
    if lost:
        row.lapsed += lost
        fen = earn(work, row, title=say("次卡 %(name)s · 过期 %(uses)s 次", name=row.name, uses=lost))
        write(work, row, Happening.EXPIRED, amount_fen=fen, note=str(lost))
    return lost


def write(
    work: Work,
    row: Pass,
    kind: Happening,
    *,
    use_id: UUID | None = None,
    note: str = "",
    by_name: str = "",
    amount_fen: int = 0,
) -> None:
    """A line of the log."""
    work.session.add(
        PassEvent(
            merchant_id=row.merchant_id,
            id=new_id(),
            pass_id=row.id,
            use_id=use_id,
            kind=kind.value,
            note=note,
            by_kind=work.actor.kind.value,
            by_name=by_name,
            amount_fen=amount_fen,
            left=tally(row).left,
            at=work.now(),
        )
    )
    work.session.flush()
