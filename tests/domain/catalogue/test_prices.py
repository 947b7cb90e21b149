"""Supply terms by date, the share that needs approval, and who may see what goods cost."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from portal.domain.catalogue import actions, errors, queries
from portal.domain.catalogue.models import SaleChange, Sku, SkuSale, Stock, SupplyTerms
from portal.domain.catalogue.queries.platform import Margin, PricesAsked, changes, price_lines
from portal.domain.catalogue.values import ChangeState, SaleDraft, Terms
from portal.domain.reference.actions import parameters
from portal.domain.tenants.values import Kind
from portal.kernel.clock import FixedClock
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, OutOfScope
from tests.factories.catalogue import MadeProduct
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    return world.merchant(Kind.SUPPLIER, "松湖优选")


@pytest.fixture
def made(world: World, supplier: MadeMerchant) -> MadeProduct:
    return world.product(supplier, draft=world.product_draft(supply=10_000, suggested=20_000))


def ask(world: World, made: MadeProduct, fen: int, *, after: timedelta | None = None, suggested: int = 20_000) -> str:
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        when = None if after is None else work.now() + after
        return actions.ask(work, made.skus[0], supply_fen=fen, suggested_fen=suggested, effective_at=when)


def now_costs(world: World, made: MadeProduct, after: timedelta = timedelta()) -> int:
    return terms(world, made, after).supply_fen


def terms(world: World, made: MadeProduct, after: timedelta = timedelta()) -> Terms:
    with world.work(Face.PERSON, person=uuid4()) as work:
        found = queries.terms_at(work, made.merchant_id, made.skus[0], work.now() + after)
    assert found is not None
    return found


def decide(world: World, *, approve: bool, below: bool = False) -> int:
    with world.work(Face.PLATFORM) as work:
        lines, _more = changes(work)
        ids = [one.id for one in lines]
        if approve:
            return actions.approve_changes(work, ids, below=below)
        return actions.refuse_changes(work, ids, reason="行情没有涨")


def test_nothing_is_in_force_before_it_was_let_in(world: World, supplier: MadeMerchant) -> None:
    draft = world.product(supplier, on_sale=False)
    with world.work(Face.PERSON, person=uuid4()) as work:
        assert queries.terms_at(work, supplier.id, draft.skus[0], work.now()) is None
    with world.work(Face.OFFICE, merchant=supplier.id) as work, pytest.raises(Refusal, match="还没有审核通过"):
        actions.ask(work, draft.skus[0], supply_fen=1, suggested_fen=1)


def test_terms_are_dated_and_the_past_stays(world: World, made: MadeProduct, clock: FixedClock) -> None:
    first = terms(world, made)
    clock.advance(days=1)
    assert ask(world, made, 10_500, after=timedelta(days=3)) is ChangeState.APPLIED
    assert now_costs(world, made) == 10_000
    assert now_costs(world, made, timedelta(days=3)) == 10_500
    assert world.product_now(made).skus[0].supply_fen == 10_000
    assert world.product_now(made).skus[0].coming is not None
    clock.advance(days=4)
    assert world.product_now(made).skus[0].supply_fen == 10_500
    assert terms(world, made, -timedelta(days=2)) == first, "what an order froze is what it was"


@pytest.mark.parametrize(
    ("fen", "state"), [(11_000, "applied"), (11_001, "waiting"), (9_000, "applied"), (8_999, "waiting")]
)
def test_approval_begins_one_fen_past_the_share(world: World, made: MadeProduct, fen: int, state: str) -> None:
    assert ask(world, made, fen) == state
    assert now_costs(world, made) == (fen if state == "applied" else 10_000), "the old price stays in force"


def test_the_share_is_the_platforms_parameter(world: World, made: MadeProduct) -> None:
    founder = world.person()
    with world.work(Face.PLATFORM, person=founder.id) as work:
        parameters.set_value(work, "price_change_percent", value=20, effective_at=None, note="")
    assert ask(world, made, 12_000) is ChangeState.APPLIED
    assert ask(world, made, 12_001) is ChangeState.WAITING


def test_many_small_steps_do_not_add_up_unseen(world: World, made: MadeProduct) -> None:
    assert ask(world, made, 11_000) is ChangeState.APPLIED
    assert ask(world, made, 11_500) is ChangeState.WAITING, "measured against the last price somebody looked at"
    assert decide(world, approve=True) == 1
    assert now_costs(world, made) == 11_500
    assert ask(world, made, 12_600) is ChangeState.APPLIED


def test_a_large_change_is_approved_or_refused(world: World, made: MadeProduct) -> None:
    ask(world, made, 15_000)
    assert world.product_now(made).skus[0].asked_fen == 15_000
    decide(world, approve=False)
    assert now_costs(world, made) == 10_000
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        step = queries.price_history(work, made.skus[0])[0]
    assert (step.state, step.reason) == (ChangeState.REFUSED, "行情没有涨")
    ask(world, made, 14_000)
    decide(world, approve=True)
    assert now_costs(world, made) == 14_000
    with world.work(Face.PLATFORM) as work, pytest.raises(errors.ChangeDecided):
        actions.approve_changes(work, [step.id])


def test_a_second_request_replaces_the_first(world: World, made: MadeProduct) -> None:
    ask(world, made, 15_000)
    ask(world, made, 16_000)
    with world.work(Face.PLATFORM) as work:
        assert [one.new_fen for one in changes(work)[0]] == [16_000]
    with world.work(Face.OFFICE, merchant=made.merchant_id) as work:
        actions.withdraw_change(work, made.skus[0])
        with pytest.raises(errors.ChangeDecided):
            actions.withdraw_change(work, made.skus[0])
    with world.work(Face.PLATFORM) as work:
        assert changes(work) == ((), False)


def test_a_price_above_what_the_street_pays_waits_and_must_be_confirmed(world: World, made: MadeProduct) -> None:
    with world.work(Face.PLATFORM) as work:
        actions.set_sale(work, made.id, sales=[SaleDraft(made.skus[0], 10_500, None)])
    assert ask(world, made, 10_501) is ChangeState.WAITING, "small, but the platform would lose"
    with world.work(Face.PLATFORM) as work, pytest.raises(errors.BelowSupply):
        actions.approve_changes(work, [one.id for one in changes(work)[0]])
    decide(world, approve=True, below=True)
    with world.work(Face.PLATFORM) as work:
        (line,), _more = price_lines(work, PricesAsked(margin=Margin.LOSS))
    assert (line.sku.margin_fen, line.merchant) == (-1, "松湖优选")


@pytest.mark.parametrize("days", [-1, 200])
def test_moments_in_the_past_or_far_away_are_refused(world: World, made: MadeProduct, days: int) -> None:
    with pytest.raises(Refusal, match="半年之内"):
        ask(world, made, 10_100, after=timedelta(days=days))


def test_impossible_prices_are_refused(world: World, made: MadeProduct) -> None:
    for fen, sentence in ((0, "大于 0"), (20_001, "不能低于供货价"), (10**15, "太大")):
        with pytest.raises(Refusal, match=sentence):
            ask(world, made, fen)


@pytest.mark.parametrize("face", [Face.SHOP, Face.PERSON])
@pytest.mark.parametrize("model", [Sku, SupplyTerms, SkuSale, SaleChange, Stock])
def test_the_street_never_sees_what_goods_cost(world: World, made: MadeProduct, face: Face, model: type[Sku]) -> None:
    assert made
    with world.work(face, person=uuid4()) as work, pytest.raises(OutOfScope):
        work.session.execute(select(model)).all()
    with pytest.raises(ProgrammingError, match="permission denied"), world.work(face, person=uuid4()) as work:
        work.session.connection().execute(text(f"SELECT * FROM {model.__tablename__}"))


def test_another_supplier_reads_no_terms_even_past_the_guard(world: World, made: MadeProduct) -> None:
    assert made
    other = world.merchant(Kind.SUPPLIER, "岭南果源")
    with world.work(Face.OFFICE, merchant=other.id) as work:
        for table in ("skus", "supply_terms", "sku_sales", "stocks", "stock_movements", "products"):
            counted = work.session.connection().execute(text(f"SELECT count(*) FROM {table}"))
            assert counted.scalar_one() == 0, table


@pytest.mark.parametrize("statement", [
    "INSERT INTO supply_terms SELECT * FROM supply_terms",
    "UPDATE supply_terms SET supply_fen = 1",
    "UPDATE stocks SET available = 999",
    "UPDATE sku_sales SET sale_fen = 1",
    "DELETE FROM stock_movements",
])  # fmt: skip
def test_an_office_cannot_give_itself_a_price_or_a_piece(world: World, made: MadeProduct, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        world.work(Face.OFFICE, merchant=made.merchant_id) as work,
    ):
        work.session.connection().execute(text(statement))
