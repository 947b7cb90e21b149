"""An hour before the courier comes the worker tells every merchant who has something left."""

from __future__ import annotations

from sqlalchemy import func, select

from portal.domain.ordering.models import Order
from portal.domain.ordering.values import OPEN_STATES
from portal.domain.shipping.events import ShippingDue
from portal.domain.shipping.rules.pick_ups import next_pick_up
from portal.kernel.work import Work


def remind(work: Work) -> int:
    """Tell what is left for the next pick-up; returns how many merchants were told. The worker's."""
    left = (
        select(Order.merchant_id, func.count())
        .where(Order.state.in_(OPEN_STATES), Order.ship_by <= next_pick_up(work.now()))
        .group_by(Order.merchant_id)
        .order_by(Order.merchant_id)
    )
    rows = work.session.execute(left).all()
    for merchant_id, count in rows:
        work.publish(ShippingDue(merchant_id, count))
    return len(rows)
