"""Who gets the money of a completed order, what a late refund takes back, and that the escrow ends at nought."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.domain.ledger import actions as ledger
from portal.domain.ledger.models import LedgerTransfer
from portal.domain.ledger.values import AccountKind, AccountRef, Business
from portal.domain.payments.errors import TooMuchBack
from portal.domain.settlement import actions
from portal.domain.settlement.models import LineSettlement
from portal.domain.settlement.values import Given
from portal.domain.tenants.values import Kind
from portal.jobs import settlement as jobs
from portal.kernel.database import new_id
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from tests.domain.settlement.town import LineOf, Sold, balance, complete, escrow, refund, sell, settle
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World

K = AccountKind


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    """Whom the money is for."""
    return world.merchant(Kind.SUPPLIER, "松湖优选")


def transfers(world: World, sold: Sold) -> list[tuple[str, int, bool]]:
    """kind, amount, points at its line: what was posted about the order after its payment."""
    with world.work(Face.PLATFORM) as work:
        rows = work.session.scalars(
            select(LedgerTransfer).where(LedgerTransfer.line_id.in_(sold.lines)).order_by(LedgerTransfer.id)
        )
        return [(row.kind, row.amount, row.line_id in sold.lines) for row in rows]


def test_supply_price_and_freight_go_to_the_supplier_the_margin_to_the_platform(
    world: World, supplier: MadeMerchant
) -> None:
    sold = sell(world, world.person(), supplier, [LineOf(2, 4590, 3200, 1000), LineOf(1, 2990, 2100)])
    assert settle(world, sold) == 1
    assert balance(world, K.AVAILABLE, supplier.id) == 2 * 3200 + 1000 + 2100
    assert balance(world, K.REVENUE) == 2 * 1390 + 890
    assert escrow(world, sold) == 0
    assert transfers(world, sold) == [
        ("settle_now", 7400, True),
        ("margin", 2780, True),
        ("settle_now", 2100, True),
        ("margin", 890, True),
    ]
    assert jobs.settle_orders(world.services) == 0
    with world.work(Face.JOB) as work:
        assert actions.settle(work, sold.merchant_id, sold.order_id) is False


def test_below_supply_the_platform_pays_the_difference(world: World, supplier: MadeMerchant) -> None:
    sold = sell(world, world.person(), supplier, [LineOf(1, 3000, 3200)])
    settle(world, sold)
    assert (balance(world, K.AVAILABLE, supplier.id), balance(world, K.REVENUE), escrow(world, sold)) == (3200, -200, 0)
    assert refund(world, sold, goods_fen=3000) == Given(3200, 0, -200)
    assert (balance(world, K.AVAILABLE, supplier.id), balance(world, K.REVENUE), escrow(world, sold)) == (0, 0, 0)


def test_nothing_is_settled_before_the_order_completes(world: World, supplier: MadeMerchant) -> None:
    sold = sell(world, world.person(), supplier, [LineOf()])
    assert jobs.settle_orders(world.services) == 0
    with world.work(Face.JOB) as work, pytest.raises(NotFound):
        actions.settle(work, sold.merchant_id, sold.order_id)
    assert refund(world, sold, goods_fen=1000) == Given(0, 0, 0), "the escrow still holds it"
    assert escrow(world, sold) == 3590


def test_an_order_with_nothing_left_settles_nothing(world: World, supplier: MadeMerchant) -> None:
    sold = sell(world, world.person(), supplier, [LineOf(1, 3000, 3000), LineOf(1, 500, 500)])
    refund(world, sold, goods_fen=3000)
    settle(world, sold)
    assert balance(world, K.AVAILABLE, supplier.id) == 500
    assert len(transfers(world, sold)) == 1


def test_what_the_supplier_has_no_more_becomes_his_debt_and_is_repaid_first(
    world: World, supplier: MadeMerchant
) -> None:
    person = world.person()
    first, second, third = (sell(world, person, supplier, [LineOf()]) for _ in range(3))
    settle(world, first)
    with world.work(Face.JOB) as work:  # all but ten yuan is on its way out
        account = AccountRef(K.AVAILABLE, supplier.id)
        ledger.hold(work, account=account, amount=2200, key="hold/1", business=Business("withdrawal", new_id()))
    assert refund(world, first, goods_fen=4590) == Given(1000, 2200, 1390)
    assert balance(world, K.RECEIVABLE, supplier.id) == -2200
    assert balance(world, K.AVAILABLE, supplier.id) == 0
    assert escrow(world, first) == 0
    settle(world, second)
    assert (balance(world, K.RECEIVABLE, supplier.id), balance(world, K.AVAILABLE, supplier.id)) == (0, 1000)
    assert ("shortfall_repaid", 2200, True) in transfers(world, second)
    settle(world, third)
    assert balance(world, K.AVAILABLE, supplier.id) == 4200


def test_reversals_point_at_what_they_reverse(world: World, supplier: MadeMerchant) -> None:
    sold = sell(world, world.person(), supplier, [LineOf(3, 1000, 777)])
    settle(world, sold)
    refund(world, sold, goods_fen=1000)
    refund(world, sold, goods_fen=123)
    with world.work(Face.PLATFORM) as work:
        row = work.session.scalars(select(LineSettlement)).one()
        back = work.session.scalars(select(LedgerTransfer).where(LedgerTransfer.kind.like("%_reversed"))).all()
    of = {one.reverses_id for one in back if one.line_id}
    assert of == {row.supplier_transfer_id, row.margin_transfer_id}
    assert (row.supplier_back_fen, row.margin_back_fen) == (2331 * 1123 // 3000, 251), "rounded once over both"


def test_more_than_was_paid_is_refused_and_changes_nothing(world: World, supplier: MadeMerchant) -> None:
    sold = sell(world, world.person(), supplier, [LineOf(), LineOf()])
    settle(world, sold)
    with pytest.raises(ValueError, match="up to what was paid"):
        refund(world, sold, goods_fen=4591)
    refund(world, sold, goods_fen=4590)
    with pytest.raises(ValueError, match="up to what was paid"):
        refund(world, sold, goods_fen=1)
    refund(world, sold, line=1, goods_fen=4590)
    with pytest.raises((ValueError, TooMuchBack)):
        refund(world, sold, line=1, freight_fen=1)
    assert (balance(world, K.AVAILABLE, supplier.id), balance(world, K.REVENUE)) == (0, 0)


LINES = st.lists(
    st.builds(LineOf, st.integers(1, 5), st.integers(1, 9_000), st.integers(0, 9_000), st.integers(0, 900)),
    min_size=1,
    max_size=3,
)
SHARES = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 100), st.integers(0, 100)), max_size=3)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, before=SHARES, after=SHARES)
def test_the_escrow_of_a_completed_order_ends_at_nought(
    world: World, supplier: MadeMerchant, lines: list[LineOf], before: list[object], after: list[object]
) -> None:
    """Whatever was refunded before and after; and everybody ends with what the rule says of the sums."""
    sold = sell(world, world.person(), supplier, lines)
    had, kept = balance(world, K.AVAILABLE, supplier.id), balance(world, K.REVENUE)
    owed = balance(world, K.RECEIVABLE, supplier.id)
    gone = [[0, 0] for _ in lines]
    _refund_shares(world, sold, lines, gone, before)
    settle(world, sold)
    if all(back == [line.unit_fen * line.quantity, line.freight_fen] for back, line in zip(gone, lines, strict=True)):
        return  # closed, not completed
    assert escrow(world, sold) == 0
    _refund_shares(world, sold, lines, gone, after)
    assert escrow(world, sold) == 0
    due = sum(_due(line, back) for line, back in zip(lines, gone, strict=True))
    left = sold.total_fen - sum(map(sum, gone))
    claims = balance(world, K.AVAILABLE, supplier.id) + balance(world, K.RECEIVABLE, supplier.id)
    assert claims - had - owed == due
    assert balance(world, K.REVENUE) - kept == left - due


def _refund_shares(world: World, sold: Sold, lines: list[LineOf], gone: list[list[int]], shares: list[object]) -> None:
    for at, goods_share, freight_share in shares:  # type: ignore[misc]
        nth = at % len(lines)
        goods = (lines[nth].unit_fen * lines[nth].quantity - gone[nth][0]) * goods_share // 100
        freight = (lines[nth].freight_fen - gone[nth][1]) * freight_share // 100
        if goods + freight:
            refund(world, sold, line=nth, goods_fen=goods, freight_fen=freight)
            gone[nth][0] += goods
            gone[nth][1] += freight


def _due(line: LineOf, back: list[int]) -> int:
    supply = line.supply_fen * line.quantity
    return supply - supply * back[0] // (line.unit_fen * line.quantity) + line.freight_fen - back[1]


def test_completing_many_orders_settles_them_lot_by_lot(world: World, supplier: MadeMerchant) -> None:
    person = world.person()
    sold = [sell(world, person, supplier, [LineOf()]) for _ in range(4)]
    complete(world, *sold)
    assert jobs.settle_orders(world.services) == 4
    assert balance(world, K.AVAILABLE, supplier.id) == 4 * 3200
