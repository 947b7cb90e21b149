"""The buyer follows his parcels: a part of the order's page, and a page for each with everything the carrier said."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from portal.domain.ordering import queries as ordering
from portal.domain.ordering.queries import OrderShown
from portal.domain.ordering.values import OrderState
from portal.domain.shipping.queries.following import follow, followed
from portal.domain.shipping.rules.recognising import BY_CODE
from portal.kernel.permissions import Permission
from portal.kernel.work import Work
from portal.web.dispatch import carrier_name, parcel_mark
from portal.web.pages import Page, page
from portal.web.shop import shop
from portal.web.shop.orders import Panel, panel

BUY = Permission.ORDER_BUY
SILENT = timedelta(days=2)
UNSENT = (OrderState.UNPAID, OrderState.PAID)


@panel
def parcels(work: Work, order: OrderShown) -> Panel | None:
    """The parcels of an order, each with its last word."""
    if order.state in UNSENT:
        return None
    found = followed(work, order.id)
    context = {"parcels": found, "carrier_name": carrier_name, "parcel_mark": parcel_mark}
    return Panel("shop/parcels/_panel.html", context, place="top") if found else None


@shop.get("/orders/<uuid:order>/parcels/<uuid:parcel>", may=BUY)
def parcels_show(work: Work, order: UUID, parcel: UUID) -> Page:
    """Everything that was said about one parcel."""
    shown = follow(work, order, parcel)
    return page(
        "shop/parcels/show.html",
        parcel=shown,
        order=ordering.my_order(work, order),
        carrier=BY_CODE.get(shown.carrier),
        silent=not shown.events and work.now() - shown.shipped_at > SILENT,
        carrier_name=carrier_name,
        parcel_mark=parcel_mark,
    )
