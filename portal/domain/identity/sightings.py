"""Small writes about a sign-in that no business act causes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from portal.domain.identity.models import SignIn
from portal.kernel.work import Work


def touch(work: Work, sign_in_id: UUID) -> None:
    """The browser was seen now."""
    work.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=work.now()))
