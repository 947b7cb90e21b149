"""Reserve, release, move: the one way into the calendar, for features that have checked right and access.

Rows of the resources are held first, then read anew, then decided by the same rule as pages. The exclusion constraint
stands behind it and says no in the same words. A refusal leaves the Work as it was: it may be caught.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import any_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, Range
from sqlalchemy.exc import IntegrityError

from portal.domain.calendar import errors, rules
from portal.domain.calendar.access import hold
from portal.domain.calendar.models import Reservation
from portal.domain.calendar.queries import HOUSE, Book, read
from portal.domain.calendar.values import Claim, Held
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.refusals import Refusal
from portal.kernel.rows import add_rows
from portal.kernel.scope import fixed
from portal.kernel.work import Work

_V: Any = Reservation.__table__.c
_MINE: Final = (_V.merchant_id == bindparam("of_merchant"), _V.holder_id == bindparam("of_holder"))
_RELEASED: Final = fixed(delete(Reservation.__table__).where(*_MINE))  # type: ignore[arg-type]
_OF: Final = bindparam("of_resources", type_=ARRAY(_V.resource_id.type))
_RELEASED_OF: Final = fixed(delete(Reservation.__table__).where(*_MINE, _V.resource_id == any_(_OF)))  # type: ignore[arg-type]
_PLACES: Final = fixed(select(_V.resource_id).where(*_MINE).distinct())
_CLASH: Final = "23P01"  # exclusion_violation

Placed = dict[UUID, UUID]


def reserve(work: Work, claims: Sequence[Claim]) -> tuple[UUID, ...]:
    """Reserve all of it or nothing; one id for each claim (of its first row, when it takes several).

    Refuses with Taken (OffHours outside of hours, unless `unbound`), NotThere, NoReason, WrongTime.
    """
    wanted = _tidy(claims)
    refused: Refusal | None = None
    found: tuple[UUID, ...] = ()
    with borrowed(work, HOUSE):
        try:
            _hold(work, wanted)
            found = _place(work, wanted)
        except Refusal as no:
            refused = no
    if refused is not None:
        raise refused
    return found


def release(work: Work, merchant_id: UUID, holder_id: UUID, resource_ids: Collection[UUID] | None = None) -> None:
    """Give back everything this holder has, or what he has of these resources. Nothing there is fine."""
    asked: dict[str, Any] = {"of_merchant": merchant_id, "of_holder": holder_id}
    with borrowed(work, HOUSE):
        if resource_ids is None:
            work.session.execute(_RELEASED, asked)
        else:
            work.session.execute(_RELEASED_OF, {**asked, "of_resources": list(resource_ids)})


def move(work: Work, merchant_id: UUID, holder_id: UUID, claims: Sequence[Claim]) -> tuple[UUID, ...]:
    """Give back what the holder has and reserve this instead; keeps the old when the new is refused, as `reserve`."""
    wanted = _tidy(claims)
    if any((one.merchant_id, one.holder_id) != (merchant_id, holder_id) for one in wanted):
        raise ValueError("what is moved stays its holder's")
    refused: Refusal | None = None
    found: tuple[UUID, ...] = ()
    with borrowed(work, HOUSE):
        before = work.session.scalars(_PLACES, {"of_merchant": merchant_id, "of_holder": holder_id})
        try:
            hold(work, merchant_id, [*before, *(one.resource_id for one in wanted)])
            found = _place(work, wanted, leaving=(merchant_id, holder_id))
        except Refusal as no:
            refused = no
    if refused is not None:
        raise refused
    return found


def _tidy(claims: Sequence[Claim]) -> list[Claim]:
    """The claims in UTC. Refuses what ends before it begins and what overrides without a reason."""
    found = []
    for one in claims:
        if one.start.tzinfo is None or one.end.tzinfo is None:
            raise ValueError("times of a claim are aware")
        if one.start >= one.end:
            raise errors.WrongTime
        if one.overrides and not one.note.strip():
            raise errors.NoReason
        found.append(replace(one, start=one.start.astimezone(UTC), end=one.end.astimezone(UTC)))
    return found


def _hold(work: Work, claims: Sequence[Claim]) -> None:
    for merchant_id in sorted({one.merchant_id for one in claims}):
        hold(work, merchant_id, [one.resource_id for one in claims if one.merchant_id == merchant_id])


def _place(work: Work, claims: Sequence[Claim], *, leaving: tuple[UUID, UUID] | None = None) -> tuple[UUID, ...]:
    """Decide by the rule and write; `leaving` is the holder whose rows give way."""
    faults.point(work, "calendar.reserve.held")
    books = _books(work, claims)
    if leaving is not None:
        for book in books.values():
            book.held = [one for one in book.held if one.holder_id != leaving[1]]
            book.elsewhere = [one for one in book.elsewhere if one.holder_id != leaving[1]]
    rows: list[dict[str, Any]] = []
    found = tuple(_seat(work, books, one, rows) for one in claims)
    faults.point(work, "calendar.reserve.decided")
    try:
        with work.session.begin_nested():
            if leaving is not None:
                work.session.execute(_RELEASED, {"of_merchant": leaving[0], "of_holder": leaving[1]})
            add_rows(work, Reservation, rows)
    except IntegrityError as clash:
        if getattr(clash.orig, "sqlstate", "") != _CLASH:
            raise
        raise _taken(books, claims[0]) from clash
    return found


def _books(work: Work, claims: Sequence[Claim]) -> dict[UUID, Book]:
    found: dict[UUID, Book] = {}
    by_merchant: dict[UUID, list[Claim]] = defaultdict(list)
    for one in claims:
        by_merchant[one.merchant_id].append(one)
    for merchant_id, asked in by_merchant.items():
        start, end = min(one.start for one in asked), max(one.end for one in asked)
        found.update(read(work, merchant_id, list({one.resource_id for one in asked}), start, end))
    return found


def _seat(work: Work, books: dict[UUID, Book], claim: Claim, rows: list[dict[str, Any]]) -> UUID:
    """Put one claim into the books and its rows to the others. Refuses what is not free."""
    book = books.get(claim.resource_id)
    if book is None or not book.resource.active:
        raise errors.NotThere
    over, parts = _parts(book, claim)
    first: UUID | None = None
    for cell, start, end in parts:
        held = Held(
            *(new_id(), claim.resource_id, cell, start, end),
            *(str(claim.holder_type), claim.holder_id, over, claim.note.strip()),
        )
        book.held.append(held)
        for twin in book.twins:
            if twin in books:
                books[twin].elsewhere.append(held)
        rows.append(_row(claim.merchant_id, held, work.now()))
        first = first or held.id
    assert first is not None
    return first


def _parts(book: Book, claim: Claim) -> tuple[bool, list[tuple[int, datetime, datetime]]]:
    """Whether it lies over something, and in which cells from when to when."""
    start, end, capacity = claim.start, claim.end, book.resource.capacity
    bound = not (claim.unbound or claim.overrides)
    if bound and not rules.covers(book.working(start, end), start, end):
        raise errors.OffHours(claim.resource_id, book.resource.name, start)
    if not rules.full_within(capacity, book.taken(), start, end):
        return False, rules.cells_for(start, end, capacity, book.taken())
    if not claim.overrides:
        raise _taken({claim.resource_id: book}, claim)
    return True, [(1, *piece) for piece in rules.pieces(start, end)]


def _taken(books: dict[UUID, Book], claim: Claim) -> errors.Taken:
    return errors.Taken(claim.resource_id, books[claim.resource_id].resource.name, claim.start)


def _row(merchant_id: UUID, held: Held, now: datetime) -> dict[str, Any]:
    return {
        "merchant_id": merchant_id,
        "id": held.id,
        "resource_id": held.resource_id,
        "cell": held.cell,
        "during": Range(held.start, held.end, bounds="[)"),
        "holder_type": held.holder_type,
        "holder_id": held.holder_id,
        "overrides": held.overrides,
        "note": held.note,
        "made_at": now,
    }
