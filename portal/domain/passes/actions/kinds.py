"""What a merchant sells: written as a draft, put on sale, stopped. What was bought before keeps its own words."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete

from portal.domain.passes import errors
from portal.domain.passes.access import access_kind
from portal.domain.passes.models import PassKind, PassService
from portal.domain.passes.values import (
    KIND_MOVES,
    MOST_DAYS,
    MOST_FEN,
    MOST_USES,
    NAME_MOST,
    WORDS_MOST,
    KindDraft,
    KindState,
)
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line, clean_text
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

EDIT = Permission.PASS_EDIT


def draft(work: Work, asked: KindDraft) -> UUID:
    """A new kind that nobody can buy yet; returns it. Refuses figures out of their limits."""
    work.require(EDIT)
    tidy = _checked(asked)
    row = PassKind(
        merchant_id=work.merchant_id,
        id=new_id(),
        state=KindState.DRAFT.value,
        created_at=work.now(),
        changed_at=work.now(),
        **_facts(tidy),
    )
    work.session.add(row)
    work.session.flush()
    _serve(work, row, tidy.service_ids)
    work.audit("pass_kind.drafted", "pass_kind", row.id)
    return row.id


def change(work: Work, kind_id: UUID, asked: KindDraft) -> None:
    """Other words and figures, for those who buy from now on."""
    row = access_kind(work, kind_id, may=EDIT, lock=True)
    tidy = _checked(asked)
    for name, value in _facts(tidy).items():
        setattr(row, name, value)
    row.changed_at = work.now()
    of = PassService
    there = delete(of).where(of.merchant_id == row.merchant_id, of.kind_id == row.id)
    work.session.execute(there.execution_options(synchronize_session=False))
    _serve(work, row, tidy.service_ids)
    work.audit("pass_kind.changed", "pass_kind", kind_id)


def put_on_sale(work: Work, kind_id: UUID) -> None:
    """Everybody can buy it."""
    _move(work, kind_id, KindState.ON_SALE)


def stop(work: Work, kind_id: UUID) -> None:
    """Nobody can buy it any more; what was bought stays good."""
    _move(work, kind_id, KindState.STOPPED)


def _move(work: Work, kind_id: UUID, to: KindState) -> None:
    row = access_kind(work, kind_id, may=EDIT, lock=True)
    if to not in KIND_MOVES[KindState(row.state)]:
        raise errors.KindMoved
    row.state, row.changed_at = to.value, work.now()
    work.session.flush()
    work.audit(f"pass_kind.{to.value}", "pass_kind", kind_id)


def _serve(work: Work, row: PassKind, service_ids: frozenset[UUID]) -> None:
    work.session.add_all(
        PassService(merchant_id=row.merchant_id, kind_id=row.id, service_id=one) for one in sorted(service_ids)
    )
    work.session.flush()


def _facts(asked: KindDraft) -> dict[str, object]:
    names = ("name", "words", "uses", "price_fen", "worth_fen", "valid_days", "transferable", "shared", "per_person")
    return {name: getattr(asked, name) for name in names}


def _checked(asked: KindDraft) -> KindDraft:
    for field, value, low, high in (
        ("uses", asked.uses, 1, MOST_USES),
        ("valid_days", asked.valid_days or 1, 1, MOST_DAYS),
        ("per_person", asked.per_person, 0, 99),
    ):
        if not low <= value <= high:
            raise errors.BadFigure(field, low, high)
    if not 1 <= asked.price_fen <= MOST_FEN:
        raise errors.BadPrice
    if asked.worth_fen and asked.worth_fen < asked.price_fen:
        raise errors.WorthTooLow
    return replace(
        asked,
        name=clean_line(asked.name, field="name", most=NAME_MOST),
        words=clean_text(asked.words, field="words", most=WORDS_MOST, required=False),
    )
