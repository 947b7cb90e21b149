"""Sale prices by rule: what a rule makes, that it is looked at before it holds, and that it can be taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.catalogue import actions, errors, queries
from portal.domain.catalogue.queries.platform import Margin, PricesAsked, price_lines
from portal.domain.catalogue.queries.pricing import Preview, batch_rows, batches, moves, sale_history
from portal.domain.catalogue.rules.markup import Ending, Rule, parse_times
from portal.domain.catalogue.values import SaleDraft
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.refusals import Conflict, NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind, Work
from tests.factories.catalogue import MadeProduct
from tests.factories.world import World

USUAL = Rule(1350, Ending.NINETY)


@pytest.fixture
def made(world: World) -> MadeProduct:
    return world.product(world.merchant(Kind.SUPPLIER, "松湖优选"))  # supply 32 and 64, sale 45.90 and 91.80


def apply(work: Work, made: MadeProduct, rule: Rule = USUAL, *, below: bool = False) -> tuple[object, int]:
    return actions.apply_rule(work, made.skus, rule, seen=moves(work, made.skus, rule).mark, below=below)


@pytest.mark.parametrize(
    ("typed", "ending", "supply", "wanted"),
    [
        ("1.35", Ending.NINETY, 3200, 4390),
        ("１．３５ 倍", Ending.NINETY, 3200, 4390),
        ("1.35", Ending.NINETY, 3190, 4390),
        ("1", Ending.NINETY, 3191, 3290),
        ("1", Ending.NINETY, 3190, 3190),
        ("1.35", Ending.NINETY_NINE, 3200, 4399),
        ("1.35", Ending.WHOLE, 3201, 4400),
        ("1.35", Ending.TENTHS, 3201, 4330),
        ("1.35", Ending.EXACT, 3201, 4321),
        ("1.005", Ending.EXACT, 100, 101),
        ("0.1", Ending.EXACT, 1, 1),
    ],
)
def test_a_rule_makes_a_price(typed: str, ending: Ending, supply: int, wanted: int) -> None:
    assert Rule(parse_times(typed), ending).price(supply) == wanted


@pytest.mark.parametrize("typed", ["", "x", "-1", "1e3", "1.2345", "0.09", "101", "1,35", "NaN", "9" * 50])
def test_nonsense_is_no_factor(typed: str) -> None:
    with pytest.raises(Refusal):
        parse_times(typed)


@given(st.integers(1, 10**9), st.integers(100, 100_000), st.sampled_from(Ending))
def test_an_ending_goes_up_by_less_than_its_step(supply: int, thousandths: int, ending: Ending) -> None:
    exact, price = Rule(thousandths, Ending.EXACT).price(supply), Rule(thousandths, ending).price(supply)
    if price < 10**10:
        assert exact <= price < exact + 100
    if thousandths >= 1000:
        assert price >= min(supply, 10**10)


def test_what_was_looked_at_holds_and_is_taken_back(world: World, made: MadeProduct) -> None:
    boss = world.operator(Role.PLATFORM_OWNER)
    with world.work(Face.PLATFORM, person=boss.id, kind=ActorKind.PLATFORM) as work:
        preview = moves(work, made.skus, USUAL)
        assert [(one.sku.sale_fen, one.sale_fen) for one in preview.moves] == [(4590, 4390), (9180, 8690)]
        batch, count = apply(work, made)
        assert count == 2
    card = world_card(world, made)
    assert card == (4390, 8690), "the street pays it at once"
    with world.work(Face.PLATFORM) as work:
        (first, _approved), _more = batches(work)
        assert (first.id, first.prices, first.undone, first.made_by) == (batch, 2, 0, boss.id)
        actions.set_sale(work, made.id, sales=[SaleDraft(made.skus[1], 9999, None)])
        assert actions.undo_sales(work, first.id) == (1, 1), "what was changed since stays"
        with pytest.raises(Conflict):
            actions.undo_sales(work, first.id)
    assert world_card(world, made) == (4590, 9999)
    with world.work(Face.PLATFORM) as work:
        history = [(one.old_sale_fen, one.sale_fen, one.undone) for one in sale_history(work, made.id)]
    assert history[:2] == [(4390, 4590, False), (8690, 9999, False)]
    assert history[-1] in ((None, 4590, False), (None, 9180, False))


def world_card(world: World, made: MadeProduct) -> tuple[int, int]:
    """What the street pays for the two."""
    shown = world.product_now(made)
    return tuple(sku.sale_fen or 0 for sku in shown.skus)  # type: ignore[return-value]


def test_nothing_holds_that_was_not_looked_at(world: World, made: MadeProduct) -> None:
    with world.work(Face.PLATFORM) as work:
        seen = moves(work, made.skus, USUAL).mark
    with world.work(Face.PLATFORM) as work:
        actions.set_sale(work, made.id, sales=[SaleDraft(made.skus[0], 5000, 4800)])
    with world.work(Face.PLATFORM) as work, pytest.raises(Conflict, match="重新看"):
        actions.apply_rule(work, made.skus, USUAL, seen=seen)
    with world.work(Face.PLATFORM) as work, pytest.raises(Conflict):
        actions.apply_rule(work, made.skus[:1], USUAL, seen=moves(work, made.skus, USUAL).mark)
    with world.work(Face.PLATFORM) as work, pytest.raises(NotFound):
        moves(work, [made.id], USUAL)
    with world.work(Face.PLATFORM) as work:
        apply(work, made)
    assert world.product_now(made).skus[0].member_fen is None, "a member price above the new price falls away"
    with world.work(Face.PLATFORM) as work, pytest.raises(Refusal, match="没有改变"):
        apply(work, made)


def test_below_supply_needs_the_word_and_is_not_put_back_without(world: World, made: MadeProduct) -> None:
    cheap = Rule(900, Ending.EXACT)
    with world.work(Face.PLATFORM) as work:
        assert moves(work, made.skus, cheap).losses == 2
    with world.work(Face.PLATFORM) as work, pytest.raises(errors.BelowSupply):
        apply(work, made, cheap)
    assert world_card(world, made) == (4590, 9180), "all or none"
    with world.work(Face.PLATFORM) as work:
        apply(work, made, cheap, below=True)
    with world.work(Face.PLATFORM) as work:
        apply(work, made)
    with world.work(Face.PLATFORM) as work:
        last = batches(work)[0][0]
        with pytest.raises(Conflict):
            actions.undo_sales(work, last.id)
        assert all(not one.can_go_back and one.stands for one in batch_rows(work, last.id))


def test_what_cannot_be_priced_is_left_out(world: World, made: MadeProduct) -> None:
    waits = world.product(world.merchant(Kind.SUPPLIER, "岭南果源"), "荔枝干", on_sale=False)
    with world.work(Face.PLATFORM) as work:
        preview: Preview = moves(work, [*made.skus, *waits.skus], USUAL)
    assert (len(preview.moves), len(preview.left_out)) == (2, 2)


def test_margins_are_measured_at_the_lowest_price(world: World, made: MadeProduct) -> None:
    with world.work(Face.PLATFORM) as work:
        actions.set_sale(work, made.id, sales=[SaleDraft(made.skus[0], 4590, 3100)], below=True)
    with world.work(Face.PLATFORM) as work:
        (line,), _more = price_lines(work, PricesAsked(margin=Margin.LOSS))
        assert (line.sku.margin_fen, line.sku.least_margin_fen, line.sku.loses) == (1390, -100, True)
        assert (line.sku.margin_bp, line.sku.least_margin_bp) == (3028, -323)
        assert len(price_lines(work, PricesAsked(margin=Margin.THIN, thin_bp=3028))[0]) == 1
        assert len(price_lines(work, PricesAsked(margin=Margin.THIN, thin_bp=3029))[0]) == 2


def test_drafts_are_never_low(world: World) -> None:
    supplier = world.merchant(Kind.SUPPLIER, "莞邑日用")
    world.product(supplier, "草稿", on_sale=False, submit=False, stock=1, low_mark=5)
    world.product(supplier, "在售", stock=1, low_mark=5)
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        assert queries.low_count(work) == 1
        assert [one.name for one in queries.products(work, queries.Asked(low=True))[0]] == ["在售"]
