"""What pages read of carts and orders, as frozen facts."""

from portal.domain.ordering.queries.cart import CartGroup, CartLine, CartQuote, Trouble, count, quote
from portal.domain.ordering.queries.orders import (
    CheckoutShown,
    EventLine,
    Tab,
    checkout,
    due_to_complete,
    due_to_receive,
    line_shown,
    my_counts,
    my_order,
    my_orders,
    order,
    payment_of,
    shown,
    timeline,
)
from portal.domain.ordering.values import LineShown, OrderShown

__all__ = [
    "CartGroup",
    "CartLine",
    "CartQuote",
    "CheckoutShown",
    "EventLine",
    "LineShown",
    "OrderShown",
    "Tab",
    "Trouble",
    "checkout",
    "count",
    "due_to_complete",
    "due_to_receive",
    "line_shown",
    "my_counts",
    "my_order",
    "my_orders",
    "order",
    "payment_of",
    "quote",
    "shown",
    "timeline",
]
