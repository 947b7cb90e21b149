"""The only way to one sitting: with the right and the reach of whoever acts, held on the worker's face.

The lock of a sitting's row holds its guests, rounds and lines as well; two sittings are held in the order of their ids.
Features above act on `Scope(Face.JOB, merchant_id=…)` with the right in hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from sqlalchemy import any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from portal.domain.tabs import errors
from portal.domain.tabs.models import Sitting, TabLine
from portal.domain.tabs.values import SittingState
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope, fixed
from portal.kernel.work import Work

_HELD: Any = fixed(
    select(Sitting)
    .where(
        Sitting.merchant_id == bindparam("of_merchant"),
        Sitting.id == any_(bindparam("sittings", type_=ARRAY(Sitting.id.type))),
    )
    .order_by(Sitting.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
RIGHTS: Final = frozenset({Permission.TAB_ORDER, Permission.TAB_SERVE})


def house(work: Work) -> Scope:
    """The worker's face for the merchant of this Work."""
    return Scope(Face.JOB, merchant_id=work.merchant_id)


@contextmanager
def access_held(work: Work, sitting_id: UUID, *, may: Permission, closed: bool = False) -> Iterator[Sitting]:
    """One sitting in reach, locked, on the worker's face for the length of the block. Raises NotFound, and SittingOver
    unless `closed` ones are welcome.
    """
    with access_all_held(work, [sitting_id], may=may, closed=closed) as (sitting,):
        yield sitting


@contextmanager
def access_all_held(
    work: Work, sitting_ids: Sequence[UUID], *, may: Permission, closed: bool = False
) -> Iterator[tuple[Sitting, ...]]:
    """Several at once, in the order they were asked for."""
    work.require(may)
    scope = work.scope
    if scope.face is Face.GUEST and set(sitting_ids) != {scope.sitting_id}:
        raise NotFound
    with borrowed(work, house(work), RIGHTS):
        rows = hold(work, sitting_ids)
        for row in rows:
            if not scope.covers_store(row.store_id):
                raise NotFound
            if row.state != SittingState.OPEN and not closed:
                raise errors.SittingOver
        yield rows


def hold(work: Work, sitting_ids: Sequence[UUID]) -> tuple[Sitting, ...]:
    """For acts that stand on the worker's face already. Raises NotFound."""
    asked = {"of_merchant": work.merchant_id, "sittings": sorted(set(sitting_ids))}
    found = {row.id: row for row in work.session.scalars(_HELD, asked)}
    if any(one not in found for one in sitting_ids):
        raise NotFound
    return tuple(found[one] for one in sitting_ids)


def touch(work: Work, sitting: Sitting) -> None:
    """Something of it has changed: screens that ask will see it."""
    sitting.version += 1
    sitting.changed_at = work.now()


def lines_of(work: Work, sitting: Sitting) -> list[TabLine]:
    """All lines of a sitting that is held, in the order they were made."""
    query = select(TabLine).where(TabLine.merchant_id == sitting.merchant_id, TabLine.sitting_id == sitting.id)
    return list(work.session.scalars(query.order_by(TabLine.id).execution_options(populate_existing=True)))


def access_line(work: Work, sitting: Sitting, line_id: UUID) -> TabLine:
    """One line of a sitting that is held. Raises NotFound."""
    query = select(TabLine).where(TabLine.merchant_id == sitting.merchant_id, TabLine.id == line_id)
    query = query.where(TabLine.sitting_id == sitting.id).execution_options(populate_existing=True)
    line = work.session.scalars(query).one_or_none()
    if line is None:
        raise NotFound
    return line
