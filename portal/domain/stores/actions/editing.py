"""Creating, editing, listing and closing stores."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.domain.identity.actions import referrals
from portal.domain.regions import queries as regions
from portal.domain.stores import rules
from portal.domain.stores.access import access_store
from portal.domain.stores.actions.cards import write_cards
from portal.domain.stores.errors import StoreChanged, StoreClosed, StoreIncomplete
from portal.domain.stores.events import StoreClosedDown, StoreListed, StoreWithdrawn
from portal.domain.stores.models import Store
from portal.domain.stores.values import StoreFacts, StoreState
from portal.domain.tenants.models import StoreRoute
from portal.kernel.database import new_id
from portal.kernel.hours import to_json
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Denied, NotFound
from portal.kernel.work import Work

EDIT = Permission.STORE_EDIT


def create(work: Work, *, facts: StoreFacts) -> UUID:
    """A new store, not yet on the street. Only who covers all stores may add one. Returns its id."""
    work.require(EDIT)
    if work.scope.store_ids is not None:
        raise Denied
    now = work.now()
    store = Store(merchant_id=work.merchant_id, id=new_id(), created_at=now, updated_at=now, state_at=now)
    store.benefits, store.state = [], StoreState.DRAFT
    _take(work, store, facts)
    work.session.add_all([store, StoreRoute(store_id=store.id, merchant_id=work.merchant_id)])
    work.audit("store.created", "store", store.id)
    return store.id


def edit(work: Work, store_id: UUID, *, facts: StoreFacts, version: int) -> None:
    """Save what was entered. Refuses when the store was saved by somebody else since `version`, or is closed."""
    store = access_store(work, store_id, lock=True, may=EDIT)
    if store.state == StoreState.CLOSED:
        raise StoreClosed
    if store.version != version:
        raise StoreChanged
    before = {name: getattr(store, name) for name in _TOLD}
    _take(work, store, facts)
    if store.state == StoreState.LISTED:
        _check_complete(store)
    store.version, store.updated_at = version + 1, work.now()
    write_cards(work, [store])
    changed = sorted(name for name in _TOLD if getattr(store, name) != before[name])
    if "name" in changed:
        referrals.rename_store(work, store.id, store.name)
    work.audit("store.edited", "store", store.id, fields=" ".join(changed))


def show(work: Work, store_ids: Collection[UUID]) -> int:
    """Put stores on the street; how many were not there before. Refuses the whole lot when one is not complete."""
    stores = [store for store in _locked(work, store_ids) if store.state != StoreState.LISTED]
    for store in stores:
        _check_complete(store)
        _turn(work, store, StoreState.LISTED)
        work.publish(StoreListed(store.merchant_id, store.id))
    write_cards(work, stores)
    return len(stores)


def hide(work: Work, store_ids: Collection[UUID]) -> int:
    """Take stores off the street, for now; how many were there."""
    stores = [store for store in _locked(work, store_ids) if store.state == StoreState.LISTED]
    for store in stores:
        _turn(work, store, StoreState.DRAFT)
        work.publish(StoreWithdrawn(store.merchant_id, store.id))
    write_cards(work, stores)
    return len(stores)


def close(work: Work, store_id: UUID) -> None:
    """Close a store for good. Its history stays; nothing is deleted."""
    (store,) = _locked(work, [store_id])
    _turn(work, store, StoreState.CLOSED)
    write_cards(work, [store])
    work.publish(StoreClosedDown(store.merchant_id, store.id))


_TOLD = ("name", "brand", "category_id", "phone", "region_code", "address", "lat", "lng", "hours")


def _take(work: Work, store: Store, facts: StoreFacts) -> None:
    facts = rules.tidy(facts)
    if facts.region_code and facts.region_code != store.region_code:
        regions.check(work, facts.region_code)
    for name, value in columns_of(facts).items():
        setattr(store, name, value)


def columns_of(facts: StoreFacts) -> dict[str, Any]:
    """The facts as columns of a store; the position in WGS-84 beside the one that was given."""
    given = facts.given
    position = given.position if given else None
    return {
        "name": facts.name,
        "brand": facts.brand,
        "category_id": facts.category_id,
        "phone": facts.phone,
        "region_code": facts.region_code,
        "address": facts.address,
        "hours": to_json(facts.hours) if facts.hours else None,
        "lat": position.lat if position else None,
        "lng": position.lng if position else None,
        "raw_lat": given.lat if given else None,
        "raw_lng": given.lng if given else None,
        "raw_datum": given.datum.value if given else None,
    }


def _check_complete(store: Store) -> None:
    if store.state == StoreState.CLOSED:
        raise StoreClosed
    if store.lat is None:
        raise StoreIncomplete(store.name)


def _turn(work: Work, store: Store, state: StoreState) -> None:
    if store.state == StoreState.CLOSED:
        raise StoreClosed
    store.state, store.state_at, store.updated_at = state, work.now(), work.now()
    work.audit(f"store.{state.value}", "store", store.id)


def _locked(work: Work, store_ids: Collection[UUID]) -> list[Store]:
    """The stores, locked in one order. NotFound when one of them is not ours or out of reach."""
    for store_id in store_ids:
        work.require(EDIT, store_id=store_id)
    query = select(Store).where(Store.merchant_id == work.merchant_id, Store.id.in_(set(store_ids)))
    stores = list(work.session.execute(query.order_by(Store.id).with_for_update()).scalars())
    if len(stores) != len(set(store_ids)):
        raise NotFound
    return stores
