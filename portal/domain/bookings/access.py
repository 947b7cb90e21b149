"""The only ways to one service, one booking, one place on the waiting list."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.domain.bookings import errors
from portal.domain.bookings.models import Booking, BookingLine, Service, Waiting
from portal.domain.bookings.rules.links import Link
from portal.domain.vouchers.values import Digits, Presented
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from portal.kernel.work import Work


def access_service(work: Work, service_id: UUID, *, may: Permission, lock: bool = False) -> Service:
    """A service of the merchant whose office is open. Raises NotFound."""
    work.require(may)
    query = select(Service).where(Service.merchant_id == work.merchant_id, Service.id == service_id)
    found = work.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_booking(work: Work, booking_id: UUID, *, may: Permission) -> Booking:
    """A booking in reach of this face: the client's own, or of a store in the office's reach. Raises NotFound."""
    work.require(may)
    query = select(Booking).where(Booking.id == booking_id)
    if work.scope.face is Face.PERSON:
        query = query.where(Booking.person_id == work.person_id)
    else:
        query = query.where(Booking.merchant_id == work.merchant_id)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None or not work.scope.covers_store(found.store_id):
        raise NotFound
    return found


def access_by_code(work: Work, presented: Presented, store_id: UUID) -> Booking:
    """A booking of this store behind a code at its counter. Raises CodeUnknown."""
    work.require(Permission.BOOKING_EDIT, store_id=store_id)
    shown = Booking.code == presented.code if isinstance(presented, Digits) else Booking.secret == presented.secret
    query = select(Booking).where(Booking.merchant_id == work.merchant_id, shown, Booking.store_id == store_id)
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise errors.CodeUnknown
    return found


def access_linked(work: Work, link: Link) -> Booking:
    """The booking of a secret link whose mark was checked (the worker's face only). Raises LinkOver."""
    query = select(Booking).where(Booking.id == link.id, Booking.link_version == link.version)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise errors.LinkOver
    return found


def access_held(work: Work, merchant_id: UUID, booking_id: UUID) -> tuple[Booking, list[BookingLine]]:
    """A booking and its lines in order, held until the end (the worker's face only). Raises NotFound.

    Bookings before sessions, sessions before resources, all of them before money; payments before bookings.
    """
    query = select(Booking).where(Booking.merchant_id == merchant_id, Booking.id == booking_id).with_for_update()
    row = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound
    lines = select(BookingLine).where(BookingLine.merchant_id == merchant_id, BookingLine.booking_id == booking_id)
    return row, list(work.session.scalars(lines.order_by(BookingLine.nth).execution_options(populate_existing=True)))


def access_waiting(work: Work, waiting_id: UUID, *, lock: bool = False) -> Waiting:
    """A place on the waiting list: the person's own, or any on the worker's face, where it can be held."""
    query = select(Waiting).where(Waiting.id == waiting_id)
    if work.scope.face is Face.PERSON:
        query = query.where(Waiting.person_id == work.person_id)
    query = query.execution_options(populate_existing=True)
    found = work.session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found
