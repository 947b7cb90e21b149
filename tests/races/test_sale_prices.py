"""Several price the same goods at the same moment: one does, for the others what they looked at no longer holds."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.domain.catalogue import actions
from portal.domain.catalogue.models import ProductCard, SaleChange
from portal.domain.catalogue.queries.pricing import batches, moves
from portal.domain.catalogue.rules.markup import Ending, Rule
from portal.domain.tenants.values import Kind
from portal.kernel.refusals import Conflict
from portal.kernel.scope import Face
from tests.factories.catalogue import MadeProduct
from tests.factories.world import World
from tests.races.gates import outcomes, together

AT_ONCE = 8


def test_one_of_several_prices_what_all_looked_at(wide: World) -> None:
    supplier = wide.merchant(Kind.SUPPLIER, "松湖优选")
    made = [wide.product(supplier, name) for name in ("腊肠", "荔枝干")]
    skus = [sku for one in made for sku in one.skus]
    rules = [Rule(1500 + number, Ending.EXACT) for number in range(AT_ONCE)]
    with wide.work(Face.PLATFORM) as work:
        marks = [moves(work, skus, rule).mark for rule in rules]

    def price(number: int) -> None:
        with wide.work(Face.PLATFORM) as work:
            order = skus if number % 2 else skus[::-1]
            actions.apply_rule(work, order, rules[number], seen=marks[number])

    won, refused = outcomes(together([lambda number=number: price(number) for number in range(AT_ONCE)]))
    assert (len(won), {type(one) for one in refused}) == (1, {Conflict})
    assert changes(wide, made[0]) == 4, "two when it was let in, two now"


def test_an_act_is_taken_back_once(wide: World) -> None:
    made = wide.product(wide.merchant(Kind.SUPPLIER, "松湖优选"))
    rule = Rule(2000, Ending.NINETY)
    with wide.work(Face.PLATFORM) as work:
        batch, _count = actions.apply_rule(work, made.skus, rule, seen=moves(work, made.skus, rule).mark)

    def undo() -> None:
        with wide.work(Face.PLATFORM) as work:
            actions.undo_sales(work, batch)

    won, refused = outcomes(together([undo] * AT_ONCE))
    assert (len(won), {type(one) for one in refused}) == (1, {Conflict})
    assert changes(wide, made) == 6
    with wide.work(Face.PLATFORM) as work:
        assert work.session.execute(select(ProductCard.from_fen)).scalar_one() == 4590
        assert [one.undone for one in batches(work)[0]] == [0, 2, 0]


def changes(world: World, made: MadeProduct) -> int:
    """How many sale prices of a product were ever set."""
    with world.work(Face.PLATFORM) as work:
        query = select(func.count()).select_from(SaleChange).where(SaleChange.sku_id.in_(made.skus))
        return work.session.execute(query).scalar_one()
