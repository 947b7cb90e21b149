"""What is done with stores: created and edited, shown and hidden, closed; their cards follow in the same breath."""

from portal.domain.stores.actions.cards import respell
from portal.domain.stores.actions.editing import close, create, edit, hide, show
from portal.domain.stores.actions.figures import refresh_times, set_benefits, set_month_sales
from portal.domain.stores.actions.importing import Taken, take_rows
from portal.domain.stores.actions.pictures import add_pictures, move_picture, remove_picture
from portal.domain.stores.rules import MOST_PICTURES

__all__ = [
    "MOST_PICTURES",
    "Taken",
    "add_pictures",
    "close",
    "create",
    "edit",
    "hide",
    "move_picture",
    "refresh_times",
    "remove_picture",
    "respell",
    "set_benefits",
    "set_month_sales",
    "show",
    "take_rows",
]
