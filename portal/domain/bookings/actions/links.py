"""Secret links: what made a link worthless makes a new one."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from portal.domain.bookings.access import access_booking, access_held
from portal.domain.bookings.actions.telling import HOUSE
from portal.domain.bookings.actions.writing import BOOK
from portal.domain.bookings.models import BookingFeed
from portal.domain.bookings.rules.links import Link
from portal.kernel.faces import borrowed
from portal.kernel.work import Work

MOST: int = 30_000


def renew_link(work: Work, booking_id: UUID) -> None:
    """A new secret link for this visit; the former one opens nothing any more."""
    found = access_booking(work, booking_id, may=BOOK)
    merchant_id = found.merchant_id
    with borrowed(work, HOUSE):
        row, _lines = access_held(work, merchant_id, booking_id)
        row.link_version = row.link_version % MOST + 1
        work.session.flush()


def renew_feed(work: Work) -> Link:
    """A calendar feed of the person's visits, or a new address for it; the former one is worthless."""
    work.require(BOOK)
    values = {"person_id": work.person_id, "version": 1, "changed_at": work.now()}
    new = insert(BookingFeed).values(**values)
    again = {"version": BookingFeed.version % MOST + 1, "changed_at": work.now()}
    query = new.on_conflict_do_update(index_elements=[BookingFeed.person_id], set_=again).returning(BookingFeed.version)
    version = work.session.execute(query, execution_options={"synchronize_session": False}).scalar_one()
    return Link(work.person_id, version)
