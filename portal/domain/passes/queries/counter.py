"""What a counter sees of a pass before and after a use."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.domain.passes.access import access_shown
from portal.domain.passes.actions.using import refuse_unless_good
from portal.domain.passes.models import Pass, PassUse
from portal.domain.passes.queries.shown import PassLine, UseLine, line_of, use_of
from portal.domain.vouchers.values import Presented
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


@dataclass(frozen=True)
class PassSeen:
    """A pass that can be used here and now; `code` are its digits."""

    line: PassLine
    words: str
    code: str


def look(work: Work, presented: Presented, store_id: UUID) -> PassSeen:
    """The pass behind a code, without touching it. Refuses what `use_at_counter` refuses."""
    work.require(Permission.VOUCHER_REDEEM, store_id=store_id)
    row = access_shown(work, presented, work.merchant_id)
    refuse_unless_good(row, None, work.now(), at_counter=True)
    return PassSeen(line_of(row), row.words, row.code)


def use_shown(work: Work, use_id: UUID, store_id: UUID) -> tuple[UseLine, PassLine]:
    """A use that was consumed in this store, with its pass. Raises NotFound."""
    work.require(Permission.VOUCHER_REDEEM, store_id=store_id)
    at = (Pass.merchant_id == PassUse.merchant_id) & (Pass.id == PassUse.pass_id)
    query = select(PassUse, Pass).join(Pass, at).where(PassUse.merchant_id == work.merchant_id, PassUse.id == use_id)
    row = work.session.execute(query).one_or_none()
    if row is None or row[0].store_id != store_id:
        raise NotFound
    return use_of(row[0]), line_of(row[1])
