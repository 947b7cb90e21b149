"""What may go back of a line: pieces and money never pass what was bought, in any row of asking, refusing, shipping."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.aftersales import errors
from portal.domain.aftersales.rules import LineFacts, Quote, Room, Taken, allocated, lowered, possible, quote
from portal.domain.aftersales.values import MOVES, OPEN, REASONS, VOID, CaseKind, CaseState, Reason
from portal.kernel.refusals import Refusal

LINE = UUID(int=1)
K, R = CaseKind, Reason


def room(quantity: int = 3, unit: int = 1000, freight: int = 100, **more: int) -> Room:
    taken = Taken(**{name: more.pop(name) for name in tuple(more) if name in Taken.__dataclass_fields__})
    counters = {"shipped": 0, "cancelled": 0, "blocked": 0} | more
    return Room(LineFacts(LINE, quantity, unit, freight, returnable=True, **counters), taken)


def test_pieces_that_have_not_left_cost_their_price_and_their_share_of_freight() -> None:
    asked = quote(K.UNSHIPPED, R.NOT_WANTED, {LINE: 1}, {LINE: room()})
    assert (asked.goods_fen, asked.freight_fen, asked.fault) == (1000, 33, False)
    whole = quote(K.UNSHIPPED, R.NOT_WANTED, {LINE: 3}, {LINE: room()})
    assert whole.total_fen == 3100
    last = quote(K.UNSHIPPED, R.NOT_WANTED, {LINE: 1}, {LINE: room(cancelled=2, cancel_freight_fen=66)})
    assert last.freight_fen == 34


def test_returned_pieces_bring_freight_only_for_the_merchants_fault() -> None:
    sent = {LINE: room(shipped=3)}
    assert quote(K.RETURN, R.NO_REASON, {LINE: 3}, sent).total_fen == 3000
    assert quote(K.RETURN, R.QUALITY, {LINE: 3}, sent).total_fen == 3100


def test_money_is_for_what_has_left_and_never_for_what_can_still_be_cancelled() -> None:
    partly = {LINE: room(shipped=1)}
    asked = quote(K.MONEY, R.NOT_RECEIVED, {LINE: 1}, partly)
    assert (asked.goods_fen, asked.freight_fen, asked.most_fen) == (1000, 34, 1034)
    with pytest.raises(errors.TooMuch):
        quote(K.MONEY, R.NOT_RECEIVED, {LINE: 1}, partly, amount_fen=1035)
    assert quote(K.MONEY, R.AGREED, {LINE: 1}, partly).most_fen == 1000
    with pytest.raises(errors.NotShipped):
        quote(K.MONEY, R.QUALITY, {LINE: 1}, {LINE: room()})


@pytest.mark.parametrize(
    ("kind", "reason", "wanted", "refusal"),
    [
        (K.UNSHIPPED, R.NOT_WANTED, {}, errors.NothingAsked),
        (K.UNSHIPPED, R.NOT_WANTED, {LINE: 0}, errors.NoSuchPieces),
        (K.UNSHIPPED, R.NOT_WANTED, {LINE: -1}, errors.NoSuchPieces),
        (K.UNSHIPPED, R.NOT_WANTED, {UUID(int=2): 1}, errors.NoSuchPieces),
        (K.UNSHIPPED, R.NOT_WANTED, {LINE: 4}, errors.TooManyPieces),
        (K.UNSHIPPED, R.QUALITY, {LINE: 1}, errors.WrongReason),
        (K.RETURN, R.NOT_WANTED, {LINE: 1}, errors.WrongReason),
        (K.RETURN, R.QUALITY, {LINE: 1}, errors.TooManyPieces),
        (K.MONEY, R.GOODWILL, {LINE: 1}, errors.WrongReason),
    ],
)
def test_what_does_not_fit_is_refused(
    kind: CaseKind, reason: Reason, wanted: dict[UUID, int], refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        quote(kind, reason, wanted, {LINE: room()})


def test_fresh_goods_go_back_for_their_quality_only() -> None:
    fresh = room(shipped=3)
    fresh = replace(fresh, line=replace(fresh.line, returnable=False))
    with pytest.raises(errors.NotReturnable):
        quote(K.RETURN, R.NO_REASON, {LINE: 1}, {LINE: fresh})
    assert quote(K.RETURN, R.QUALITY, {LINE: 1}, {LINE: fresh}).goods_fen == 1000


def test_what_is_possible() -> None:
    assert possible([room()]) == (K.UNSHIPPED,)
    assert possible([room(shipped=3)]) == (K.MONEY, K.RETURN) or set(possible([room(shipped=3)])) == {K.MONEY, K.RETURN}
    assert possible([room(shipped=3, return_pieces=3, goods_fen=3000)]) == (K.MONEY,)  # its freight is left
    assert possible([room(cancelled=3)]) == ()


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.data())
def test_shares_of_an_amount_never_pass_what_there_is(most: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(most)))
    parts = allocated(amount, most)
    assert sum(parts) == (amount if sum(most) else 0)
    assert all(part <= there for part, there in zip(parts, most, strict=True))


@given(st.integers(1, 9), st.integers(1, 9), st.data())
def test_a_smaller_amount_is_shared_out_within_what_was_asked(first: int, second: int, data: st.DataObject) -> None:
    other = UUID(int=2)
    rooms = {LINE: room(first, 333, 77, shipped=first), other: room(second, 1_001, 5, shipped=second)}
    rooms[other] = replace(rooms[other], line=replace(rooms[other].line, id=other))
    asked = quote(K.RETURN, R.QUALITY, {LINE: first, other: second}, rooms)
    amount = data.draw(st.integers(1, asked.total_fen))
    less = lowered(asked, amount)
    assert less.total_fen == amount
    for one, whole in zip(less.shares, asked.shares, strict=True):
        assert one.pieces == whole.pieces
        assert 0 <= one.goods_fen <= whole.goods_fen
        assert 0 <= one.freight_fen <= whole.freight_fen


@dataclass
class Line:
    """A line in memory with its cases, as the tables would hold them."""

    facts: LineFacts
    cases: list[tuple[Quote, bool]] = field(default_factory=list)  # asked, still counts

    def room(self) -> Room:
        living = [asked.shares[0] for asked, counts in self.cases if counts]
        kinds = [asked.kind for asked, counts in self.cases if counts]
        pairs = list(zip(kinds, living, strict=True))
        return Room(
            self.facts,
            Taken(
                cancel_freight_fen=sum(one.freight_fen for kind, one in pairs if kind is K.UNSHIPPED),
                return_pieces=sum(one.pieces for kind, one in pairs if kind is K.RETURN),
                goods_fen=sum(one.goods_fen for kind, one in pairs if kind is not K.UNSHIPPED),
                freight_fen=sum(one.freight_fen for kind, one in pairs if kind is not K.UNSHIPPED),
            ),
        )

    def back(self) -> tuple[int, int]:
        living = [asked.shares[0] for asked, counts in self.cases if counts]
        return sum(one.goods_fen for one in living), sum(one.freight_fen for one in living)


@given(st.data())
def test_any_row_of_cases_gives_back_at_most_what_was_paid(data: st.DataObject) -> None:
    quantity, unit, freight = (data.draw(st.integers(low, high)) for low, high in ((1, 7), (0, 5_000), (0, 500)))
    line = Line(LineFacts(LINE, quantity, unit, freight, 0, 0, 0, returnable=True))
    for _ in range(data.draw(st.integers(1, 14))):
        step = data.draw(st.sampled_from(["ship", "ask", "ask", "ask", "void"]))
        if step == "ship" and line.facts.to_ship:
            line.facts = replace(line.facts, shipped=line.facts.shipped + data.draw(st.integers(1, line.facts.to_ship)))
        elif step == "ask":
            _ask(line, data)
        elif step == "void" and line.cases:
            _void(line, data.draw(st.integers(0, len(line.cases) - 1)))
        goods, back = line.back()
        assert 0 <= goods <= unit * quantity
        assert 0 <= back <= freight
    _everything(line)
    goods, back = line.back()
    assert goods == unit * quantity
    assert back <= freight
    if all(asked.fault or asked.kind is K.UNSHIPPED for asked, counts in line.cases if counts):
        assert back == freight


def _ask(line: Line, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(K))
    reason = data.draw(st.sampled_from(REASONS[kind]))
    amount = data.draw(st.none() | st.integers(1, 40_000)) if kind is K.MONEY else None
    try:
        asked = quote(kind, reason, {LINE: data.draw(st.integers(1, 8))}, {LINE: line.room()}, amount_fen=amount)
    except Refusal:
        return
    line.cases.append((asked, True))
    if kind is K.UNSHIPPED:
        line.facts = replace(line.facts, cancelled=line.facts.cancelled + asked.shares[0].pieces)


def _void(line: Line, at: int) -> None:
    asked, counts = line.cases[at]
    line.cases[at] = (asked, False)
    if counts and asked.kind is K.UNSHIPPED:
        line.facts = replace(line.facts, cancelled=line.facts.cancelled - asked.shares[0].pieces)


def _everything(line: Line) -> None:
    """Ask for all that is left."""
    left = line.room()
    if left.to_cancel:
        asked = quote(K.UNSHIPPED, R.LATE, {LINE: left.to_cancel}, {LINE: left})
        line.cases.append((asked, True))
        line.facts = replace(line.facts, cancelled=line.facts.cancelled + left.to_cancel)
    left = line.room()
    if left.goods_fen or left.freight_fen:
        line.cases.append((quote(K.MONEY, R.NOT_RECEIVED, {LINE: 1}, {LINE: left}), True))


def test_the_table_of_moves_ends_and_forgets_no_state() -> None:
    assert set(MOVES) == set(CaseState)
    reached = {CaseState.ASKED}
    while more := {to for state in reached for to in MOVES[state]} - reached:
        reached |= more
    assert reached == set(CaseState)
    for state in CaseState:
        assert state not in MOVES[state]
    assert all(MOVES[state] for state in OPEN)
    assert all(not MOVES[state] for state in VOID | {CaseState.REFUNDED})
