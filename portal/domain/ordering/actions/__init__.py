"""What is done with carts and orders.

Shipping and after-sales call, within acts of their own that have checked right and access:
`mark_shipped`, `take_back_shipping`, `block`, `unblock`, `open_case`, `close_case`, `write_back`, `change_recipient`,
`tell`. Pieces are `{line_id: count}`.
"""

from portal.domain.ordering.actions.cart import accept_prices, add, add_again, arrange, put_back, remove, remove_gone
from portal.domain.ordering.actions.paying import cancel
from portal.domain.ordering.actions.pieces import (
    block,
    change_recipient,
    close_case,
    mark_shipped,
    open_case,
    take_back_shipping,
    unblock,
    write_back,
)
from portal.domain.ordering.actions.placing import place
from portal.domain.ordering.actions.receiving import complete_due, confirm_received, receive_by_itself
from portal.domain.ordering.actions.telling import tell

__all__ = [
    "accept_prices",
    "add",
    "add_again",
    "arrange",
    "block",
    "cancel",
    "change_recipient",
    "close_case",
    "complete_due",
    "confirm_received",
    "mark_shipped",
    "open_case",
    "place",
    "put_back",
    "receive_by_itself",
    "remove",
    "remove_gone",
    "take_back_shipping",
    "tell",
    "unblock",
    "write_back",
]
