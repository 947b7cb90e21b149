"""The towns are worth walking: rows in every table, marks in every text, the same shape on both sides."""

from __future__ import annotations

from tests.walker.town import OF_NOBODY, UNFILLED
from tests.walker.walk import Walk


def test_both_towns_have_rows_in_every_table(walk: Walk) -> None:
    owned = {table.name for table in walk.catalogue.tables.values() if OWNING & set(table.columns)}
    expected = (owned | {"merchants", "persons"}) - OF_NOBODY - set(UNFILLED)
    for town in (walk.a, walk.b):
        assert expected - set(town.rows) == set(), f"town {town.letter}"


OWNING = {"merchant_id", "person_id", "holder_id", "actor_id"}


def test_words_are_marked(walk: Walk) -> None:
    tables = {mark.table for mark in walk.b.marks}
    print(f"{len(walk.b.names)} rows, {len(walk.b.marks)} marks in {len(tables)} tables")
    assert {"merchants", "persons", "memberships"} <= tables
    assert not {mark.word for mark in walk.a.marks} & {mark.word for mark in walk.b.marks}
    assert all(len(mark.word) >= 8 for mark in walk.b.marks)
