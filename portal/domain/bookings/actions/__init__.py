"""What is done with services, visits and the waiting list."""

from portal.domain.bookings.actions.attending import arrive, arrive_by_code, close_one, finish, no_show, not_arrived
from portal.domain.bookings.actions.booking import book, book_for, walk_in
from portal.domain.bookings.actions.changing import (
    cancel,
    cancel_by_store,
    cancel_linked,
    move,
    move_by_store,
    move_linked,
)
from portal.domain.bookings.actions.errands import end_waiting, expire_offer, look_again, remind
from portal.domain.bookings.actions.links import renew_feed, renew_link
from portal.domain.bookings.actions.pictures import MOST_PICTURES, add_pictures, move_picture, remove_picture
from portal.domain.bookings.actions.services import (
    arrange_services,
    change_service,
    draft_service,
    offer_service,
    remove_service,
    stop_service,
)
from portal.domain.bookings.actions.waiting import accept, wait, withdraw

__all__ = [
    "MOST_PICTURES",
    "accept",
    "add_pictures",
    "arrange_services",
    "arrive",
    "arrive_by_code",
    "book",
    "book_for",
    "cancel",
    "cancel_by_store",
    "cancel_linked",
    "change_service",
    "close_one",
    "draft_service",
    "end_waiting",
    "expire_offer",
    "finish",
    "look_again",
    "move",
    "move_by_store",
    "move_linked",
    "move_picture",
    "no_show",
    "not_arrived",
    "offer_service",
    "remind",
    "remove_picture",
    "remove_service",
    "renew_feed",
    "renew_link",
    "stop_service",
    "wait",
    "walk_in",
    "withdraw",
]
