"""A pass with its log as everybody who may see it sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.passes.models import Pass, PassEvent, PassPerson, PassUse
from portal.domain.passes.rules import Tally
from portal.domain.passes.values import Happening, PassState, Role, UseState
from portal.kernel.work import Work

LOG = 100


@dataclass(frozen=True)
class PassLine:
    """A pass in a list."""

    id: UUID
    merchant_id: UUID
    merchant: str
    kind_id: UUID
    name: str
    number: str
    state: PassState
    holder: str
    buyer: str
    tally: Tally
    services: tuple[UUID, ...]
    bought_at: datetime
    paid_at: datetime | None
    refund_until: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    intent_id: UUID
    earned_fen: int
    refunded_fen: int

    @property
    def left(self) -> int:
        """How many uses are left."""
        return self.tally.left

    def is_over(self, now: datetime) -> bool:
        """True when its time is over, whether the worker has seen it or not."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True)
class UseLine:
    """One use."""

    id: UUID
    pass_id: UUID
    state: UseState
    nth: int | None
    service_id: UUID | None
    booking_id: UUID | None
    store_id: UUID | None
    store: str
    clerk: str
    value_fen: int
    held_at: datetime
    used_at: datetime | None
    undo_until: datetime | None
    ended_at: datetime | None

    def may_undo(self, now: datetime) -> bool:
        """True while the store can take it back."""
        in_time = self.undo_until is not None and now <= self.undo_until
        return self.state is UseState.USED and self.booking_id is None and in_time


@dataclass(frozen=True)
class EventLine:
    """A line of the log."""

    kind: Happening
    note: str
    by_kind: str
    by_name: str
    amount_fen: int
    left: int
    at: datetime


@dataclass(frozen=True)
class Sharer:
    """Who uses it together with its holder."""

    person_id: UUID
    name: str
    since: datetime


@dataclass(frozen=True)
class PassShown:
    """One with everything; the code only for who may show it."""

    line: PassLine
    words: str
    transferable: bool
    shared: bool
    valid_days: int | None
    role: Role | None
    bought_here: bool
    code: str
    secret: bytes
    sharers: tuple[Sharer, ...]
    uses: tuple[UseLine, ...]
    log: tuple[EventLine, ...]


def line_of(row: Pass) -> PassLine:
    """A row as pages read it."""
    return PassLine(
        id=row.id,
        merchant_id=row.merchant_id,
        merchant=row.merchant_name,
        kind_id=row.kind_id,
        name=row.name,
        number=row.number,
        state=PassState(row.state),
        holder=row.holder,
        buyer=row.buyer,
        tally=Tally(row.uses, row.price_fen, row.used, row.held, row.back, row.lapsed),
        services=tuple(UUID(one) for one in row.services),
        bought_at=row.bought_at,
        paid_at=row.paid_at,
        refund_until=row.refund_until,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        intent_id=row.intent_id,
        earned_fen=row.earned_fen,
        refunded_fen=row.refunded_fen,
    )


def use_of(row: PassUse) -> UseLine:
    """A use as pages read it."""
    return UseLine(
        *(row.id, row.pass_id, UseState(row.state), row.nth, row.service_id, row.booking_id, row.store_id, row.store),
        *(row.clerk, row.value_fen, row.held_at, row.used_at, row.undo_until, row.ended_at),
    )


def shown(work: Work, row: Pass, *, role: Role | None = None, person_id: UUID | None = None) -> PassShown:
    """Everything about a pass that the caller has found for who asks: the latest hundred lines of its log."""
    mine = (row.merchant_id, row.id)
    uses = select(PassUse).where(PassUse.merchant_id == mine[0], PassUse.pass_id == mine[1])
    log = select(PassEvent).where(PassEvent.merchant_id == mine[0], PassEvent.pass_id == mine[1])
    people = select(PassPerson).where(PassPerson.merchant_id == mine[0], PassPerson.pass_id == mine[1])
    sharing = people.where(PassPerson.role == Role.SHARER.value, PassPerson.until.is_(None))
    return PassShown(
        line=line_of(row),
        words=row.words,
        transferable=row.transferable,
        shared=row.shared,
        valid_days=row.valid_days,
        role=role,
        bought_here=person_id == row.buyer_id,
        code=row.code,
        secret=row.secret,
        sharers=tuple(
            Sharer(one.person_id, one.name, one.since)
            for one in work.session.scalars(sharing.order_by(PassPerson.since))
        ),
        uses=tuple(use_of(one) for one in work.session.scalars(uses.order_by(PassUse.id.desc()).limit(LOG))),
        log=tuple(_event(one) for one in work.session.scalars(log.order_by(PassEvent.id.desc()).limit(LOG))),
    )


def _event(row: PassEvent) -> EventLine:
    return EventLine(Happening(row.kind), row.note, row.by_kind, row.by_name, row.amount_fen, row.left, row.at)
