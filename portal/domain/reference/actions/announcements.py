"""Draft, publish and withdraw announcements. Readers see the notice, which changes only by publishing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from portal.domain.reference.access import access_announcement
from portal.domain.reference.models import AnnouncementRow, NoticeRow
from portal.domain.reference.values import AnnouncementState, Audience
from portal.kernel.lines import clean_line, clean_text
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import say
from portal.kernel.work import Work

TITLE_MOST = 60
BODY_MOST = 5000


def draft(
    work: Work, *, title: str, body: str, title_en: str, body_en: str, audience: Audience, until: datetime | None
) -> UUID:
    """Write one down without showing it to anybody."""
    work.require(Permission.ANNOUNCEMENT_EDIT)
    row = AnnouncementRow(created_at=work.now(), state=AnnouncementState.DRAFT.value)
    _write(row, title, body, title_en, body_en, audience, until)
    work.session.add(row)
    work.session.flush()
    work.audit("announcement.drafted", "announcement", row.id)
    return row.id


def edit(
    work: Work,
    announcement_id: UUID,
    *,
    title: str,
    body: str,
    title_en: str,
    body_en: str,
    audience: Audience,
    until: datetime | None,
) -> None:
    """Change the operator's copy; readers see it when it is published again."""
    work.require(Permission.ANNOUNCEMENT_EDIT)
    row = access_announcement(work, announcement_id, lock=True)
    _write(row, title, body, title_en, body_en, audience, until)
    work.audit("announcement.edited", "announcement", row.id)


def publish(work: Work, announcement_id: UUID) -> None:
    """Show it as it is now. Refuses one whose last day has passed."""
    work.require(Permission.ANNOUNCEMENT_EDIT)
    row = access_announcement(work, announcement_id, lock=True)
    if row.until is not None and row.until <= work.now():
        raise Refusal(say("截止时间已经过了，请先改截止时间再发布。"), field="until")
    row.published_at = row.published_at if row.state == AnnouncementState.PUBLISHED else work.now()
    row.state = AnnouncementState.PUBLISHED.value
    work.session.merge(
        NoticeRow(
            id=row.id,
            title=row.title,
            body=row.body,
            title_en=row.title_en,
            body_en=row.body_en,
            audience=row.audience,
            until=row.until,
            published_at=row.published_at,
        )
    )
    work.audit("announcement.published", "announcement", row.id)


def withdraw(work: Work, announcement_id: UUID) -> None:
    """Nobody sees it any more; the operator's copy stays."""
    work.require(Permission.ANNOUNCEMENT_EDIT)
    row = access_announcement(work, announcement_id, lock=True)
    if row.state != AnnouncementState.PUBLISHED:
        return
    row.state = AnnouncementState.WITHDRAWN.value
    work.session.execute(delete(NoticeRow).where(NoticeRow.id == row.id))
    work.audit("announcement.withdrawn", "announcement", row.id)


def _write(
    row: AnnouncementRow,
    title: str,
    body: str,
    title_en: str,
    body_en: str,
    audience: Audience,
    until: datetime | None,
) -> None:
    row.title = clean_line(title, field="title", most=TITLE_MOST)
    row.body = clean_text(body, field="body", most=BODY_MOST)
    row.title_en = clean_line(title_en, field="title_en", most=2 * TITLE_MOST, required=False)
    row.body_en = clean_text(body_en, field="body_en", most=2 * BODY_MOST, required=False)
    row.audience, row.until = audience.value, until
