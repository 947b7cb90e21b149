"""Opening records, keeping them, photos, and tying bookings to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.bookings.access import access_booking
from portal.domain.bookings.models import Booking, BookingLine
from portal.domain.clients import errors
from portal.domain.clients.access import access_client, access_photo
from portal.domain.clients.models import Client, ClientPhoto, ClientVisit
from portal.domain.clients.values import MOST_AT_ONCE, MOST_PHOTOS, MOST_WORDS, VisitState
from portal.domain.tenants.models import Membership
from portal.kernel import phones
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line, clean_text
from portal.kernel.permissions import Permission
from portal.kernel.pictures import read_document
from portal.kernel.refusals import Refusal
from portal.kernel.storage import Storage
from portal.kernel.words import say
from portal.kernel.work import Work

EDIT = Permission.CLIENT_EDIT
STATES = {
    "asked": VisitState.AHEAD,
    "held": VisitState.AHEAD,
    "booked": VisitState.AHEAD,
    "arrived": VisitState.ARRIVED,
    "done": VisitState.DONE,
    "no_show": VisitState.MISSED,
    "cancelled": VisitState.CANCELLED,
}


def open_record(work: Work, store_id: UUID, *, name: str, phone: str = "", demo: bool = False) -> UUID:
    """A record for somebody without an account, under what he is called; only the mask of his phone is kept. `demo`
    lets numbers of the demo town pass.
    """
    work.require(Permission.CLIENT_VIEW, store_id=store_id)
    name = clean_line(name, field="name", most=40)
    masked = phones.mask(phones.normalise_mobile(phone, demo=demo)) if phone.strip() else ""  # digits are not kept
    row = Client(**_fresh(work, work.merchant_id, store_id, None, name, masked))
    work.session.add(row)
    work.session.flush()
    work.audit("client.opened", "client", row.id, store=store_id)
    return row.id


def keep(
    work: Work, client_id: UUID, *, allergies: str, preferences: str, note: str, seen: datetime | None = None
) -> None:
    """Write down what colleagues must know. An empty field is nothing to know. `seen` is when the record that was shown
    was changed last: refuses with Rewritten when a colleague wrote something since, so that no allergy is lost.
    """
    row = access_client(work, client_id, may=EDIT, lock=True)
    if seen is not None and seen != row.changed_at:
        raise errors.Rewritten(row.changed_by)
    row.allergies = clean_text(allergies, field="allergies", most=MOST_WORDS, required=False)
    row.preferences = clean_text(preferences, field="preferences", most=MOST_WORDS, required=False)
    row.note = clean_text(note, field="note", most=MOST_WORDS, required=False)
    row.changed_by, row.changed_at = _staff_name(work), work.now()
    work.session.flush()
    work.audit("client.kept", "client", client_id)


def add_photos(
    work: Work, storage: Storage, client_id: UUID, store_id: UUID, *, pictures: Sequence[bytes], caption: str
) -> None:
    """Photos, drawn anew, for the eyes of this store. Refuses none, too many, and what is no picture."""
    work.require(EDIT, store_id=store_id)
    caption = clean_line(caption, field="caption", most=60, required=False)
    if not pictures:
        raise Refusal(say("请选择照片。"), field="photos")
    drawn = [read_document(content, field="photos") for content in pictures[: MOST_AT_ONCE + 1]]
    if any(one.is_attachment for one in drawn):
        raise Refusal(say("请上传照片，不能是 PDF。"), field="photos")
    access_client(work, client_id, may=EDIT, lock=True)
    if len(drawn) > MOST_AT_ONCE or _photos(work, client_id) + len(drawn) > MOST_PHOTOS:
        raise errors.TooManyPhotos
    by = _staff_name(work)
    for one in drawn:
        photo = ClientPhoto(
            merchant_id=work.merchant_id,
            id=new_id(),
            client_id=client_id,
            store_id=store_id,
            caption=caption,
            stored=storage.put(one.content, one.suffix),
            by=by,
            at=work.now(),
        )
        work.session.add(photo)
    work.session.flush()
    work.audit("client.photographed", "client", client_id, store=store_id, count=len(drawn))


def remove_photo(work: Work, client_id: UUID, photo_id: UUID) -> None:
    """Nobody opens it any more."""
    row = access_photo(work, client_id, photo_id, may=EDIT)
    row.removed_at = work.now()
    work.session.flush()
    work.audit("client.photo_removed", "client", client_id, photo=photo_id)


def record_of(work: Work, merchant_id: UUID, store_id: UUID, person_id: UUID, *, name: str, phone_masked: str) -> UUID:
    """The record of a person at this merchant, opened when there is none; on the worker's face. Masked copies."""
    values = _fresh(work, merchant_id, store_id, person_id, name, phone_masked)
    work.session.execute(
        insert(Client)
        .values(**values)
        .on_conflict_do_nothing(
            index_elements=[Client.merchant_id, Client.person_id], index_where=Client.person_id.is_not(None)
        )
    )
    query = select(Client.id).where(Client.merchant_id == merchant_id, Client.person_id == person_id)
    return work.session.scalars(query).one()


def tie(work: Work, merchant_id: UUID, client_id: UUID, visit: dict[str, object]) -> None:
    """A booking is a visit of this client: its store, time, words; again is an update."""
    facts = {"merchant_id": merchant_id, "client_id": client_id, **visit}
    added = insert(ClientVisit).values(**facts)
    changed = {name: added.excluded[name] for name in ("client_id", "at", "what", "technician", "state")}
    work.session.execute(
        added.on_conflict_do_update(index_elements=[ClientVisit.merchant_id, ClientVisit.booking_id], set_=changed)
    )


def tie_by_desk(work: Work, client_id: UUID, booking_id: UUID) -> None:
    """The desk knows who this walk-in is. NotFound for clients and bookings out of reach."""
    client = access_client(work, client_id, may=Permission.CLIENT_VIEW)
    booking = access_booking(work, booking_id, may=Permission.BOOKING_EDIT)
    tie(work, client.merchant_id, client.id, visit_of(work, booking))


def visit_of(work: Work, booking: Booking) -> dict[str, object]:
    """A booking in the words of a record."""
    query = select(BookingLine.name, BookingLine.technician).where(
        BookingLine.merchant_id == booking.merchant_id, BookingLine.booking_id == booking.id
    )
    lines = work.session.execute(query.order_by(BookingLine.nth)).all()
    return {
        "booking_id": booking.id,
        "store_id": booking.store_id,
        "at": booking.starts_at,
        "what": "、".join(line.name for line in lines),
        "technician": "、".join(dict.fromkeys(line.technician for line in lines if line.technician)),
        "state": STATES[booking.state].value,
    }


def _staff_name(work: Work) -> str:
    """Who writes, as his merchant calls him; empty when no member of staff acts."""
    if work.actor.membership_id is None:
        return ""
    query = select(Membership.name).where(
        Membership.merchant_id == work.merchant_id, Membership.id == work.actor.membership_id
    )
    return work.session.scalar(query) or ""


def _photos(work: Work, client_id: UUID) -> int:
    query = select(func.count()).select_from(ClientPhoto)
    mine = (ClientPhoto.merchant_id == work.merchant_id, ClientPhoto.client_id == client_id)
    return work.session.scalar(query.where(*mine, ClientPhoto.removed_at.is_(None))) or 0


def _fresh(
    work: Work, merchant_id: UUID, store_id: UUID, person_id: UUID | None, name: str, phone_masked: str
) -> dict[str, object]:
    return {
        "merchant_id": merchant_id,
        "id": new_id(),
        "store_id": store_id,
        "person_id": person_id,
        "name": name,
        "phone_masked": phone_masked,
        "allergies": "",
        "preferences": "",
        "note": "",
        "changed_by": "",
        "changed_at": work.now(),
        "created_at": work.now(),
    }
