"""What categories there are, which parameters are in force, which notices are out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from portal.domain.reference.access import access_announcement
from portal.domain.reference.models import AnnouncementRow, CategoryRow, NoticeRow, ParameterValueRow
from portal.domain.reference.values import (
    PARAMETERS,
    Announcement,
    AnnouncementState,
    Audience,
    Category,
    Notice,
    Parameter,
    ParameterShown,
    ParameterValue,
    Purpose,
)
from portal.kernel.scope import fixed
from portal.kernel.work import Work

NOTICES_SHOWN = 3


def categories(work: Work, purpose: Purpose | None = None, *, hidden: bool = False) -> tuple[Category, ...]:
    """The trees in reading order: each parent before its children. `hidden` includes those no longer offered."""
    query = select(CategoryRow).order_by(CategoryRow.purpose.desc(), CategoryRow.position, CategoryRow.id)
    if purpose is not None:
        query = query.where(CategoryRow.purpose == purpose.value)
    children: dict[UUID | None, list[CategoryRow]] = {}
    for row in work.session.execute(query).scalars():
        children.setdefault(row.parent_id, []).append(row)
    return tuple(node for node in _branch(children, None, 0, above=False) if hidden or not node.hidden)


def _branch(
    children: dict[UUID | None, list[CategoryRow]], parent_id: UUID | None, depth: int, *, above: bool
) -> Iterator[Category]:
    for row in children.get(parent_id, ()):
        hidden = above or row.hidden_at is not None
        yield Category(
            id=row.id,
            code=row.code,
            purpose=Purpose(row.purpose),
            parent_id=row.parent_id,
            name=row.name,
            name_en=row.name_en,
            depth=depth,
            hidden=hidden,
            hidden_itself=row.hidden_at is not None,
        )
        yield from _branch(children, row.id, depth + 1, above=hidden)


def value_of(work: Work, parameter: Parameter) -> int:
    """The value in force now, in the parameter's unit."""
    found: int | None = work.session.execute(_VALUE, {"asked": parameter.name, "now": work.now()}).scalar()
    return parameter.default if found is None else found


def values_of(work: Work, *wanted: Parameter) -> dict[str, int]:
    """The values of several parameters in force now, by name, in one question."""
    asked = {"asked": [parameter.name for parameter in wanted], "now": work.now()}
    found = {str(name): int(value) for name, value in work.session.execute(_VALUES, asked)}
    return {parameter.name: found.get(parameter.name, parameter.default) for parameter in wanted}


def _begins() -> Any:
    """From when it counts: never before it was confirmed."""
    return func.greatest(ParameterValueRow.effective_at, ParameterValueRow.confirmed_at)


def _in_force() -> tuple[ColumnElement[bool], ...]:
    """At `now`: begun, not cancelled, and confirmed where two persons decide."""
    row = ParameterValueRow
    confirmed = or_(row.second.is_(False), row.confirmed_at.is_not(None))
    return row.cancelled_at.is_(None), row.effective_at <= bindparam("now"), confirmed


_VALUE: Any = fixed(
    select(ParameterValueRow.value)
    .where(ParameterValueRow.name == bindparam("asked"), *_in_force())
    .order_by(_begins().desc(), ParameterValueRow.id.desc())
    .limit(1)
)
_VALUES: Any = fixed(
    select(ParameterValueRow.name, ParameterValueRow.value)
    .ext(distinct_on(ParameterValueRow.name))
    .where(ParameterValueRow.name.in_(bindparam("asked", expanding=True)), *_in_force())
    .order_by(ParameterValueRow.name, _begins().desc(), ParameterValueRow.id.desc())
)


def parameters(work: Work, *, money: bool = False) -> tuple[ParameterShown, ...]:
    """Parameters with what is in force and what comes next: those one person sets, or those of `money`."""
    values = history(work)
    chosen = {name: one for name, one in PARAMETERS.items() if one.money is money}
    return tuple(_shown(work, parameter, values.get(name, ())) for name, parameter in chosen.items())


def proposed() -> ScalarSelect[int]:
    """How many proposals about money wait for a second person, as a part of another question."""
    row = ParameterValueRow
    open_now = (row.second.is_(True), row.confirmed_at.is_(None), row.cancelled_at.is_(None))
    return select(func.count()).select_from(row).where(*open_now).scalar_subquery()


def history(work: Work) -> dict[str, list[ParameterValue]]:
    """Every value ever set by the parameter's name, the latest to take effect first."""
    query = select(ParameterValueRow).order_by(_begins().desc(), ParameterValueRow.id.desc())
    found: dict[str, list[ParameterValue]] = {}
    for row in work.session.execute(query).scalars():
        found.setdefault(row.name, []).append(_value(row))
    return found


def _value(row: ParameterValueRow) -> ParameterValue:
    moments = (max(row.effective_at, row.confirmed_at or row.effective_at), row.set_at, row.set_by, row.cancelled_at)
    return ParameterValue(row.id, row.value, *moments, row.note, row.second, row.confirmed_at, row.confirmed_by)


def _shown(work: Work, parameter: Parameter, values: Sequence[ParameterValue]) -> ParameterShown:
    valid = [value for value in values if value.counts]
    past = next((value for value in valid if value.effective_at <= work.now()), None)
    coming = next((value for value in reversed(valid) if value.effective_at > work.now()), None)
    value = parameter.default if past is None else past.value
    proposed = next((value for value in values if value.waits), None)
    return ParameterShown(parameter, value, past.effective_at if past else None, coming, proposed)


def announcements(work: Work) -> tuple[Announcement, ...]:
    """All of them for the operator, the latest first."""
    rows = work.session.execute(select(AnnouncementRow).order_by(AnnouncementRow.id.desc()).limit(200)).scalars()
    return tuple(_announcement(row) for row in rows)


def announcement(work: Work, announcement_id: UUID) -> Announcement:
    """One for the operator, or NotFound."""
    return _announcement(access_announcement(work, announcement_id))


def _announcement(row: AnnouncementRow) -> Announcement:
    return Announcement(
        id=row.id,
        title=row.title,
        body=row.body,
        title_en=row.title_en,
        body_en=row.body_en,
        audience=Audience(row.audience),
        state=AnnouncementState(row.state),
        until=row.until,
        created_at=row.created_at,
        published_at=row.published_at,
    )


def notices(work: Work, audience: Audience, *, most: int = NOTICES_SHOWN) -> tuple[Notice, ...]:
    """What is out now for these readers (SHOP or OFFICES), the latest first."""
    rows = work.session.execute(
        select(NoticeRow)
        .where(NoticeRow.audience.in_((audience.value, Audience.EVERYONE.value)))
        .where(or_(NoticeRow.until.is_(None), NoticeRow.until > work.now()))
        .order_by(NoticeRow.published_at.desc(), NoticeRow.id.desc())
        .limit(most)
    ).scalars()
    return tuple(_notice(row) for row in rows)


def _notice(row: Any) -> Notice:
    return Notice(row.id, row.title, row.body, row.title_en, row.body_en, row.published_at)
