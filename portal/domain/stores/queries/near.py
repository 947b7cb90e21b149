"""What is near: an endless list in the exact order of great-circle distance, from an index, in pages that never slip.

A page looks through a bounded window of candidates in the order of the index; when filters leave it short, the next
page goes on from where this one stopped looking. So no filter can make one request walk the whole country.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Double,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TIMESTAMP

from portal.domain.stores.models import Cube, StoreCard
from portal.domain.stores.queries.cards import Card, card_columns, card_of
from portal.domain.stores.queries.searching import Cursor, Search, Sort, chord_of, metres_of
from portal.kernel.geo import Position
from portal.kernel.scope import fixed
from portal.kernel.work import Work

VERSION: Final = literal_column("store_cards.xmin::text", Text()).label("version")
"""Another text whenever anything of the card's row was written: PostgreSQL's own mark of the last writer."""

WINDOWS: Final = (400, 4000)
"""Candidates looked through by the first and by the second statement of a page."""


class Near:
    """A store in a list, with its distance. The whole card is read from the row only when it is asked for."""

    def __init__(self, row: Any) -> None:
        self._row = row
        self.store_id: UUID = row.store_id
        self.category_id: UUID | None = row.category_id
        self.version: str = row.version
        self.distance_metres = metres_of(row.chord)

    @cached_property
    def card(self) -> Card:
        """Everything the street may know about it."""
        return card_of(self._row)


@dataclass(frozen=True)
class Page:
    """Rows and the way on. `looked_metres` is how far the search has come when filters left the page short."""

    rows: tuple[Near, ...]
    after: Cursor | None
    looked_metres: float | None = None


def nearby(work: Work, search: Search) -> Page:
    """One page of the list. The same search with the returned cursor gives the next; each row comes exactly once."""
    since = search.after.since if search.after else work.now()
    rows, stop = _read(work, search, since)
    if search.after is not None:
        moved = list(work.session.execute(_Ask(search, since).moved()))
        if moved:
            rows = sorted((*rows, *(row for row in moved if stop is None or _key(row) <= _key(stop))), key=_key)
    shown = rows[: search.size]
    near = tuple(Near(row) for row in shown)
    if len(rows) > search.size:
        return Page(near, _cursor(since, shown[-1]))
    if stop is not None:
        return Page(near, _cursor(since, stop), metres_of(stop.chord))
    return Page(near, None)


def _read(work: Work, search: Search, since: datetime) -> tuple[list[Any], Any]:
    """The rows that fit, one more than a page at most, and the last candidate looked at if there may be more."""
    if search == Search(search.here):
        asked = {"lat": search.here.lat, "lng": search.here.lng, "since": since}
        return list(work.session.execute(_FIRST_PAGE, asked)), None
    ask = _Ask(search, since)
    if not ask.looks_through:
        return list(work.session.execute(ask.straight())), None
    found: list[Any] = []
    stop = None
    for window in WINDOWS:
        rows = list(work.session.execute(ask.window(window, search.size + 1 - len(found))))
        found += [row for row in rows if row.fits]
        stop = rows[-1] if rows and rows[-1].place == window else None
        if stop is None or len(found) > search.size:
            break
        ask = _Ask(replace(search, after=_cursor(since, stop)), since)
    return found, stop


def _cursor(since: datetime, row: Any) -> Cursor:
    return Cursor(since, row.chord, row.store_id, row.value)


def _key(row: Any) -> tuple[Any, ...]:
    return (-row.value, row.chord, row.store_id.bytes)


class _Ask:
    """The statements of one page."""

    def __init__(self, search: Search, since: datetime) -> None:
        self.search, self.since = search, since
        here = func.ll_to_earth(cast(search.here.lat, Double), cast(search.here.lng, Double))
        self.here: Any = cast(here, Cube)

    @property
    def looks_through(self) -> bool:
        """Whether filters that no index answers thin out the candidates of a list by distance."""
        return self.search.sort is Sort.DISTANCE and bool(self._filters(StoreCard))

    def straight(self) -> Select[Any]:
        """The page itself and one row more."""
        query = self._candidates(StoreCard.earth, moved=False)
        return query.where(*self._filters(StoreCard)).limit(self.search.size + 1)

    def moved(self) -> Select[Any]:
        """Stores that moved since the list began, where they stood then."""
        query = self._candidates(StoreCard.moved_from, moved=True)
        return query.where(*self._filters(StoreCard)).limit(self.search.size + 1)

    def window(self, size: int, most: int) -> Select[Any]:
        """Of the next `size` candidates those that `fits`, and the last of them as the place to go on from."""
        asked = (StoreCard.search, StoreCard.open_times, StoreCard.benefits_until)
        window = self._candidates(StoreCard.earth, moved=False).add_columns(*asked).limit(size).subquery()
        order = (window.c.chord, window.c.store_id)
        place = func.row_number().over(order_by=order).label("place")
        fits = and_(true(), *self._filters(window.c)).label("fits")
        shown = [column for column in window.c if column.name not in {one.key for one in asked}]
        placed = select(*shown, place, fits).subquery()
        query = select(placed).where(or_(placed.c.fits, placed.c.place == cast(size, Integer)))
        return query.order_by(placed.c.chord, placed.c.store_id).limit(most)

    def _candidates(self, earth: Any, *, moved: bool) -> Select[Any]:
        """Stores in the order of the list, after the cursor, as the street was when the list began."""
        chord = earth.op("<->", return_type=Double())(self.here)
        value = self._value()
        query = select(*card_columns(), VERSION, chord.label("chord"), value.label("value"))
        query = query.where(StoreCard.listed_at <= self.since, _moved_since(self.since, moved=moved))
        query = query.where(*self._bounds(earth, chord), *self._after(chord, value))
        order = [chord, StoreCard.store_id]
        return query.order_by(*(order if self.search.sort is Sort.DISTANCE else [value.desc(), *order]))

    def _value(self) -> Any:
        match self.search.sort:
            case Sort.SALES:
                return StoreCard.month_sales
            case Sort.RATING:
                return rating_rank()
        return cast(0, Integer)

    def _bounds(self, earth: Any, chord: Any) -> list[Any]:
        found: list[Any] = []
        filters, radius = self.search.filters, self.search.radius_metres
        if filters.category_root is not None:
            found.append(StoreCard.category_root == filters.category_root)
        if filters.with_coupons:
            found.append(StoreCard.benefits_until.is_not(None))
        if radius is not None:
            box = func.earth_box(self.here, cast(radius, Double))
            found += [earth.op("<@", is_comparison=True)(box), chord <= cast(chord_of(radius), Double)]
        return found

    def _after(self, chord: Any, value: Any) -> list[Any]:
        after = self.search.after
        if after is None:
            return []
        last = tuple_(cast(after.chord, Double), after.store_id)
        beyond = tuple_(chord, StoreCard.store_id) > last
        if self.search.sort is Sort.DISTANCE:
            return [beyond]
        level = cast(after.value, Integer)
        return [or_(value < level, and_(value == level, beyond))]

    def _filters(self, columns: Any) -> list[Any]:
        """What no index answers; asked of the candidates only."""
        filters = self.search.filters
        at = cast(self.since, TIMESTAMP(timezone=True))
        found: list[Any] = [columns.search.contains(word, autoescape=True) for word in filters.words]
        if filters.open_now:
            found.append(columns.open_times.op("@>", is_comparison=True)(at))
        if filters.with_coupons:
            found.append(columns.benefits_until > at)
        if filters.category_ids:
            found.append(columns.category_id.in_(filters.category_ids))
        return found


def rating_rank() -> Any:
    """Thousandths of the mean rating, drawn towards 4.0 as if five people had said so; stores without one come last."""
    drawn = (StoreCard.rating_sum * 1000 + 20_000) // (StoreCard.rating_count + 5)
    return case((StoreCard.rating_count == 0, 0), else_=drawn)


def _moved_since(since: datetime, *, moved: bool) -> Any:
    if moved:
        return StoreCard.moved_at > since
    return or_(StoreCard.moved_at.is_(None), StoreCard.moved_at <= since)


class _Anywhere:
    """A place whose coordinates are given at each run."""

    lat: Any = bindparam("lat", type_=Double())
    lng: Any = bindparam("lng", type_=Double())


def _first_page() -> Any:
    here: Any = _Anywhere()
    since: Any = bindparam("since", type_=DateTime(timezone=True))
    return _Ask(Search(here), since).straight()


_FIRST_PAGE = fixed(_first_page())
"""What most readers ask, built once: the nearest stores without any filter."""


def nearest(work: Work, here: Position, *, but: UUID | None = None, size: int = 4) -> tuple[Near, ...]:
    """The nearest stores, for pages that have nothing else to offer."""
    page = nearby(work, Search(here, size=size + 1))
    return tuple(near for near in page.rows if near.card.store_id != but)[:size]
