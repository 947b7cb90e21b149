"""What is done on a floor: it is kept by the merchant's people, and tables are reserved."""

from portal.domain.floor.actions.booking import book, take
from portal.domain.floor.actions.changing import (
    cancel,
    cancel_by_staff,
    cancel_linked,
    miss,
    miss_one,
    move,
    move_by_staff,
    move_linked,
    seat,
    unseat,
)
from portal.domain.floor.actions.keeping import (
    MOST_SEATS,
    add_area,
    add_tables,
    drop_area,
    edit_table,
    join_tables,
    part_tables,
    put_away,
    put_back,
    put_table,
    rename_area,
    renew_code,
    set_rules,
)
from portal.domain.floor.actions.paying import remind
from portal.domain.floor.actions.sitting import occupy, vacate

__all__ = [
    "MOST_SEATS",
    "add_area",
    "add_tables",
    "book",
    "cancel",
    "cancel_by_staff",
    "cancel_linked",
    "drop_area",
    "edit_table",
    "join_tables",
    "miss",
    "miss_one",
    "move",
    "move_by_staff",
    "move_linked",
    "occupy",
    "part_tables",
    "put_away",
    "put_back",
    "put_table",
    "remind",
    "rename_area",
    "renew_code",
    "seat",
    "set_rules",
    "take",
    "unseat",
    "vacate",
]
