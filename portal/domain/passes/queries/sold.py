"""What a merchant has sold: passes, their uses, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.passes.access import access_pass
from portal.domain.passes.models import Pass, PassUse
from portal.domain.passes.queries.shown import PassLine, PassShown, UseLine, line_of, shown, use_of
from portal.domain.passes.values import PassState, UseState
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

PAGE = 50
SWEEP = 200
VIEW = Permission.PASS_VIEW


@dataclass(frozen=True)
class Sums:
    """All passes of a merchant that were paid: how many, what was paid, earned, refunded, and what is still open."""

    passes: int
    paid_fen: int
    earned_fen: int
    refunded_fen: int
    open_uses: int

    @property
    def open_fen(self) -> int:
        """Paid, not yet earned or refunded: it lies with the platform."""
        return self.paid_fen - self.earned_fen - self.refunded_fen


def sums(work: Work) -> Sums:
    """The office's own, in one question."""
    work.require(VIEW)
    left = Pass.uses - Pass.used - Pass.back - Pass.lapsed
    query = select(
        func.count(),
        *(func.coalesce(func.sum(one), 0) for one in (Pass.price_fen, Pass.earned_fen, Pass.refunded_fen, left)),
    ).where(Pass.merchant_id == work.merchant_id, Pass.paid_at.is_not(None))
    row = work.session.execute(query).one()
    return Sums(*(int(one) for one in row))


def sold(
    work: Work,
    *,
    q: str = "",
    kind_id: UUID | None = None,
    state: PassState | None = None,
    after: UUID | None = None,
    most: int = PAGE,
) -> tuple[tuple[PassLine, ...], bool]:
    """The office's, the latest first, and whether there are more; `q` is a number, a code or a part of the holder's
    masked name or the pass's name.
    """
    work.require(VIEW)
    query = select(Pass).where(Pass.merchant_id == work.merchant_id, Pass.state != PassState.CLOSED.value)
    plain = q.replace(" ", "")
    if plain.isdigit():
        query = query.where((Pass.number == plain) | (Pass.code == plain))
    elif q:
        query = query.where(Pass.name.contains(q, autoescape=True) | Pass.holder.contains(q, autoescape=True))
    if kind_id is not None:
        query = query.where(Pass.kind_id == kind_id)
    if state is not None:
        query = query.where(Pass.state == state.value)
    if after is not None:
        query = query.where(Pass.id < after)
    rows = work.session.scalars(query.order_by(Pass.id.desc()).limit(most + 1)).all()
    return tuple(line_of(row) for row in rows[:most]), len(rows) > most


def sold_one(work: Work, pass_id: UUID) -> PassShown:
    """One that the office sold, with its log. Raises NotFound."""
    return shown(work, access_pass(work, pass_id, may=VIEW))


def uses(
    work: Work, *, after: UUID | None = None, most: int = PAGE
) -> tuple[tuple[tuple[UseLine, PassLine], ...], bool]:
    """Every use in the stores in reach, the latest first, each with its pass; and whether there are more."""
    work.require(VIEW)
    at = (Pass.merchant_id == PassUse.merchant_id) & (Pass.id == PassUse.pass_id)
    query = select(PassUse, Pass).join(Pass, at).where(PassUse.merchant_id == work.merchant_id)
    query = query.where(PassUse.state.in_([UseState.USED.value, UseState.UNDONE.value, UseState.HELD.value]))
    if work.scope.store_ids is not None:
        query = query.where(PassUse.store_id.in_(work.scope.store_ids))
    if after is not None:
        query = query.where(PassUse.id < after)
    rows = work.session.execute(query.order_by(PassUse.id.desc()).limit(most + 1)).all()
    return tuple((use_of(one), line_of(row)) for one, row in rows[:most]), len(rows) > most


def due(work: Work) -> list[tuple[UUID, UUID]]:
    """The worker's: passes whose time is over and that still have uses left: (merchant, pass)."""
    left = Pass.uses - Pass.used - Pass.held - Pass.back - Pass.lapsed
    query = select(Pass.merchant_id, Pass.id).where(Pass.state == PassState.ACTIVE.value, left > 0)
    query = query.where(Pass.expires_at <= work.now()).order_by(Pass.expires_at).limit(SWEEP)
    return [(row[0], row[1]) for row in work.session.execute(query)]
