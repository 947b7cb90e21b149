"""The turn list: its rules on rows of people, and what a day at the desk makes of it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar import actions as calendar
from portal.domain.turns import actions, errors, queries, rules
from portal.domain.turns.values import Declined, Requested, Turn, TurnRule
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from tests.factories.world import World

NAMES = ("黄嘉怡", "何小雨", "林芳")


@given(
    st.lists(st.integers(0, 30), min_size=1, unique=True),
    st.data(),
    st.sampled_from(list(Turn)),
    st.sampled_from(list(Requested)),
    st.sampled_from(list(Declined)),
)
def test_nobody_is_lost_and_the_others_keep_their_order(row, data, turn, requested, declined) -> None:
    who = data.draw(st.sampled_from(row))
    after = rules.after(row, who, turn, TurnRule(requested, declined))
    assert sorted(after) == sorted(row)
    assert [one for one in after if one != who] == [one for one in row if one != who]
    if turn is Turn.TAKEN:
        assert after[-1] == who
    if turn is Turn.REQUESTED and requested is Requested.KEEPS:
        assert list(after) == row


@pytest.mark.parametrize(
    ("declined", "expected"),
    [(Declined.END, "bca"), (Declined.ONE, "bac"), (Declined.KEEPS, "abc")],
)
def test_declined(declined: Declined, expected: str) -> None:
    assert "".join(rules.after("abc", "a", Turn.DECLINED, TurnRule(declined=declined))) == expected


def test_a_day_of_turns_ends_at_five() -> None:
    assert rules.turn_day(datetime(2026, 7, 4, 20, 59, tzinfo=UTC)) == date(2026, 7, 4)  # 04:59 in Shanghai
    assert rules.turn_day(datetime(2026, 7, 4, 21, 0, tzinfo=UTC)) == date(2026, 7, 5)


def test_a_day_at_the_desk(world: World) -> None:
    merchant = world.merchant()
    store, other = world.store(merchant), world.store(merchant)
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        first, second, third = (calendar.add(work, store_id=store.id, kind="technician", name=name) for name in NAMES)
        with pytest.raises(errors.NobodyFree):
            actions.take_next(work, store.id)
        for one in (first, second, third, first):  # joining twice is joining once
            actions.join(work, store.id, one)
        assert queries.order(work, merchant.id, store.id) == (first, second, third)
        assert actions.take_next(work, store.id) == first
        actions.decline(work, store.id, second, reason="在吃饭")
        assert queries.order(work, merchant.id, store.id) == (third, first, second)
        actions.put(work, store.id, second, nth=1, reason="店长安排")
        actions.leave(work, store.id, third)
        with pytest.raises(errors.NotInList):
            actions.decline(work, store.id, third, reason="不在")
        with pytest.raises(Refusal):
            actions.decline(work, store.id, first, reason=" ")
        with pytest.raises(NotFound):
            actions.join(work, other.id, first)
        board = queries.board(work, store.id)
    assert [(one.name, one.nth, one.present) for one in board.places] == [
        ("何小雨", 1, True),
        ("黄嘉怡", 2, True),
        ("林芳", 0, False),
    ]
    assert board.next_id == second
    assert [(one.name, one.kind, one.note) for one in board.log[:3]] == [
        ("林芳", Turn.LEFT, ""),
        ("何小雨", Turn.MOVED, "店长安排"),
        ("何小雨", Turn.DECLINED, "在吃饭"),
    ]


def test_a_booking_counts_once_and_a_requested_turn_follows_the_rule(world: World) -> None:
    merchant = world.merchant()
    store = world.store(merchant)
    booking = store.id  # any id will do: turns know no bookings
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        first, second = (calendar.add(work, store_id=store.id, kind="technician", name=name) for name in NAMES[:2])
        actions.join(work, store.id, first)
        actions.join(work, store.id, second)
        actions.set_rule(work, store.id, requested=Requested.KEEPS, declined=Declined.ONE)
        actions.took(work, merchant.id, store.id, first, requested=True, booking_id=booking)
        assert queries.order(work, merchant.id, store.id) == (first, second)
        for _again in range(2):
            actions.took(work, merchant.id, store.id, first, requested=False, booking_id=merchant.id)
        assert queries.order(work, merchant.id, store.id) == (second, first)
        place = next(one for one in queries.board(work, store.id).places if one.resource_id == first)
    assert (place.taken, place.requested) == (1, 1)
