"""What pages and acts decide by: resources with their hours and reservations in a window, in three statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, DateTime, SmallInteger, and_, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from portal.domain.calendar import rules
from portal.domain.calendar.models import Reservation, Resource, ResourceDay, Shift
from portal.domain.calendar.values import Held, Interval, Pattern, ResourceCard, Span, WeekSpan
from portal.kernel.scope import Face, Scope, fixed
from portal.kernel.work import Work

HOUSE: Final = Scope(Face.JOB)


@dataclass
class Book:
    """One resource as it stands in a window: its week, its dated days, its reservations.

    `elsewhere` is what the same person has in other stores: nobody is at two places at once.
    """

    resource: ResourceCard
    week: list[Pattern] = field(default_factory=list)
    days: dict[date, tuple[Span, ...]] = field(default_factory=dict)
    reasons: dict[date, str] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    busy: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    elsewhere: list[Held] = field(default_factory=list)
    twins: tuple[UUID, ...] = ()

    def working(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """When it works within [start, end); out of use it never does."""
        if not self.resource.active:
            return ()
        return rules.working(start, end, self.resource.kind, self.week, self.days)

    def taken(self) -> list[tuple[int, datetime, datetime]]:
        """What is reserved, as the rules take it; who is elsewhere is so with all of his cells."""
        if self.busy:
            return self.busy
        own = [(one.cell, one.start, one.end) for one in self.held]
        return own + [cell for one in self.elsewhere for cell in self._all_cells(one.start, one.end)]

    def _all_cells(self, start: datetime, end: datetime) -> list[tuple[int, datetime, datetime]]:
        return [(cell, start, end) for cell in range(1, self.resource.capacity + 1)]

    def is_elsewhere(self, start: datetime, end: datetime) -> None:
        """Somebody asked when only; take down that he is at another place."""
        self.busy.extend(self._all_cells(start, end))

    def free(self, start: datetime, end: datetime) -> tuple[Interval, ...]:
        """What is left of [start, end)."""
        return rules.free(self.working(start, end), self.resource.capacity, self.taken())


def card_of(row: Any) -> ResourceCard:
    """A resource's row, or a result row with its columns, as others know it."""
    return ResourceCard(
        *(row.merchant_id, row.id, row.store_id, row.kind, row.name, row.capacity),
        *(row.membership_id, row.position, row.active),
    )


_UUIDS: Final = ARRAY(Resource.__table__.c.id.type)
_IDS: Final = any_(bindparam("resource_ids", type_=_UUIDS))
_R, _S = Resource.__table__.c, Shift.__table__.c
_D, _V = ResourceDay.__table__.c, Reservation.__table__.c
_FIRST: Final = bindparam("first_day", type_=Date)
_LAST: Final = bindparam("last_day", type_=Date)
_CARD: Final = (
    *(_R.merchant_id, _R.id, _R.store_id, _R.kind, _R.name, _R.capacity),
    *(_R.membership_id, _R.position, _R.active),
)
_NARROW: Final = or_(  # of a room it matters whether there is any week at all
    _S.weekday == any_(bindparam("weekdays", type_=ARRAY(SmallInteger))), _R.kind.in_(sorted(rules.ALWAYS))
)
_TWIN: Final = aliased(Resource.__table__, name="twin")
_TWINS: Final = (
    select(func.array_agg(_TWIN.c.id))
    .where(
        *(_TWIN.c.merchant_id == _R.merchant_id, _TWIN.c.membership_id == _R.membership_id, _TWIN.c.id != _R.id),
    )
    .label("twins")
)
_BOOKS: Final = fixed(
    select(*_CARD, _S.weekday, _S.start_minute, _S.minutes, _S.kind.label("span"), _S.from_day, _S.until_day, _TWINS)
    .select_from(Resource.__table__)
    .outerjoin(
        Shift.__table__,
        and_(
            *(_S.merchant_id == _R.merchant_id, _S.resource_id == _R.id, _S.from_day <= _LAST),
            or_(_S.until_day.is_(None), _S.until_day > _FIRST),
            _NARROW,
        ),
    )
    .where(_R.merchant_id == bindparam("of_merchant"), _R.id == _IDS)
)
_DAYS: Final = fixed(
    select(_D.resource_id, _D.day, _D.spans, _D.reason).where(
        *(_D.merchant_id == bindparam("of_merchant"), _D.resource_id == _IDS, _D.day >= _FIRST, _D.day <= _LAST)
    )
)
_START: Final = func.lower(_V.during)
_END: Final = func.upper(_V.during)
_SINCE: Final = bindparam("start", type_=DateTime(timezone=True))
_UNTIL: Final = bindparam("end", type_=DateTime(timezone=True))
_DURING: Final = (
    _V.merchant_id == bindparam("of_merchant"),
    _V.resource_id == _IDS,
    _START.between(bindparam("earliest", type_=DateTime(timezone=True)), _UNTIL),
    _V.during.op("&&")(func.tstzrange(_SINCE, _UNTIL)),
)
_BUSY: Final = fixed(select(_V.resource_id, _V.cell, _START, _END).where(*_DURING))
_HELD: Final = fixed(
    select(
        *(_V.id, _V.resource_id, _V.cell, _START, _END, _V.holder_type, _V.holder_id, _V.overrides, _V.note),
    ).where(*_DURING)
)


def read(
    work: Work, merchant_id: UUID, resource_ids: Sequence[UUID], start: datetime, end: datetime, *, who: bool = True
) -> dict[UUID, Book]:
    """What pages and acts decide by, on the worker's face: three statements. Reservations are read last.

    Without `who` they say when only: `busy` instead of `held`.
    """
    around = rules.days_around(start, end)
    asked: dict[str, Any] = {"of_merchant": merchant_id, "resource_ids": list(resource_ids)}
    weekdays = sorted({day.weekday() for day in around})
    days = {**asked, "first_day": around[0], "last_day": around[-1], "weekdays": weekdays}
    books = _opened(work.session.execute(_BOOKS, days).all())
    for resource_id, day, spans, reason in work.session.execute(_DAYS, days).all():
        books[resource_id].days[day] = tuple(Span(*one) for one in spans)
        books[resource_id].reasons[day] = reason
    times = {"start": start, "end": end, "earliest": start - rules.LONGEST}
    away: dict[UUID, list[Book]] = defaultdict(list)
    for book in books.values():
        for twin in book.twins:
            away[twin].append(book)
    asked["resource_ids"] = [*books, *(one for one in away if one not in books)]
    rows: Sequence[Any] = work.session.execute(_HELD if who else _BUSY, {**asked, **times}).all()
    _note_held(books, away, rows) if who else _note_busy(books, away, rows)
    return books


Away = Mapping[UUID, Sequence[Book]]


def _note_held(books: Mapping[UUID, Book], away: Away, rows: Sequence[Any]) -> None:
    for one in map(Held._make, rows):
        if one.resource_id in books:
            books[one.resource_id].held.append(one)
        for book in away.get(one.resource_id, ()):
            book.elsewhere.append(one)


def _note_busy(books: Mapping[UUID, Book], away: Away, rows: Sequence[Any]) -> None:
    for resource_id, cell, start, end in rows:
        if resource_id in books:
            books[resource_id].busy.append((cell, start, end))
        for book in away.get(resource_id, ()):
            book.is_elsewhere(start, end)


def _opened(rows: Sequence[Any]) -> dict[UUID, Book]:
    books: dict[UUID, Book] = {}
    for row in rows:
        book = books.get(row[1])
        if book is None:
            book = books[row[1]] = Book(ResourceCard(*row[:9]), twins=tuple(row[15] or ()))
        if row[9] is not None:
            book.week.append(Pattern(WeekSpan(*row[9:13]), *row[13:15]))
    return books
