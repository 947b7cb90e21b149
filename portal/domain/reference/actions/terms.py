"""Parameters about money: one person proposes, another one confirms, and only then a value is on its way.

A proposal that waited past its moment is not in force behind anybody's back: it has to be proposed anew.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.reference.access import access_parameter, access_parameter_value
from portal.domain.reference.models import ParameterValueRow
from portal.domain.reference.rules import check_moment, check_value
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, Denied, NotFound
from portal.kernel.words import say
from portal.kernel.work import Work

EDIT = Permission.MONEY_EDIT
NOTE_MOST = 200


def propose(work: Work, name: str, *, value: int, effective_at: datetime | None, note: str) -> UUID:
    """Propose a value from `effective_at` (None: its confirmation) on. A reason is asked for.

    Refuses what is out of limits or in the past, and a second open proposal for the same parameter.
    """
    work.require(EDIT)
    parameter = access_parameter(name)
    if not parameter.money:
        raise NotFound
    check_value(parameter, value)
    when, now = check_moment(effective_at, work.now()), work.now()
    open_now = select(ParameterValueRow.id).where(
        ParameterValueRow.name == name,
        ParameterValueRow.second.is_(True),
        ParameterValueRow.confirmed_at.is_(None),
        ParameterValueRow.cancelled_at.is_(None),
    )
    if work.session.scalar(open_now) is not None:
        raise Conflict(say("这个参数已经有一个等待确认的提议。请先确认或取消它。"))
    reason = clean_line(note, field="note", most=NOTE_MOST)
    person_id = work.person_id
    row = ParameterValueRow(
        name=name, value=value, effective_at=when, set_at=now, set_by=person_id, note=reason, second=True
    )
    work.session.add(row)
    work.session.flush()
    work.audit("money.proposed", "parameter", row.id, name=name, value=value, effective_at=when.isoformat())
    return row.id


def confirm(work: Work, value_id: UUID) -> None:
    """The second person agrees; what was to hold at once holds from now on.

    Refuses the proposer himself, what is decided, and a moment that has passed.
    """
    row = _money(work, value_id)
    if row.cancelled_at is not None or row.confirmed_at is not None:
        raise Conflict(say("这个提议已经处理过了，请刷新后再看。"))
    if row.set_by == work.person_id:
        raise Denied(say("提议人不能自己确认，请另一位同事来。"))
    if row.set_at < row.effective_at < work.now():
        raise Conflict(say("已经过了写明的生效时间。请取消后重新提出。"))
    row.confirmed_at, row.confirmed_by = work.now(), work.person_id
    work.session.flush()
    work.audit("money.confirmed", "parameter", row.id, name=row.name, value=row.value)


def cancel(work: Work, value_id: UUID) -> None:
    """Take back a proposal, or a confirmed value that has not begun; one person is enough to leave things as they are.

    Refuses one that is or was in force; twice is once.
    """
    row = _money(work, value_id)
    if row.cancelled_at is not None:
        return
    if row.confirmed_at is not None and row.effective_at <= work.now():
        raise Conflict(say("这个值已经生效，不能取消。可以再设一个新的值。"))
    row.cancelled_at = work.now()
    work.session.flush()
    work.audit("money.cancelled", "parameter", row.id, name=row.name)


def _money(work: Work, value_id: UUID) -> ParameterValueRow:
    work.require(EDIT)
    row = access_parameter_value(work, value_id, lock=True)
    if not row.second:
        raise NotFound
    return row
