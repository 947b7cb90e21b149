"""Goods, made by the portal's own acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from portal.domain.catalogue import actions, queries
from portal.domain.catalogue.queries.platform import versions
from portal.domain.catalogue.rules.options import combinations
from portal.domain.catalogue.values import Option, ProductDraft, ProductShown, SaleDraft, SkuDraft, Wanted
from portal.domain.reference import queries as reference
from portal.domain.reference.values import Purpose
from portal.domain.stores.values import Picture
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.base import Maker
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant

SIZES = (Option("规格", ("500 克", "1 千克")),)


@dataclass(frozen=True)
class MadeProduct:
    """A product a test knows, with its SKUs in order."""

    id: UUID
    merchant_id: UUID
    name: str
    skus: tuple[UUID, ...]


class Goods(Maker):
    """Makers of goods."""

    def category(self, code: str = "goods-preserved") -> UUID:
        """A category of goods that every installation has."""
        with self.work(Face.PLATFORM) as work:
            return next(one.id for one in reference.categories(work, Purpose.GOODS) if one.code == code)

    def product_draft(
        self,
        name: str = "广式腊肠",
        *,
        options: tuple[Option, ...] = SIZES,
        supply: int = 3200,
        suggested: int = 4590,
        stock: int = 10,
        low_mark: int = 0,
    ) -> ProductDraft:
        """A draft with one SKU for each combination; the second costs twice the first, and so on."""
        skus = tuple(
            SkuDraft(choice, supply * at, suggested * at, grams=500 * at, low_mark=low_mark, opening=stock)
            for at, choice in enumerate(combinations(options), 1)
        )
        return ProductDraft(name, self.category(), None, "广东风味，自然晾晒。", True, options, skus)

    def product(
        self,
        merchant: MadeMerchant,
        name: str = "广式腊肠",
        *,
        person: MadePerson | None = None,
        on_sale: bool = True,
        submit: bool = True,
        draft: ProductDraft | None = None,
        **facts: object,
    ) -> MadeProduct:
        """A product with a picture: on sale, or handed in, or a draft."""
        draft = draft or self.product_draft(name, **facts)  # type: ignore[arg-type]
        who = person.id if person else None
        with self.work(Face.OFFICE, merchant=merchant.id, person=who, kind=ActorKind.STAFF) as work:
            product_id = actions.create(work, draft=draft)
            full, wide, small = (f"{uuid4().hex}.webp" for _ in range(3))
            picture = Picture(full, wide, small, 800, 800, "#c4692f")
            actions.add_photos(work, product_id, pictures=[picture])
            if submit or on_sale:
                actions.submit(work, product_id)
            skus = tuple(sku.id for sku in queries.product(work, product_id).skus)
        if on_sale:
            self.let_in(product_id)
        return MadeProduct(product_id, merchant.id, draft.name, skus)

    def let_in(self, product_id: UUID, *, below: bool = False, by: MadePerson | None = None) -> None:
        """The platform approves the waiting version at the suggested prices."""
        with self.work(Face.PLATFORM, person=by.id if by else None, kind=ActorKind.PLATFORM) as work:
            version = versions(work, product_id)[0]
            sales = [SaleDraft(UUID(one["id"]), one["suggested_fen"], None) for one in version.facts["skus"]]
            actions.approve(work, product_id, revision_id=version.id, sales=sales, below=below)

    def product_now(self, made: MadeProduct) -> ProductShown:
        """The product as its office sees it now."""
        with self.work(Face.OFFICE, merchant=made.merchant_id) as work:
            return queries.product(work, made.id)

    def reserve(self, made: MadeProduct, quantity: int = 1, *, sku: int = 0, order: UUID | None = None) -> UUID:
        """Somebody's checkout holds pieces of a SKU for a quarter of an hour; the order's id."""
        order = order or uuid4()
        with self.work(Face.PERSON, person=self.buyer()) as work:
            wanted = [Wanted(made.merchant_id, made.skus[sku], quantity)]
            actions.reserve(work, business_id=order, wanted=wanted, until=work.now() + timedelta(minutes=15))
        return order

    def buyer(self) -> UUID:
        """Any consumer."""
        return uuid4()
