"""What is done with goods: written, reviewed, priced, counted, reserved; the cards follow in the same breath."""

from portal.domain.catalogue.actions.brands import add_brand, show_brand
from portal.domain.catalogue.actions.bulk import create_many, discard
from portal.domain.catalogue.actions.counting import adjust_many, take_back
from portal.domain.catalogue.actions.holds import put_back, release, release_expired, reserve, take
from portal.domain.catalogue.actions.photos import add_photos, move_photo, remove_photo
from portal.domain.catalogue.actions.pricing import approve_changes, ask, refuse_changes, withdraw_change
from portal.domain.catalogue.actions.products import create, edit, put_on, submit, take_off, withdraw
from portal.domain.catalogue.actions.reviews import approve, force_off, refuse
from portal.domain.catalogue.actions.sales import apply_rule, set_sale
from portal.domain.catalogue.actions.sales import undo as undo_sales
from portal.domain.catalogue.actions.stock import adjust, split

__all__ = [
    "add_brand",
    "add_photos",
    "adjust",
    "adjust_many",
    "apply_rule",
    "approve",
    "approve_changes",
    "ask",
    "create",
    "create_many",
    "discard",
    "edit",
    "force_off",
    "move_photo",
    "put_back",
    "put_on",
    "refuse",
    "refuse_changes",
    "release",
    "release_expired",
    "remove_photo",
    "reserve",
    "set_sale",
    "show_brand",
    "split",
    "submit",
    "take",
    "take_back",
    "take_off",
    "undo_sales",
    "withdraw",
    "withdraw_change",
]
