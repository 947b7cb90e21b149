"""Letters into a person's box, texts to a phone. Letters are written in the transaction of what they tell about."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from portal.domain.identity.access import access_notification
from portal.domain.identity.models import Notification, Person
from portal.domain.messages.models import TextMessage
from portal.domain.messages.ports import Messenger
from portal.domain.messages.values import BY_TEXT, OutgoingText, family, packed, unpacked
from portal.kernel.database import Base, new_id
from portal.kernel.faces import slip_in
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from portal.kernel.words import Text
from portal.kernel.work import Work

WRITERS = frozenset({Face.GATE, Face.JOB})  # no tenant's face may write to anybody


def notify(work: Work, *, person_id: UUID, kind: str, text: Text, link: str = "") -> None:
    """Put a letter into a person's box, from whatever face acts.

    `kind` is "family.event"; some families also go to the phone. `link` is an own path. Values of `text` are numbers,
    words of ours and names that the reader may know; they are kept with the letter.
    """
    if link and not link.startswith("/"):
        raise ValueError("a letter links to an own path")
    _add(work, Notification, person_id=person_id, kind=kind, words=packed(text), link=link, created_at=work.now())
    if family(kind) in BY_TEXT:
        _add_text(work, kind, text, person_id=person_id)


def _add(work: Work, model: type[Base], **values: object) -> UUID:
    row_id = new_id()
    if work.scope.face in WRITERS:
        work.session.add(model(id=row_id, **values))
    else:
        slip_in(work, Face.GATE, model, id=row_id, **values)
    return row_id


def text_to_phone(work: Work, *, phone: str, kind: str, text: Text, expires_at: datetime) -> None:
    """Send a text to a phone that may have no account. At the gate; not sent any more after `expires_at`."""
    _add_text(work, kind, text, phone=phone, expires_at=expires_at)


def _add_text(
    work: Work,
    kind: str,
    text: Text,
    *,
    phone: str | None = None,
    person_id: UUID | None = None,
    expires_at: datetime | None = None,
) -> None:
    row_id = _add(
        work,
        TextMessage,
        kind=kind,
        phone=phone,
        person_id=person_id,
        words=packed(text),
        created_at=work.now(),
        expires_at=expires_at,
    )
    work.enqueue("messages.send", message=row_id)


def send(work: Work, messenger: Messenger, message_id: UUID) -> None:
    """Hand a queued text to the messenger; the worker's act. A second run finds it sent and does nothing.

    Lets NotSent pass: the worker tries again.
    """
    query = select(TextMessage).where(TextMessage.id == message_id, TextMessage.state == "queued")
    row = work.session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return
    phone = row.phone or work.session.scalar(select(Person.phone).where(Person.id == row.person_id))
    late = row.expires_at is not None and row.expires_at <= work.now()
    if late or phone is None or row.words is None:
        row.state = "late"
    else:
        text = unpacked(row.words)
        row.receipt = messenger.send(OutgoingText(phone, row.kind, text.params, str(text)))
        row.state, row.sent_at = "sent", work.now()
    if not messenger.keeps_words:
        row.words = None


def mark_read(work: Work, notification_id: UUID) -> str:
    """Read one letter; returns where it leads."""
    work.require(Permission.PROFILE_EDIT)
    row = access_notification(work, notification_id)
    row.read_at = row.read_at or work.now()
    return row.link


def mark_all_read(work: Work) -> None:
    """Read the whole box."""
    work.require(Permission.PROFILE_EDIT)
    work.session.execute(
        update(Notification)
        .where(Notification.person_id == work.person_id, Notification.read_at.is_(None))
        .values(read_at=work.now())
        .execution_options(synchronize_session=False)
    )


def forget(work: Work, *, texts: timedelta, letters: timedelta) -> int:
    """Remove texts, and letters that were read, when they are older than this; how many. For the worker."""
    now = work.now()
    old_texts = delete(TextMessage).where(TextMessage.created_at < now - texts)
    old_letters = delete(Notification).where(Notification.read_at < now - letters)
    return sum(work.session.execute(old).rowcount for old in (old_texts, old_letters))  # type: ignore[attr-defined]
