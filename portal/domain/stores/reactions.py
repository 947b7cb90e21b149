"""What stores do when their merchant is suspended, comes back, closes or changes its name, or a category does."""

from __future__ import annotations

from sqlalchemy import select

from portal.domain.reference.events import CategoryRenamed
from portal.domain.stores.actions.cards import drop_cards, write_cards
from portal.domain.stores.models import Store
from portal.domain.stores.values import StoreState
from portal.domain.tenants.events import MerchantClosed, MerchantReinstated, MerchantRenamed, MerchantSuspended
from portal.kernel.work import Work

_LOT = 500


def take_off(work: Work, event: MerchantSuspended | MerchantClosed) -> None:
    """None of its stores is on the street from now on."""
    drop_cards(work, event.merchant_id)


def put_back(work: Work, event: MerchantReinstated | MerchantRenamed) -> None:
    """Its listed stores are on the street, under its present name."""
    query = select(Store).where(Store.merchant_id == event.merchant_id, Store.state == StoreState.LISTED)
    stores = list(work.session.execute(query.order_by(Store.id)).scalars())
    for start in range(0, len(stores), _LOT):
        write_cards(work, stores[start : start + _LOT])


def respell_later(work: Work, event: CategoryRenamed) -> None:
    """The worker writes the category's new names into what the street searches."""
    work.enqueue("stores.respell", category=event.category_id)


REACTIONS = (
    (MerchantSuspended, take_off),
    (MerchantClosed, take_off),
    (MerchantReinstated, put_back),
    (MerchantRenamed, put_back),
    (CategoryRenamed, respell_later),
)
