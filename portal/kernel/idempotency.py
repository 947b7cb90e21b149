"""A key and a fingerprint of the input → the stored answer: the same form sent twice acts once.

The key is claimed first, in the acting transaction; a twin waits on the claim and then reads the first one's answer.
Answers hold addresses of our own pages and ids, never personal data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base, OwnerId
from portal.kernel.refusals import Conflict
from portal.kernel.scope import Face, by_actor, everyone
from portal.kernel.words import say
from portal.kernel.work import Work


class StoredAnswer(Base):
    """What one actor's key was answered; `answer` is empty only while its transaction runs."""

    __tablename__ = "stored_answers"
    __sight__ = {
        Face.GUEST: by_actor(),
        Face.OFFICE: by_actor(),
        Face.PERSON: by_actor(),
        Face.PLATFORM: by_actor(),
        Face.JOB: everyone(),
    }

    actor_id: Mapped[OwnerId]
    key: Mapped[UUID] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


def fingerprint(parts: Iterable[tuple[str, str]]) -> str:
    """A digest of what was asked, independent of the order of fields."""
    digest = hashlib.sha256()
    for name, value in sorted(parts):
        for part in (name, value):
            raw = part.encode("utf-8", "surrogatepass")
            digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def once(
    work: Work, key: UUID, asked: str, act: Callable[[], dict[str, Any] | None]
) -> tuple[dict[str, Any] | None, bool]:
    """Run `act` unless this actor's key has an answer. Returns (answer, True if it is a repeat).

    `act` returning None means "nothing happened, ask again": the claim is given up with the transaction. When it has
    started again (after a refusal), the claim is made anew with the answer; who was faster meanwhile is repeated.
    Raises Conflict when the key was used for something else.
    """
    began = work.session.connection()  # below the ORM: row security is the wall of this table
    claim = {"actor_id": work.actor_id, "key": key, "fingerprint": asked, "answer": {}, "created_at": work.now()}
    if began.execute(_CLAIM, claim).scalar() is None:
        return _repeat(work, key, asked), True
    answer = act()
    if answer is None:
        return None, False
    work.session.flush()
    now = work.session.connection()
    if now is began:
        now.execute(_KEEP, {"owner": work.actor_id, "claimed": key, "kept": answer})
    elif now.execute(_CLAIM, claim | {"answer": answer}).scalar() is None:
        work.start_again()
        return _repeat(work, key, asked), True
    return answer, False


_ANSWERS: Any = StoredAnswer.__table__
_CLAIM = insert(_ANSWERS).on_conflict_do_nothing().returning(_ANSWERS.c.key)
_KEEP = (
    update(_ANSWERS)
    .where(_ANSWERS.c.actor_id == bindparam("owner"), _ANSWERS.c.key == bindparam("claimed"))
    .values(answer=bindparam("kept"))
)


def _repeat(work: Work, key: UUID, asked: str) -> dict[str, Any]:
    found = work.session.execute(
        select(StoredAnswer.fingerprint, StoredAnswer.answer).where(
            StoredAnswer.actor_id == work.actor_id, StoredAnswer.key == key
        )
    ).one()
    if found.fingerprint != asked:
        raise Conflict(say("这张表单已经提交过，内容却不一样。请刷新页面后重新填写。"))
    answer: dict[str, Any] = found.answer
    return answer


def forget(work: Work, *, older_than: timedelta) -> int:
    """Remove answers stored longer ago than this; returns how many. For the worker."""
    old = delete(StoredAnswer).where(StoredAnswer.created_at < work.now() - older_than)
    return int(work.session.execute(old).rowcount)  # type: ignore[attr-defined]
