"""A person's passes: what he holds or shares, which of them can pay, what a link offers him."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.domain.passes.access import HOUSE, access_gift, access_mine
from portal.domain.passes.models import Pass, PassPerson
from portal.domain.passes.queries.shown import PassLine, PassShown, line_of, shown
from portal.domain.passes.values import GiftKind, PassState, Role
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

MOST = 100


@dataclass(frozen=True)
class Usable:
    """A pass that can pay for a service."""

    pass_id: UUID
    name: str
    left: int
    uses: int
    expires_at: datetime | None
    value_fen: int


@dataclass(frozen=True)
class Gift:
    """What a link offers: the pass, from whom, how."""

    kind: GiftKind
    line: PassLine
    words: str
    own: bool
    expires_at: datetime


def mine(work: Work) -> tuple[PassLine, ...]:
    """The acting person's, held or shared, the latest first; those that can be used stand before those that ended."""
    work.require(Permission.PASS_BUY)
    query = select(PassPerson.merchant_id, PassPerson.pass_id).where(
        PassPerson.person_id == work.person_id, PassPerson.until.is_(None)
    )
    at = work.session.execute(query.order_by(PassPerson.since.desc()).limit(MOST)).all()
    rows = _rows(work, [(one[0], one[1]) for one in at])
    ended = (PassState.SPENT, PassState.EXPIRED, PassState.REFUNDED, PassState.CLOSED)
    lines = [line_of(row) for row in sorted(rows, key=lambda row: row.bought_at, reverse=True)]
    return tuple(sorted(lines, key=lambda line: line.state in ended))


def _rows(work: Work, at: Sequence[tuple[UUID, UUID]]) -> list[Pass]:
    if not at:
        return []
    with borrowed(work, HOUSE):
        query = select(Pass).where(Pass.merchant_id.in_({one[0] for one in at}), Pass.id.in_([one[1] for one in at]))
        return list(work.session.scalars(query))


def one(work: Work, pass_id: UUID) -> PassShown:
    """One of the acting person's, with its log. Raises NotFound."""
    work.require(Permission.PASS_BUY)
    found = access_mine(work, pass_id)
    role, person_id = Role(found.role), work.person_id
    with borrowed(work, HOUSE):
        query = select(Pass).where(Pass.merchant_id == found.merchant_id, Pass.id == pass_id)
        return shown(work, work.session.scalars(query).one(), role=role, person_id=person_id)


def usable(
    work: Work, person_id: UUID, merchant_id: UUID, service_id: UUID | None, at: datetime | None = None
) -> tuple[Usable, ...]:
    """The passes of this merchant that can pay for a service of this person at a moment (by default now), those that
    end first before the others. The caller asks for the right.
    """
    moment = at or work.now()
    his = select(PassPerson.pass_id).where(PassPerson.merchant_id == merchant_id, PassPerson.until.is_(None))
    found = list(work.session.scalars(his.where(PassPerson.person_id == person_id)))  # on his own face, or the desk's
    if not found:
        return ()
    with borrowed(work, HOUSE):
        query = (
            select(Pass)
            .where(Pass.merchant_id == merchant_id, Pass.id.in_(found), Pass.state == PassState.ACTIVE.value)
            .order_by(Pass.expires_at.nulls_last(), Pass.id)
        )
        rows = list(work.session.scalars(query.limit(MOST)))
    lines = [(row, line_of(row)) for row in rows]
    return tuple(
        Usable(row.id, row.name, line.left, row.uses, row.expires_at, row.price_fen // row.uses)
        for row, line in lines
        if line.left > 0 and not line.is_over(moment) and (not row.services or str(service_id) in row.services)
    )


def gift_shown(work: Work, token: str) -> Gift:
    """What a link offers, to anybody who is signed in. Raises GiftGone."""
    work.require(Permission.PASS_BUY)
    gift, row = access_gift(work, token)
    return Gift(GiftKind(gift.kind), line_of(row), row.words, row.holder_id == work.person_id, gift.expires_at)
