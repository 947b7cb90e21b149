"""A row of the board or the list: an order with what is in it, what stands in its way and where it went.

Four statements for any number of rows. Phones are masked here: only an order's own page and its label show them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, and_, any_, bindparam, literal, select
from sqlalchemy.dialects.postgresql import UUID as PgUuid  # noqa: N811  # told apart from uuid.UUID

from portal.domain.ordering.models import OrderCost, OrderLine
from portal.domain.ordering.values import OPEN_STATES, OrderState
from portal.domain.shipping.models import AddressChange, Parcel, ParcelLine, StockReport
from portal.domain.shipping.rules.pick_ups import PickUp, pick_up_of
from portal.domain.shipping.rules.standing import is_stale, whom
from portal.domain.shipping.values import AddressState
from portal.kernel import phones
from portal.kernel.paste.regions import plain
from portal.kernel.scope import fixed
from portal.kernel.work import Work

MANY: Any = ARRAY(PgUuid(as_uuid=True))
IDS: Any = any_(bindparam("ids", type_=MANY))
MERCHANT: Any = bindparam("merchant", type_=PgUuid(as_uuid=True))


@dataclass(frozen=True)
class Thing:
    """One line of a row: what, how many are to ship, how many are asked back."""

    name: str
    choice: str
    quantity: int
    to_ship: int
    blocked: int

    @property
    def words(self) -> str:
        """What it is called, with what was chosen."""
        return f"{self.name} · {self.choice}" if self.choice else self.name


@dataclass(frozen=True)
class Row:
    """An order in a list. `supply_fen` is what the platform pays; `twins` how many others go the same way."""

    id: UUID
    number: str
    state: OrderState
    pick_up: PickUp
    person_id: UUID
    ship_by: datetime | None
    paid_at: datetime | None
    recipient: str
    phone_masked: str
    place: str
    whom: tuple[object, ...]
    buyer_note: str
    open_cases: int
    flag: int
    note: str
    picked_at: datetime | None
    printed_at: datetime | None
    things: tuple[Thing, ...]
    supply_fen: int
    asked: bool
    stale: bool
    short: bool
    parcels: tuple[tuple[str, str], ...]
    twins: int = 0

    @property
    def whom_shown(self) -> str:
        """The name with the masked phone."""
        return f"{self.recipient} {self.phone_masked}"

    @property
    def is_late(self) -> bool:
        """It should have gone already."""
        return self.pick_up is PickUp.OVERDUE and self.ship_by is not None

    @property
    def blocked(self) -> bool:
        """Pieces are asked back: do not ship."""
        return any(thing.blocked for thing in self.things)

    @property
    def is_open(self) -> bool:
        """Something is still to ship."""
        return self.state in OPEN_STATES

    @property
    def is_ready(self) -> bool:
        """It may leave as a whole."""
        return self.is_open and not (self.blocked or self.asked or self.stale)


def _place(names: Sequence[str]) -> str:
    """City and district, without names that only fill a table's column: 杭州市 西湖区, 北京市 朝阳区."""
    said = plain(names)
    return " ".join((said[1:] if len(said) > 2 else said)[:2])


def dress(work: Work, found: Sequence[Any]) -> tuple[Row, ...]:
    """The rows with everything that stands beside them."""
    ids = [one.id for one in found]
    if not ids:
        return ()
    things, supply = _things(work, ids)
    changes, short, parcels = _changes(work, ids), _short(work, ids), _parcels(work, ids)
    going: dict[tuple[object, ...], int] = defaultdict(int)
    for one in found:
        if one.state in OPEN_STATES:
            going[whom(one)] += 1
    now = work.now()
    return tuple(
        Row(
            id=one.id,
            number=one.number,
            state=OrderState(one.state),
            pick_up=pick_up_of(one.ship_by, now),
            person_id=one.person_id,
            ship_by=one.ship_by,
            paid_at=one.paid_at,
            recipient=one.recipient,
            phone_masked=phones.mask(one.phone),
            place=_place(one.region_names),
            whom=whom(one),
            buyer_note=one.buyer_note,
            open_cases=one.open_cases,
            flag=one.flag or 0,
            note=one.note or "",
            picked_at=one.picked_at,
            printed_at=one.printed_at,
            things=tuple(things[one.id]),
            supply_fen=supply[one.id],
            asked=changes[one.id][0],
            stale=is_stale(changes[one.id][1], one.printed_at),
            short=one.id in short,
            parcels=tuple(parcels[one.id]),
            twins=max(0, going.get(whom(one), 0) - 1) if one.state in OPEN_STATES else 0,
        )
        for one in found
    )


def among(column: Any, ids: Sequence[UUID]) -> Any:
    """One of many, as one array: the statement stays the same for any number, so that it is prepared once."""
    return column == any_(literal(list(ids), MANY))


def _values(work: Work, ids: Sequence[UUID]) -> dict[str, Any]:
    return {"merchant": work.merchant_id, "ids": list(ids)}


_LINES = fixed(
    select(
        *(OrderLine.order_id, OrderLine.name, OrderLine.choice, OrderLine.quantity, OrderLine.shipped),
        *(OrderLine.cancelled, OrderLine.blocked, OrderCost.supply_fen),
    )
    .outerjoin(OrderCost, and_(OrderCost.merchant_id == OrderLine.merchant_id, OrderCost.line_id == OrderLine.id))
    .where(OrderLine.merchant_id == MERCHANT, OrderLine.order_id == IDS)
    .order_by(OrderLine.order_id, OrderLine.nth)
)
_CHANGES = fixed(
    select(AddressChange.order_id, AddressChange.state, AddressChange.decided_at).where(
        AddressChange.merchant_id == MERCHANT,
        AddressChange.order_id == IDS,
        AddressChange.state.in_((AddressState.ASKED.value, AddressState.AGREED.value)),
    )
)
_SHORT = fixed(
    select(StockReport.order_id).where(
        StockReport.merchant_id == MERCHANT, StockReport.order_id == IDS, StockReport.ended_at.is_(None)
    )
)
_PARCELS = fixed(
    select(ParcelLine.order_id, Parcel.carrier, Parcel.number)
    .join(Parcel, and_(Parcel.merchant_id == ParcelLine.merchant_id, Parcel.id == ParcelLine.parcel_id))
    .where(ParcelLine.merchant_id == MERCHANT, ParcelLine.order_id == IDS, Parcel.undone_at.is_(None))
    .distinct()
)


def _things(work: Work, ids: Sequence[UUID]) -> tuple[dict[UUID, list[Thing]], dict[UUID, int]]:
    things: dict[UUID, list[Thing]] = defaultdict(list)
    supply: dict[UUID, int] = defaultdict(int)
    rows = work.session.execute(_LINES, _values(work, ids))
    for order_id, name, choice, quantity, shipped, cancelled, blocked, supply_fen in rows:
        left = quantity - cancelled - blocked - shipped
        things[order_id].append(Thing(name, choice, quantity, left, blocked))
        supply[order_id] += (supply_fen or 0) * (quantity - cancelled)
    return things, supply


def _changes(work: Work, ids: Sequence[UUID]) -> dict[UUID, tuple[bool, datetime | None]]:
    """Whether a change of address waits, and when the last one was agreed."""
    found: dict[UUID, tuple[bool, datetime | None]] = defaultdict(lambda: (False, None))
    for order_id, state, decided_at in work.session.execute(_CHANGES, _values(work, ids)):
        waits, agreed = found[order_id]
        if state == AddressState.ASKED:
            found[order_id] = True, agreed
        elif decided_at is not None:
            found[order_id] = waits, max(decided_at, agreed or decided_at)
    return found


def _short(work: Work, ids: Sequence[UUID]) -> set[UUID]:
    return set(work.session.execute(_SHORT, _values(work, ids)).scalars())


def _parcels(work: Work, ids: Sequence[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for order_id, carrier, number in work.session.execute(_PARCELS, _values(work, ids)):
        found[order_id].append((carrier, number))
    return found
