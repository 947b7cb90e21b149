"""What is in a person's box, and the texts of the development outbox. Reads only."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.identity.models import Notification, Person
from portal.domain.identity.rules import factors
from portal.domain.identity.values import DEMO_TOTP_SECRET
from portal.domain.messages.models import TextMessage
from portal.domain.messages.values import PAGE, Letter, Letters, OutboxRow, unpacked
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work


def letters(work: Work, *, before: UUID | None = None, size: int = PAGE) -> Letters:
    """A page of notifications, newest first, that begins after the letter `before`."""
    mine = select(Notification).where(Notification.person_id == work.person_id)
    if before is not None:
        mine = mine.where(Notification.id < before)
    found = work.session.scalars(mine.order_by(Notification.id.desc()).limit(size + 1)).all()
    unread = work.session.scalar(
        select(func.count()).where(Notification.person_id == work.person_id, Notification.read_at.is_(None))
    )
    rows = [
        Letter(row.id, row.kind, unpacked(row.words), row.link, row.created_at, row.read_at is not None)
        for row in found[:size]
    ]
    return Letters(rows, rows[-1].id if len(found) > size else None, unread or 0)


def outbox(work: Work, *, most: int = 30) -> list[OutboxRow]:
    """The latest texts with their words; only for a demo installation's outbox page."""
    with borrowed(work, Scope(Face.JOB)):
        found = work.session.execute(
            select(TextMessage, func.coalesce(TextMessage.phone, Person.phone).label("to"))
            .outerjoin(Person, Person.id == TextMessage.person_id)
            .order_by(TextMessage.created_at.desc(), TextMessage.id.desc())
            .limit(most)
        ).all()
        return [_outbox_row(row.TextMessage, row.to or "") for row in found]


def _outbox_row(row: TextMessage, phone: str) -> OutboxRow:
    text = unpacked(row.words) if row.words else None
    code = str(text.params.get("code", "")) if text else ""
    return OutboxRow(row.id, phone, row.kind, text, row.state, row.created_at, code)


def demo_factor(moment: datetime) -> str:
    """The digits the demo town's authenticator shows now."""
    return factors.digits_at(DEMO_TOTP_SECRET, moment)
