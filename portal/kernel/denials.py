"""How often doors stayed shut for somebody known, hour by hour, so that a loop cannot fill the audit.

The first denials of an hour are audit rows of their own; the others are counted here and become one row with the total
when the hour is over. Counted on the worker's face: nobody can lower his own count.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.database import Base
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope, everyone
from portal.kernel.work import Actor, ActorKind, Work

WRITTEN_EACH = 20  # of an hour and a person
HOUR = timedelta(hours=1)


class DeniedAccess(Base):
    """One person's shut doors within one hour."""

    __tablename__ = "denied_accesses"
    __sight__ = {Face.JOB: everyone()}

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    times: Mapped[int]


def write_down(work: Work, endpoint: str, **facts: Any) -> bool:
    """Count a door that stayed shut for the person who acts; True when it also got an audit row of its own."""
    began = work.now().replace(minute=0, second=0, microsecond=0)
    first: Any = insert(DeniedAccess).values(person_id=work.person_id, began_at=began, times=1)
    keys = [DeniedAccess.person_id, DeniedAccess.began_at]
    once_more = first.on_conflict_do_update(index_elements=keys, set_={"times": DeniedAccess.times + 1})
    with borrowed(work, Scope(Face.JOB)):
        times = work.session.execute(once_more.returning(DeniedAccess.times)).scalar_one()
    if times > WRITTEN_EACH:
        return False
    work.audit("access.denied", endpoint, None, **facts)
    return True


def sum_up(work: Work) -> int:
    """Write the totals of hours that are over and forget their counts; returns how many. For the worker."""
    over = delete(DeniedAccess).where(DeniedAccess.began_at <= work.now() - HOUR)
    columns = (DeniedAccess.person_id, DeniedAccess.began_at, DeniedAccess.times)
    counted = work.session.execute(over.returning(*columns), execution_options={"synchronize_session": False}).all()
    for person_id, began, times in counted:
        if times > WRITTEN_EACH:
            work.enter(work.scope, Actor(ActorKind.PERSON, person_id), work.permissions)
            work.audit("access.denied_often", "person", person_id, times=times, since=began.isoformat())
    return len(counted)
