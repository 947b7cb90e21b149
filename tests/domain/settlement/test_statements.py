"""Statements: issued when their days are closed, their figures are their entries, and what both sides may say."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from portal.domain.ledger import actions as ledger
from portal.domain.ledger.models import LedgerEntry
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef, Business, JournalKind, Transfer, TransferKind
from portal.domain.settlement import actions, errors, queries
from portal.domain.settlement.values import Cycle, Period, Section, Spoken, StatementState
from portal.domain.tenants.values import Kind
from portal.jobs import settlement as jobs
from portal.jobs.timetable import close_days
from portal.kernel.database import new_id
from portal.kernel.refusals import Denied, NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.domain.settlement.town import LineOf, balance, issue, refund, sell, settle
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

K, T = AccountKind, TransferKind


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    """Who gets statements."""
    return world.merchant(Kind.SUPPLIER, "松湖优选")


def figures(world: World, merchant: UUID, period: Period):
    with world.work(Face.OFFICE, merchant=merchant) as work:
        return queries.figures(work, merchant, period), queries.lines(work, merchant, period, most=1000)


def shown(world: World, statement: UUID):
    with world.work(Face.PLATFORM) as work:
        return queries.statement(work, statement)


def recount(world: World, merchant: UUID, first: date, last: date) -> tuple[int, int]:
    """Opening and closing balance, added up from every entry there ever was."""
    with world.work(Face.PLATFORM) as work:
        total = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.owner_id == merchant)
        before = work.session.scalar(total.where(LedgerEntry.day < first))
        until = work.session.scalar(total.where(LedgerEntry.day <= last))
    return int(before or 0), int(until or 0)


def withdraw(world: World, merchant: UUID, amount: int, fee: int) -> None:
    """A withdrawal that was paid, as the ledger sees it."""
    account, business = AccountRef(K.AVAILABLE, merchant), Business("withdrawal", new_id())
    with world.work(Face.JOB) as work:
        ledger.post(
            work,
            kind=JournalKind.FEE,
            key=f"fee/{business.id}",
            business=business,
            transfers=[Transfer(T.WITHDRAWAL_FEE, account, AccountRef(K.FEES, HOUSE), fee)],
        )
        held = ledger.hold(work, account=account, amount=amount, key=f"hold/{business.id}", business=business)
        to = AccountRef(K.PAYOUT, HOUSE)
        key = f"take/{business.id}"
        ledger.take(work, owner_id=merchant, hold_id=held.id, amount=amount, to=to, key=key, business=business)


def test_the_figures_of_every_period_are_its_entries(world: World, supplier: MadeMerchant) -> None:
    """Two months with everything in them; opening follows closing, lines add up, the recount agrees."""
    person = world.person()
    first = [sell(world, person, supplier, [LineOf(2, 4590, 3200, 600), LineOf()]) for _ in range(3)]
    settle(world, *first)  # 11 July
    refund(world, first[0], goods_fen=4590)
    withdraw(world, supplier.id, 12_000, 100)
    world.clock.advance(days=30)  # August
    second = [sell(world, person, supplier, [LineOf(1, 3000, 3300)]) for _ in range(2)]
    settle(world, *second)
    refund(world, first[1], goods_fen=9180, freight_fen=600)
    refund(world, first[1], line=1, goods_fen=4590)
    withdraw(world, supplier.id, 5_000, 50)
    refund(world, first[2], goods_fen=9180, freight_fen=600)
    issued = issue(world)
    assert len(issued) == 2
    before = 0
    for statement in issued:
        one = shown(world, statement)
        found, lines = figures(world, supplier.id, one.period)
        assert found.opening_fen == before
        assert sum(line.amount_fen for line in lines) == found.change_fen
        assert found.opening_fen + found.change_fen == found.closing_fen
        assert (found.opening_fen, found.closing_fen) == recount(world, supplier.id, one.period.first, one.period.last)
        assert found.lines == len(lines)
        for section in Section:
            part = [line.amount_fen for line in lines if line.section is section]
            assert (sum(part), len(part)) == (found.sums[section], found.counts[section])
        assert all(line.order_number and line.what for line in lines if line.section is Section.SETTLED)
        before = found.closing_fen
    july, august = (figures(world, supplier.id, shown(world, one).period)[0] for one in issued)
    assert july.sums == {
        Section.SETTLED: 3 * (6400 + 600 + 3200),
        Section.REFUNDED: -3200,
        Section.FEES: -100,
        Section.WITHDRAWN: -12_000,
        Section.OTHER: 0,
    }
    assert august.closing[K.RECEIVABLE] == balance(world, K.RECEIVABLE, supplier.id) < 0, "the debt is carried over"
    assert august.closing[K.AVAILABLE] == balance(world, K.AVAILABLE, supplier.id)


def test_a_statement_waits_until_its_days_are_closed(world: World, supplier: MadeMerchant) -> None:
    settle(world, sell(world, world.person(), supplier, [LineOf()]))
    world.clock.advance(days=25)  # August
    assert jobs.issue_statements(world.services) == 0
    close_days(world.services)
    assert jobs.issue_statements(world.services) == 1
    assert jobs.issue_statements(world.services) == 0, "once"
    with world.work(Face.JOB) as work:
        lines, _more = queries.statements(work)
    assert [(one.period, one.state) for one in lines] == [
        (Period(date(2026, 7, 1), date(2026, 7, 31)), StatementState.ISSUED)
    ]
    world.clock.advance(days=90)
    close_days(world.services)
    assert jobs.issue_statements(world.services) == 0, "nothing moved, nothing to look at"


def test_a_changed_cycle_cuts_the_running_period_short(world: World, supplier: MadeMerchant) -> None:
    """Monthly until 13 July, weekly from 14 July on: no day is left out, no entry counted twice."""
    person = world.person()
    with world.work(Face.PLATFORM) as work, pytest.raises(errors.TooEarly):
        actions.set_terms(work, supplier.id, from_day=date(2026, 7, 4), cycle=Cycle.WEEKLY)
    with world.work(Face.PLATFORM) as work:
        actions.set_terms(work, supplier.id, from_day=date(2026, 9, 1), cycle=Cycle.HALF_MONTHLY)
        actions.set_terms(work, supplier.id, from_day=date(2026, 7, 14), cycle=Cycle.WEEKLY)  # the later one is dropped
    settle(world, sell(world, person, supplier, [LineOf()]))  # 11 July
    settle(world, sell(world, person, supplier, [LineOf()]))  # 18 July
    settle(world, sell(world, person, supplier, [LineOf()]))  # 25 July
    periods = [shown(world, one).period for one in issue(world)]
    assert periods == [
        Period(date(2026, 7, 1), date(2026, 7, 13)),
        Period(date(2026, 7, 14), date(2026, 7, 19)),
        Period(date(2026, 7, 20), date(2026, 7, 26)),
    ]
    assert [figures(world, supplier.id, one)[0].change_fen for one in periods] == [3200, 3200, 3200]


def test_dispute_answer_and_confirmation(world: World, supplier: MadeMerchant) -> None:
    sold = sell(world, world.person(), supplier, [LineOf()])
    settle(world, sold)
    (statement,) = issue(world)
    one = shown(world, statement)
    _figures, lines = figures(world, supplier.id, one.period)
    owner = world.staff(supplier)
    with world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work, pytest.raises(errors.StatementMoved):
        actions.answer(work, statement, note="什么？")
    with world.work(Face.OFFICE, merchant=supplier.id, person=owner.id, kind=ActorKind.STAFF) as work:
        actions.dispute(work, statement, note="运费少结了 6 元。", refs=[lines[0].transfer_id])
    with world.work(Face.OFFICE, merchant=supplier.id) as work, pytest.raises(errors.StatementMoved):
        actions.confirm(work, statement)
    had = balance(world, K.AVAILABLE, supplier.id)
    with world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work, pytest.raises(errors.TooMuchGiven):
        actions.answer(work, statement, note="补给您。", given_fen=3201)
    with world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work:
        actions.answer(work, statement, note="核实了，补给您。", given_fen=600)
    assert balance(world, K.AVAILABLE, supplier.id) == had + 600
    assert figures(world, supplier.id, one.period)[0].sums[Section.OTHER] == 0, "the old period stays as it was"
    with world.work(Face.OFFICE, merchant=supplier.id, kind=ActorKind.STAFF) as work:
        actions.confirm(work, statement)
    after = shown(world, statement)
    assert (after.state, [word.kind for word in after.words]) == (
        StatementState.CONFIRMED,
        [Spoken.DISPUTED, Spoken.ANSWERED, Spoken.CONFIRMED],
    )
    assert after.words[0].refs == (lines[0].transfer_id,)
    with world.work(Face.OFFICE, merchant=supplier.id) as work, pytest.raises(errors.StatementMoved):
        actions.dispute(work, statement, note="再想想。")
    later = issue(world)
    assert figures(world, supplier.id, shown(world, later[-1]).period)[0].sums[Section.OTHER] == 600


def test_what_is_made_good_in_many_answers_is_bounded_as_one(world: World, supplier: MadeMerchant) -> None:
    settle(world, sell(world, world.person(), supplier, [LineOf()]))
    (statement,) = issue(world)

    def round_of(given_fen: int) -> None:
        with world.work(Face.OFFICE, merchant=supplier.id, kind=ActorKind.STAFF) as work:
            actions.dispute(work, statement, note="还是少。")
        with world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work:
            actions.answer(work, statement, note="补给您。", given_fen=given_fen)

    had = balance(world, K.AVAILABLE, supplier.id)
    round_of(3000)
    with pytest.raises(errors.TooMuchGiven):
        round_of(201)
    with world.work(Face.PLATFORM, kind=ActorKind.PLATFORM) as work:
        actions.answer(work, statement, note="补给您。", given_fen=200)
    assert balance(world, K.AVAILABLE, supplier.id) == had + 3200


def test_refusals(world: World, supplier: MadeMerchant) -> None:
    settle(world, sell(world, world.person(), supplier, [LineOf()]))
    (statement,) = issue(world)
    other = world.merchant(Kind.SUPPLIER, "岭南果源")
    for act in (
        lambda work: actions.confirm(work, statement),
        lambda work: actions.dispute(work, statement, note="x"),
        lambda work: queries.statement(work, statement),
    ):
        with world.work(Face.OFFICE, merchant=other.id) as work, pytest.raises(NotFound):
            act(work)
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        work.permissions = frozenset()
        with pytest.raises(Denied):
            actions.confirm(work, statement)
    for note, refs in (("   ", []), ("少结了", [new_id()])):
        with world.work(Face.OFFICE, merchant=supplier.id) as work, pytest.raises(Refusal):
            actions.dispute(work, statement, note=note, refs=refs)


def test_silence_is_consent_after_the_deadline(world: World, supplier: MadeMerchant) -> None:
    settle(world, sell(world, world.person(), supplier, [LineOf()]))
    (statement,) = issue(world)
    deadline = shown(world, statement).confirm_by
    world.clock.advance(seconds=(deadline - world.clock.now()).total_seconds() - 1)
    assert jobs.lapse_statements(world.services) == 0
    world.clock.advance(seconds=1)
    assert jobs.lapse_statements(world.services) == 1
    one = shown(world, statement)
    assert (one.state, one.words[-1].kind, one.ended_at) == (StatementState.CONFIRMED, Spoken.LAPSED, deadline)
    assert deadline - one.issued_at > timedelta(days=7)


def test_what_paid_orders_will_bring(world: World, supplier: MadeMerchant) -> None:
    """待结算: the dues of orders that are not completed, after what was refunded of them."""
    person = world.person()
    one = sell(world, person, supplier, [LineOf(3, 4590, 3200, 600), LineOf(1, 10, 7)])
    two = sell(world, person, supplier, [LineOf()])
    refund(world, one, goods_fen=4590)
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        assert queries.awaited(work, supplier.id) == queries.Awaited(2, 2 * 3200 + 600 + 7 + 3200)
    settle(world, one, two)
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        assert queries.awaited(work, supplier.id) == queries.Awaited(0, 0)
    assert balance(world, K.AVAILABLE, supplier.id) == 2 * 3200 + 600 + 7 + 3200


def test_margins_by_day_and_supplier(world: World, supplier: MadeMerchant) -> None:
    other, person = world.merchant(Kind.SUPPLIER, "莞邑日用"), world.person()
    sold = [sell(world, person, supplier, [LineOf()]), sell(world, person, other, [LineOf(1, 1000, 1200)])]
    settle(world, *sold)
    refund(world, sold[0], goods_fen=459)
    with world.work(Face.PLATFORM) as work:
        found = queries.margins(work, Period(date(2026, 7, 1), date(2026, 7, 31)))
    assert {(one.merchant_id, one.supplier_fen, one.margin_fen) for one in found} == {
        (supplier.id, 3200 - 320, 1390 - 139),
        (other.id, 1200, -200),
    }
    assert {one.day for one in found} == {date(2026, 7, 11)}
    assert sum(one.margin_fen for one in found) == balance(world, K.REVENUE)
