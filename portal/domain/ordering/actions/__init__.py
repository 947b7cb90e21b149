"""What is done with carts and orders.

Shipping and after-sales call, within acts of their own that have checked right and access:
`mark_shipped`, `take_back_shipping`, `block`, `unblock`, `open_case`, `close_case`, `write_back`, `change_recipient`,
`tell`. Pieces are `{line_id: count}`.
"""

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
from portal.domain.ordering.actions.receiving import complete_due, confirm_received, receive_by_itself
from portal.domain.ordering.actions.telling import tell

__all__ = [
    "block",
    "change_recipient",
    "close_case",
    "complete_due",
    "confirm_received",
    "mark_shipped",
    "open_case",
    "receive_by_itself",
    "take_back_shipping",
    "tell",
    "unblock",
    "write_back",
]
