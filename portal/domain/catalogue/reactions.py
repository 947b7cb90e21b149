"""What goods do when their merchant is suspended, comes back, closes or changes its name."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.catalogue.actions.cards import drop_cards, refresh_card
from portal.domain.catalogue.models import Product
from portal.domain.catalogue.values import ProductState
from portal.domain.tenants.events import MerchantClosed, MerchantReinstated, MerchantRenamed, MerchantSuspended
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work


def take_off(work: Work, event: MerchantSuspended | MerchantClosed) -> None:
    """Nothing of it is sold from now on."""
    with borrowed(work, Scope(Face.JOB)):
        drop_cards(work, event.merchant_id)


def put_back(work: Work, event: MerchantReinstated | MerchantRenamed) -> None:
    """What is on sale is on the street, under the merchant's present name."""
    with borrowed(work, Scope(Face.JOB)):
        query = select(Product.id).where(Product.merchant_id == event.merchant_id)
        ids = list(work.session.execute(query.where(Product.state == ProductState.ON_SALE)).scalars())
    for product_id in sorted(ids):
        refresh_card(work, event.merchant_id, product_id)


REACTIONS = (
    (MerchantSuspended, take_off),
    (MerchantClosed, take_off),
    (MerchantReinstated, put_back),
    (MerchantRenamed, put_back),
)
