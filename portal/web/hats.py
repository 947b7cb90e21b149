"""Where each hat leads: the office of its kind; for a clerk his counter, or the choice among several;
for a technician his own page, in the store where he was last."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, session, url_for

from portal.domain.tenants.values import Hat, Kind
from portal.kernel.permissions import Role

OFFICES = {Kind.SUPPLIER: "supplier", Kind.BRAND: "chain", Kind.ALLIANCE: "alliance", Kind.REGION: "region"}


def hat_url(hat: Hat) -> str:
    """The first page of this hat."""
    if hat.role is Role.CLERK:
        stores = hat.store_ids or ()
        return url_for("store.counter", store=next(iter(stores))) if len(stores) == 1 else url_for("shop.hats")
    if hat.role is Role.TECHNICIAN:
        own = store_of(hat)
        return url_for("store.mine", store=own) if own else url_for("shop.hats")
    endpoint = f"{OFFICES[hat.kind]}.home"
    return url_for(endpoint, merchant=hat.merchant_id) if endpoint in current_app.view_functions else "/"


def store_of(hat: Hat) -> UUID | None:
    """The store of somebody who works in one: the only one, or where he was last with this browser."""
    if hat.store_ids is not None and len(hat.store_ids) == 1:
        return next(iter(hat.store_ids))
    last = session.get("mine", "")
    return next((one for one in hat.store_ids or () if str(one) == last), None)


def office_of(name: str) -> str:
    """The first page of the office we are in."""
    endpoint = "store.counter" if name == "store" else f"{name}.home"
    return url_for(endpoint) if endpoint in current_app.view_functions else "/"
