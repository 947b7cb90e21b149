"""Set a parameter from a moment on, cancel what has not begun. The past is never rewritten."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from portal.domain.reference.access import access_parameter, access_parameter_value
from portal.domain.reference.models import ParameterValueRow
from portal.domain.reference.rules import check_moment, check_value
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, Denied
from portal.kernel.words import say
from portal.kernel.work import Work


def set_value(work: Work, name: str, *, value: int, effective_at: datetime | None, note: str) -> UUID:
    """A value in force from `effective_at` (None: now) on. Refuses what is out of limits or in the past."""
    work.require(Permission.PARAMETER_EDIT)
    parameter = access_parameter(name)
    if parameter.money:
        raise Denied(say("资金参数要两个人：一人提出，另一人确认。"))
    check_value(parameter, value)
    row = ParameterValueRow(
        name=parameter.name,
        value=value,
        effective_at=check_moment(effective_at, work.now()),
        set_at=work.now(),
        set_by=work.person_id,
        note=clean_line(note, field="note", most=200, required=False),
    )
    work.session.add(row)
    work.session.flush()
    work.audit("parameter.set", "parameter", row.id, name=name, value=value, effective_at=row.effective_at.isoformat())
    return row.id


def cancel(work: Work, value_id: UUID) -> None:
    """Take back a value that has not begun. Refuses one that is or was in force."""
    work.require(Permission.PARAMETER_EDIT)
    row = access_parameter_value(work, value_id, lock=True)
    if row.second:
        raise Denied(say("资金参数要两个人：一人提出，另一人确认。"))
    if row.cancelled_at is not None:
        return
    if row.effective_at <= work.now():
        raise Conflict(say("这个值已经生效，不能取消。可以再设一个新的值。"))
    row.cancelled_at = work.now()
    work.audit("parameter.cancelled", "parameter", row.id, name=row.name)
