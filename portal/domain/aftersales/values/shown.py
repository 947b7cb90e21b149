"""A case as pages show it. Amounts in fen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from portal.domain.aftersales.values.kinds import OPEN, ROUNDS, CaseKind, CaseState, CaseStep, Reason, Side


@dataclass(frozen=True)
class Address:
    """Where returned goods go."""

    name: str = ""
    phone: str = ""
    detail: str = ""

    @property
    def is_whole(self) -> bool:
        """True when a parcel would arrive."""
        return bool(self.name and self.phone and self.detail)


@dataclass(frozen=True)
class CaseLine:
    """One line of an order in a case; `pieces` is 0 when only money goes back."""

    line_id: UUID
    product_id: UUID
    sku_id: UUID
    name: str
    choice: str
    picture: str
    quantity: int
    pieces: int
    goods_fen: int
    freight_fen: int
    restocked: int

    @property
    def total_fen(self) -> int:
        """What goes back for it."""
        return self.goods_fen + self.freight_fen


@dataclass(frozen=True)
class CaseEventShown:
    """A line of the timeline with its pictures."""

    id: UUID
    step: CaseStep
    side: Side
    note: str
    amount_fen: int
    at: datetime
    pictures: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class CaseShown:
    """A case as lists show it; with lines and timeline when it is looked at alone."""

    merchant_id: UUID
    id: UUID
    order_id: UUID
    order_number: str
    person_id: UUID
    number: str
    merchant_name: str
    buyer: str
    title: str
    picture: str
    pieces: int
    kind: CaseKind
    state: CaseState
    origin: Side
    reason: Reason
    fault: bool
    goods_fen: int
    freight_fen: int
    asked_fen: int
    offer_fen: int | None
    round: int
    printed: bool
    asked_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    arrived_at: datetime | None
    return_to: Address
    carrier: str
    tracking: str
    refund_id: UUID | None
    stuck: bool
    lines: tuple[CaseLine, ...] = field(default=())
    events: tuple[CaseEventShown, ...] = field(default=())

    @property
    def total_fen(self) -> int:
        """What goes back, or is asked for."""
        return self.goods_fen + self.freight_fen

    @property
    def is_open(self) -> bool:
        """True while it is not decided."""
        return self.state in OPEN

    @property
    def may_ask_again(self) -> bool:
        """True when the buyer may add evidence and ask the merchant once more."""
        return self.state in (CaseState.REFUSED, CaseState.OFFERED) and self.round < ROUNDS and self.arrived_at is None

    def is_late(self, now: datetime) -> bool:
        """True when its deadline has passed."""
        return self.due_at is not None and self.due_at <= now
