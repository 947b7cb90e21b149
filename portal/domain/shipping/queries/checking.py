"""Looking before shipping: rows with their numbers, whose each is, and what stands in the way. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from portal.domain.ordering.models import Order
from portal.domain.ordering.values import STATES
from portal.domain.shipping import errors
from portal.domain.shipping.models import Parcel, ParcelLine
from portal.domain.shipping.queries.board import several
from portal.domain.shipping.queries.rows import Row
from portal.domain.shipping.rules.paste import problem_of, tidy
from portal.domain.shipping.rules.recognising import NAMES, recognise
from portal.domain.shipping.values import ParcelState
from portal.kernel.permissions import Permission
from portal.kernel.words import Text
from portal.kernel.work import Work


@dataclass(frozen=True)
class Wanted:
    """An order and what was typed or pasted for it; `carrier` empty is recognised."""

    order_id: UUID
    number: str
    carrier: str = ""
    problem: Text | None = None


@dataclass(frozen=True)
class Checked:
    """A row of the preview. `carriers` are those the number may belong to; `shares` is with how many others it goes."""

    row: Row
    number: str
    carrier: str
    carriers: tuple[str, ...]
    problem: Text | None
    shares: int = 0

    @property
    def goes(self) -> bool:
        """It will leave when asked to."""
        return self.problem is None and bool(self.number)


def checked(work: Work, wanted: Sequence[Wanted]) -> tuple[Checked, ...]:
    """What would happen. Raises NotFound when one of the orders is another's."""
    work.require(Permission.ORDER_SHIP)
    rows = {row.id: row for row in several(work, [one.order_id for one in wanted])}
    numbers = [tidy(one.number) for one in wanted]
    taken = _taken(work, [one for one in numbers if one])
    going: dict[str, list[Row]] = defaultdict(list)
    for one, number in zip(wanted, numbers, strict=True):
        if number:
            going[number].append(rows[one.order_id])
    seen: set[UUID] = set()
    found = []
    for one, number in zip(wanted, numbers, strict=True):
        row, carriers = rows[one.order_id], recognise(number) if number else ()
        carrier = one.carrier if one.carrier in NAMES else carriers[0] if len(carriers) == 1 else ""
        problem = one.problem
        if number and problem is None:
            problem = _problem(row, number, carrier, going[number], taken) or _twice(row, seen)
            seen.add(row.id)
        shares = len({other.id for other in going[number]}) - 1 if number else 0
        found.append(Checked(row, number, carrier, carriers, problem, shares))
    return tuple(found)


def _twice(row: Row, seen: set[UUID]) -> Text | None:
    return errors.OrderTwice(row.number).sentence if row.id in seen else None


def _problem(row: Row, number: str, carrier: str, together: Sequence[Row], taken: Mapping[str, Any]) -> Text | None:
    if (wrong := problem_of(number)) is not None:
        return wrong
    if not row.is_open:
        return errors.ShippedAlready(row.number, STATES[row.state]).sentence
    if row.blocked:
        return errors.AskedBack(row.number).sentence
    if row.asked:
        return errors.AddressAsked(row.number).sentence
    if row.stale:
        return errors.LabelStale(row.number).sentence
    if len({other.whom for other in together}) > 1:
        return errors.NumberTwice(number).sentence
    if number in taken and taken[number][0] != row.whom:
        return errors.NumberTaken(number, taken[number][1]).sentence
    return errors.CarrierUnclear(number).sentence if not carrier else None


def _taken(work: Work, numbers: Sequence[str]) -> dict[str, tuple[tuple[object, ...], str]]:
    """Numbers that are on a living parcel, with whom it goes to and an order in it."""
    if not numbers:
        return {}
    inside = and_(ParcelLine.merchant_id == Parcel.merchant_id, ParcelLine.parcel_id == Parcel.id)
    order = and_(Order.merchant_id == ParcelLine.merchant_id, Order.id == ParcelLine.order_id)
    whom = (Order.person_id, Order.recipient, Order.phone, Order.region_code, Order.detail)
    query = (
        select(Parcel.number, Order.number.label("order_number"), *whom)
        .join(ParcelLine, inside)
        .join(Order, order)
        .where(Parcel.merchant_id == work.merchant_id, Parcel.number.in_(numbers))
        .where(Parcel.state != ParcelState.UNDONE.value)
    )
    return {row.number: (tuple(row[2:]), row.order_number) for row in work.session.execute(query)}
