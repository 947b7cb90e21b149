"""What pages read of orders that leave, of parcels and of what stands in their way."""

from portal.domain.shipping.queries.board import Asked, Tile, board, listed, several, tiles
from portal.domain.shipping.queries.checking import Checked, Wanted, checked
from portal.domain.shipping.queries.matching import known_numbers
from portal.domain.shipping.queries.orders import (
    OrderPage,
    changes_of,
    order_of_change,
    order_of_parcel,
    order_of_report,
    order_page,
    shortages_of,
    twins,
)
from portal.domain.shipping.queries.parcels import parcels_of
from portal.domain.shipping.queries.printing import Label, PickLine, labels, picking

__all__ = [
    "Asked",
    "Checked",
    "Label",
    "OrderPage",
    "PickLine",
    "Tile",
    "Wanted",
    "board",
    "changes_of",
    "checked",
    "known_numbers",
    "labels",
    "listed",
    "order_of_change",
    "order_of_parcel",
    "order_of_report",
    "order_page",
    "parcels_of",
    "picking",
    "several",
    "shortages_of",
    "tiles",
    "twins",
]
