"""A tab that is paid: its old secret is void, whoever sits there may order for a while, then the next guests come.

`bills` says when nothing is due any more; what is ordered or moved to the table afterwards makes it due again.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from portal.domain.menus import queries as menus
from portal.domain.tabs import errors
from portal.domain.tabs.access import touch
from portal.domain.tabs.models import Sitting, SittingKey
from portal.domain.tabs.rules import orders_on
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def new_code() -> str:
    """128 random bits in 22 letters."""
    return secrets.token_urlsafe(16)


def turn(work: Work, sitting: Sitting) -> str:
    """A new secret for the friend's link of a sitting that is held; returns it."""
    query = select(SittingKey).where(SittingKey.merchant_id == sitting.merchant_id, SittingKey.sitting_id == sitting.id)
    key = work.session.scalars(query.execution_options(populate_existing=True)).one()
    key.code, key.turned_at = new_code(), work.now()
    touch(work, sitting)
    work.session.flush()
    return key.code


def settle(work: Work, sitting: Sitting, at: datetime) -> None:
    """Nothing is due of a sitting that is held since `at`. For `bills`, on the worker's face; twice is once."""
    work.require(Permission.TAB_SERVE)
    if sitting.settled_at is None:
        sitting.settled_at = at
        turn(work, sitting)


def refuse_settled(work: Work, sitting: Sitting) -> None:
    """Refuse Settled when a guest acts whose table was paid longer ago than the store lets him order on."""
    if work.actor.guest_id is None or sitting.settled_at is None:
        return
    rules = menus.table_rules(work, sitting.merchant_id, sitting.store_id)
    if not orders_on(sitting.settled_at, rules.order_minutes, work.now()):
        raise errors.Settled
