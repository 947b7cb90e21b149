"""What can be done with coupons and vouchers."""

from portal.domain.vouchers.actions.benefits import tell_again
from portal.domain.vouchers.actions.collecting import collect
from portal.domain.vouchers.actions.counter import limit_undo, redeem, undo
from portal.domain.vouchers.actions.coupons import create, duplicate, edit, end, extend, pause, publish, remove

__all__ = [
    "collect",
    "create",
    "duplicate",
    "edit",
    "end",
    "extend",
    "limit_undo",
    "pause",
    "publish",
    "redeem",
    "remove",
    "tell_again",
    "undo",
]
