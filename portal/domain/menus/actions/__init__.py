"""What is done about menus: written by the merchant, chosen by its stores, stopped by whoever stands in the kitchen."""

from portal.domain.menus.actions.books import (
    add_section,
    create_menu,
    edit_menu,
    order_dishes,
    order_sections,
    remove_menu,
    remove_section,
    rename_section,
)
from portal.domain.menus.actions.counting import give_back, hold_pieces, order
from portal.domain.menus.actions.dishes import (
    copy_groups,
    create,
    edit,
    set_groups,
    set_picture,
    set_state,
    set_station,
    take_back,
)
from portal.domain.menus.actions.imports import (
    apply,
    bring,
    discard,
    mend,
    mend_troubled,
    set_scale,
    settle_repeats,
    skip,
    take_back_import,
)
from portal.domain.menus.actions.repricing import raise_prices, undo_prices
from portal.domain.menus.actions.stops import leave, resume, stop, stop_many, stop_options
from portal.domain.menus.actions.stores import set_choice, set_table_rules

__all__ = [
    "add_section",
    "apply",
    "bring",
    "copy_groups",
    "create",
    "create_menu",
    "discard",
    "edit",
    "edit_menu",
    "give_back",
    "hold_pieces",
    "leave",
    "mend",
    "mend_troubled",
    "order",
    "order_dishes",
    "order_sections",
    "raise_prices",
    "remove_menu",
    "remove_section",
    "rename_section",
    "resume",
    "set_choice",
    "set_groups",
    "set_picture",
    "set_scale",
    "set_state",
    "set_station",
    "set_table_rules",
    "settle_repeats",
    "skip",
    "stop",
    "stop_many",
    "stop_options",
    "take_back",
    "take_back_import",
    "undo_prices",
]
