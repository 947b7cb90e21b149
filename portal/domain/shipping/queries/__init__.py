"""What pages read of orders that leave, of parcels and of what stands in their way."""

from portal.domain.shipping.queries.board import Asked, Tile, board, listed, several, tiles
from portal.domain.shipping.queries.matching import known_numbers
from portal.domain.shipping.queries.orders import OrderPage, order_page, twins
from portal.domain.shipping.queries.parcels import parcels_of
from portal.domain.shipping.queries.printing import Label, PickLine, labels, picking

__all__ = [
    "Asked",
    "Label",
    "OrderPage",
    "PickLine",
    "Tile",
    "board",
    "known_numbers",
    "labels",
    "listed",
    "order_page",
    "parcels_of",
    "picking",
    "several",
    "tiles",
    "twins",
]
