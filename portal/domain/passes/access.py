"""The only ways to one kind, one pass, one use, one gift. A person's passes are found through his own rows of
`pass_people`; what is changed is held on the worker's face.
"""

from __future__ import annotations

import hashlib
from typing import Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.passes import errors
from portal.domain.passes.models import Pass, PassGift, PassKind, PassPerson, PassUse
from portal.domain.vouchers.values import Digits, Presented
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

HOUSE: Final = Scope(Face.JOB)


def access_kind(work: Work, kind_id: UUID, *, may: Permission | None, lock: bool = False) -> PassKind:
    """What is sold: an office's own, for everybody what was ever on sale (may=None). Raises NotFound."""
    if may is not None:
        work.require(may)
    query = select(PassKind).where(PassKind.id == kind_id)
    if work.scope.face is Face.OFFICE:
        query = query.where(PassKind.merchant_id == work.merchant_id)
    query = query.with_for_update() if lock else query
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_pass(work: Work, pass_id: UUID, *, may: Permission) -> Pass:
    """A pass that this office sold, or any on the platform's face. Raises NotFound."""
    work.require(may)
    query = select(Pass).where(Pass.id == pass_id)
    if work.scope.face is Face.OFFICE:
        query = query.where(Pass.merchant_id == work.merchant_id)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_mine(work: Work, pass_id: UUID) -> PassPerson:
    """What the acting person is to a pass. Raises NotFound when he is nothing to it, or no longer."""
    query = select(PassPerson).where(PassPerson.pass_id == pass_id, PassPerson.person_id == work.person_id)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None or found.until is not None:
        raise NotFound
    return found


def access_held(work: Work, merchant_id: UUID, pass_id: UUID) -> Pass:
    """A pass, held until the end; the worker's face only. Raises NotFound."""
    query = select(Pass).where(Pass.merchant_id == merchant_id, Pass.id == pass_id)
    query = query.with_for_update().execution_options(populate_existing=True)
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def access_use(work: Work, use_id: UUID) -> tuple[Pass, PassUse]:
    """A use with its pass, both held by the pass's lock; the worker's face only. Raises NotFound."""
    at = work.session.execute(select(PassUse.merchant_id, PassUse.pass_id).where(PassUse.id == use_id)).one_or_none()
    if at is None:
        raise NotFound
    row = access_held(work, at[0], at[1])
    query = select(PassUse).where(PassUse.merchant_id == row.merchant_id, PassUse.id == use_id)
    return row, work.session.scalars(query.execution_options(populate_existing=True)).one()


def access_shown(work: Work, presented: Presented, merchant_id: UUID) -> Pass:
    """The pass behind a code. Raises PassUnknown."""
    shown = Pass.code == presented.code if isinstance(presented, Digits) else Pass.secret == presented.secret
    query = select(Pass).where(Pass.merchant_id == merchant_id, shown)
    found = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise errors.PassUnknown
    return found


def digest_of(token: str) -> bytes:
    """What is kept of a link's secret."""
    return hashlib.sha256(token.encode()).digest()


def access_gift(work: Work, token: str) -> tuple[PassGift, Pass]:
    """What a link offers, still to be taken. Raises GiftGone when it is not there, taken, withdrawn or too old."""
    with borrowed(work, HOUSE):
        query = select(PassGift).where(PassGift.digest == digest_of(token))
        gift = work.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if gift is None or gift.taken_at or gift.cancelled_at or gift.expires_at <= work.now():
            raise errors.GiftGone
        query_pass = select(Pass).where(Pass.merchant_id == gift.merchant_id, Pass.id == gift.pass_id)
        return gift, work.session.scalars(query_pass).one()
