"""The table a party gets, against every choice tried one by one: smallest that fits, chairs added, then joined."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.floor import rules
from portal.domain.floor.values import Join, Shape, Table

START = datetime(2026, 7, 5, 10, tzinfo=UTC)
SLOTS = 8
Taken = dict[UUID, set[int]]


def table(nth: int, least: int, most: int, extra: int, *, active: bool) -> Table:
    kinds = (Shape.SQUARE, 0, 0, active, "")
    return Table(UUID(int=nth), f"A{nth}", UUID(int=99), "大厅", min(least, most), most, extra, *kinds)


TABLES = st.lists(
    st.tuples(st.integers(1, 4), st.integers(1, 8), st.integers(0, 2), st.sampled_from([True, True, True, False])),
    min_size=1,
    max_size=5,
).map(lambda rows: [table(nth, a, b, c, active=on) for nth, (a, b, c, on) in enumerate(rows, 1)])
JOINS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(1, 9), st.integers(0, 8)), max_size=3)
PARTIES = st.lists(st.tuples(st.integers(1, 14), st.integers(0, SLOTS - 1), st.integers(1, 4)), max_size=12)


def joined(tables: list[Table], rows: list[tuple[int, int, int, int]]) -> list[Join]:
    found = []
    for nth, (one, other, least, more) in enumerate(rows):
        if one < other < len(tables):
            ids, names = zip(*((tables[at].id, tables[at].name) for at in (one, other)), strict=True)
            found.append(Join(UUID(int=500 + nth), f"J{nth}", least, least + more, ids, names))
    return found


def tried(tables: list[Table], joins: list[Join], people: int, free: set[UUID]) -> tuple[int, int] | None:
    """Kind and seats of the best place, by looking at each: plain before chairs before joined, then smallest."""
    on = {one.id for one in tables if one.active}
    best = None
    for one in tables:
        for kind, most in ((0, one.seats_max), (1, one.seats_max + one.seats_extra)):
            if one.id in on & free and one.seats_min <= people <= most:
                best = min(best or (9, 0), (kind, one.seats_max))
    for join in joins:
        if set(join.table_ids) <= on & free and join.seats_min <= people <= join.seats_max:
            best = min(best or (9, 0), (2, join.seats_max))
    return best


def left(taken: Taken, one: UUID) -> list[tuple[datetime, datetime]]:
    """What is free of a table, as the calendar tells it: stretches without gaps, in order."""
    found: list[tuple[datetime, datetime]] = []
    for slot in range(SLOTS + 4):
        if slot not in taken[one]:
            start, end = START + timedelta(hours=slot), START + timedelta(hours=slot + 1)
            if found and found[-1][1] == start:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return found


@settings(max_examples=150, deadline=None)
@given(TABLES, JOINS, PARTIES)
def test_the_smallest_place_that_fits_and_never_two_parties(
    tables: list[Table], rows: list[tuple[int, int, int, int]], parties: list[tuple[int, int, int]]
) -> None:
    joins = joined(tables, rows)
    taken: Taken = {one.id: set() for one in tables}
    for people, first, hours in parties:
        slots = set(range(first, first + hours))
        start, end = START + timedelta(hours=first), START + timedelta(hours=first + hours)
        free = {one: left(taken, one) for one in taken}
        found = rules.first_free(rules.fitting(tables, joins, people), free, start, end)
        best = tried(tables, joins, people, {one for one in taken if not slots & taken[one]})
        assert (found is None) == (best is None)
        if found is None:
            continue
        assert found.rank[:2] == best
        for one in found.table_ids:
            assert not slots & taken[one], "two parties at one table"
            taken[one] |= slots
