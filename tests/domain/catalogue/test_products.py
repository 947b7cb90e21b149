"""A product's way: draft, review, on sale, off sale; what the street sees meanwhile; whose it is."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.domain.catalogue import actions, errors, queries
from portal.domain.catalogue.models import ProductCard, SkuCard
from portal.domain.catalogue.queries.platform import versions
from portal.domain.catalogue.values import Option, ProductDraft, ProductState, SaleDraft, SkuDraft
from portal.domain.identity.models import Notification
from portal.domain.tenants.actions import merchants
from portal.domain.tenants.values import Kind
from portal.kernel.permissions import Role
from portal.kernel.refusals import NotFound, Refusal
from portal.kernel.scope import Face
from tests.factories.catalogue import SIZES, MadeProduct
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World


@pytest.fixture
def supplier(world: World) -> MadeMerchant:
    return world.merchant(Kind.SUPPLIER, "松湖优选")


def cards(world: World) -> list[ProductCard]:
    with world.work(Face.SHOP) as work:
        return list(work.session.execute(select(ProductCard)).scalars())


def sku_cards(world: World) -> list[SkuCard]:
    with world.work(Face.SHOP) as work:
        return list(work.session.execute(select(SkuCard).order_by(SkuCard.position)).scalars())


def state(world: World, made: MadeProduct) -> ProductState:
    return world.product_now(made).state


def test_a_product_goes_through_review_onto_the_street(world: World, supplier: MadeMerchant) -> None:
    made = world.product(supplier, on_sale=False, submit=False)
    assert state(world, made) is ProductState.DRAFT
    assert not cards(world), "nobody sees a draft"
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        actions.submit(work, made.id)
    assert state(world, made) is ProductState.REVIEW
    assert not cards(world)
    world.let_in(made.id)
    assert state(world, made) is ProductState.ON_SALE
    (card,) = cards(world)
    assert (card.name, card.from_fen, card.to_fen, card.merchant_name) == ("广式腊肠", 4590, 9180, "松湖优选")
    assert {"腊肠", "广式"} <= set(card.search)
    assert [(one.sale_fen, one.choice) for one in sku_cards(world)] == [(4590, ["500 克"]), (9180, ["1 千克"])]


def test_refused_with_a_reason_it_is_a_draft_again(world: World, supplier: MadeMerchant) -> None:
    owner = world.staff(supplier, Role.OWNER)
    made = world.product(supplier, person=owner, on_sale=False)
    with world.work(Face.PLATFORM) as work:
        revision = versions(work, made.id)[0].id
        with pytest.raises(Refusal, match="填写"):
            actions.refuse(work, made.id, revision_id=revision, reason=" ")
    with world.work(Face.PLATFORM) as work:
        actions.refuse(work, made.id, revision_id=revision, reason="请补上配料表")
    now = world.product_now(made)
    assert (now.state, now.reason) == (ProductState.DRAFT, "请补上配料表")
    with world.work(Face.PERSON, person=owner.id) as work:
        letters = list(work.session.execute(select(Notification.kind)).scalars())
    assert letters == ["goods.decided"]
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        actions.submit(work, made.id)
    with world.work(Face.PLATFORM) as work, pytest.raises(Refusal, match="已经处理过"):
        actions.refuse(work, made.id, revision_id=revision, reason="旧版本")


def test_what_is_on_sale_shows_the_approved_version_until_the_next_is_let_in(
    world: World, supplier: MadeMerchant
) -> None:
    made = world.product(supplier)
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        now = queries.product(work, made.id)
        draft = world.product_draft("广式腊肠 新装")
        actions.edit(work, made.id, draft=draft, version=now.version)
        actions.submit(work, made.id)
    assert [card.name for card in cards(world)] == ["广式腊肠"]
    with world.work(Face.PLATFORM) as work:
        sale = SaleDraft(made.skus[0], 4990, 4690)
        actions.set_sale(work, made.id, sales=[sale])
    assert [card.name for card in cards(world)] == ["广式腊肠"], "a new price does not let the new name out"
    assert sku_cards(world)[0].sale_fen == 4990
    with world.work(Face.OFFICE, merchant=supplier.id) as work, pytest.raises(errors.ProductWaiting):
        actions.edit(work, made.id, draft=draft, version=now.version + 1)
    world.let_in(made.id)
    assert [card.name for card in cards(world)] == ["广式腊肠 新装"]


def test_off_and_on_by_the_supplier_forced_off_by_the_platform(world: World, supplier: MadeMerchant) -> None:
    made = world.product(supplier)
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        assert actions.take_off(work, [made.id], reason="换季") == 1
    assert (cards(world), world.product_now(made).reason) == ([], "换季")
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        assert actions.put_on(work, [made.id]) == 1
    assert len(cards(world)) == 1
    with world.work(Face.PLATFORM) as work:
        actions.force_off(work, made.id, reason="收到投诉，请提供检验报告")
    assert not cards(world)
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        with pytest.raises(errors.ForcedOff):
            actions.put_on(work, [made.id])
        actions.submit(work, made.id)
    world.let_in(made.id)
    assert state(world, made) is ProductState.ON_SALE
    assert len(cards(world)) == 1


@pytest.mark.parametrize("start", list(ProductState))
def test_steps_that_are_not_in_the_table_are_refused(world: World, supplier: MadeMerchant, start: ProductState) -> None:
    made = world.product(supplier, on_sale=start in (ProductState.ON_SALE, ProductState.OFF_SALE),
                         submit=start is not ProductState.DRAFT)  # fmt: skip
    if start is ProductState.OFF_SALE:
        with world.work(Face.OFFICE, merchant=supplier.id) as work:
            actions.take_off(work, [made.id])
    assert state(world, made) is start
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        if start is not ProductState.ON_SALE:
            with pytest.raises(errors.ProductMoved):
                actions.take_off(work, [made.id])
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        if start is not ProductState.OFF_SALE:
            with pytest.raises(Refusal):
                actions.put_on(work, [made.id])
    with world.work(Face.PLATFORM) as work:
        if start is not ProductState.ON_SALE:
            with pytest.raises(errors.ProductMoved):
                actions.force_off(work, made.id, reason="x")


def test_skus_keep_their_id_when_options_grow(world: World, supplier: MadeMerchant) -> None:
    made = world.product(supplier, on_sale=False, submit=False)
    options = (Option("规格", ("500 克", "1 千克", "2 千克")),)
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        actions.edit(work, made.id, draft=world.product_draft(options=options), version=2)
    skus = world.product_now(made).skus
    assert tuple(sku.id for sku in skus[:2]) == made.skus
    assert [sku.available for sku in skus] == [10, 10, 10]
    with world.work(Face.OFFICE, merchant=supplier.id) as work, pytest.raises(errors.ProductStale):
        actions.edit(work, made.id, draft=world.product_draft(), version=2)


BAD: list[tuple[str, dict[str, object]]] = [
    ("大于 0", {"supply_fen": 0}),
    ("不能低于供货价", {"supply_fen": 5000, "suggested_fen": 4999}),
    ("金额太大", {"suggested_fen": 10**15}),
    ("重量", {"grams": 0}),
    ("数量", {"opening": -1}),
    ("数量", {"low_mark": 10**9}),
    ("校验位", {"barcode": "6901234567893"}),
    ("无法识别", {"code": "A\u202eB"}),
]


@pytest.mark.parametrize(("sentence", "facts"), BAD)
def test_bad_input_is_refused(world: World, supplier: MadeMerchant, sentence: str, facts: dict[str, object]) -> None:
    draft = world.product_draft(options=())
    bad = replace(draft, skus=(replace(draft.skus[0], **facts),))  # type: ignore[arg-type]
    with world.work(Face.OFFICE, merchant=supplier.id) as work, pytest.raises(Refusal, match=sentence):
        actions.create(work, draft=bad)


def test_emoji_of_four_bytes_stay(world: World, supplier: MadeMerchant) -> None:
    made = world.product(supplier, "荔枝干 🍒𠮷")
    assert cards(world)[0].name == made.name == "荔枝干 🍒𠮷"


def test_skus_must_be_the_combinations(world: World, supplier: MadeMerchant) -> None:
    draft = world.product_draft()
    odd = ProductDraft(draft.name, draft.category_id, None, "", True, SIZES, (SkuDraft((), 1, 1, 1),))
    with world.work(Face.OFFICE, merchant=supplier.id) as work, pytest.raises(Refusal, match="生成规格表"):
        actions.create(work, draft=odd)


def test_one_code_is_one_sku_of_a_merchant(world: World, supplier: MadeMerchant) -> None:
    draft = world.product_draft(options=())
    coded = replace(draft, skus=(replace(draft.skus[0], code="LC-500"),))
    world.product(supplier, draft=coded)
    with world.work(Face.OFFICE, merchant=supplier.id) as work, pytest.raises(Refusal, match="LC-500 已经用在"):
        actions.create(work, draft=coded)
    world.product(world.merchant(Kind.SUPPLIER), draft=coded)


def test_below_supply_only_when_confirmed(world: World, supplier: MadeMerchant) -> None:
    made = world.product(supplier)
    with world.work(Face.PLATFORM) as work:
        for sale in (SaleDraft(made.skus[0], 3199, None), SaleDraft(made.skus[0], 4590, 3199)):
            with pytest.raises(errors.BelowSupply, match=r"低于供货价 ¥32"):
                actions.set_sale(work, made.id, sales=[sale])
        actions.set_sale(work, made.id, sales=[SaleDraft(made.skus[0], 3199, None)], below=True)
    sku = world.product_now(made).skus[0]
    assert (sku.margin_fen, sku.margin_bp) == (-1, -4)


def test_a_suspended_merchant_sells_nothing(world: World, supplier: MadeMerchant) -> None:
    world.product(supplier)
    with world.work(Face.PLATFORM) as work:
        merchants.suspend(work, supplier.id, reason="资质过期")
    assert not cards(world)
    assert not sku_cards(world)
    with world.work(Face.PLATFORM) as work:
        merchants.reinstate(work, supplier.id)
    assert len(sku_cards(world)) == 2


def test_another_suppliers_product_is_not_there(world: World, supplier: MadeMerchant) -> None:
    made, other = world.product(supplier), world.merchant(Kind.SUPPLIER, "岭南果源")
    with world.work(Face.OFFICE, merchant=other.id) as work:
        for act in (
            lambda: queries.product(work, made.id),
            lambda: actions.take_off(work, [made.id]),
            lambda: actions.ask(work, made.skus[0], supply_fen=1, suggested_fen=1),
            lambda: actions.split(work, made.skus[0], buckets=2),
            lambda: queries.movements(work, made.skus[0]),
        ):
            with pytest.raises(NotFound):
                act()
        assert queries.products(work, queries.Asked()) == ((), False)


def test_lists_page_by_key_in_every_order(world: World, supplier: MadeMerchant) -> None:
    names = [f"{at:02} 号商品" for at in range(35)]
    for at, name in enumerate(names):
        world.product(supplier, name, options=(), stock=at % 5, low_mark=2, on_sale=False, submit=False)
    for sort in queries.Sort:
        with world.work(Face.OFFICE, merchant=supplier.id) as work:
            first, more = queries.products(work, queries.Asked(sort=sort))
            second, end = queries.products(work, queries.Asked(sort=sort, after=first[-1].id))
        assert (len(first), more, len(second), end) == (30, True, 5, False), sort
        assert sorted(one.name for one in (*first, *second)) == names
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        assert queries.low_count(work) == 0, "what was never sold is not missed"
        found, _more = queries.products(work, queries.Asked(words="07 号"))
        assert [one.name for one in found] == ["07 号商品"]


def ids(*made: MadeProduct) -> list[UUID]:
    return [one.id for one in made]


def test_several_at_once_pass_over_what_cannot_move(world: World, supplier: MadeMerchant) -> None:
    on, draft = world.product(supplier, "甲"), world.product(supplier, "乙", on_sale=False, submit=False)
    with world.work(Face.OFFICE, merchant=supplier.id) as work:
        assert actions.take_off(work, ids(on, draft)) == 1
