"""Entries: earned once for each piece, taken back in proportion to what went back. On the worker's face alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.commissions import rules
from portal.domain.commissions.access import access_entry, access_group
from portal.domain.commissions.models import CommissionEntry, CommissionRule
from portal.domain.commissions.values import Kind, Rule, Turn
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.scope import Face, Scope
from portal.kernel.spoken import local_day
from portal.kernel.work import Work


@dataclass(frozen=True)
class Piece:
    """What somebody did: a line of a booking or a pass he sold. `of` is the service or the kind of pass, `group_id`
    the booking or the pass: what a refund is of.
    """

    kind: Kind
    store_id: UUID
    resource_id: UUID
    technician: str
    subject_id: UUID
    group_id: UUID
    of: UUID
    title: str
    client: str
    requested: bool
    base_fen: int


def earn(work: Work, merchant_id: UUID, pieces: Iterable[Piece]) -> int:
    """An entry for each piece that a rule is for; how many are new. The same piece again is nothing."""
    pieces = tuple(pieces)
    if not pieces:
        return 0
    with borrowed(work, Scope(Face.JOB)):
        in_force = rules_in_force(work, merchant_id)
        return sum(_earn(work, merchant_id, in_force, piece) for piece in pieces)


def return_to_client(work: Work, merchant_id: UUID, group_id: UUID, amount_fen: int) -> int:
    """`amount_fen` of the booking or pass went back to the client; returns what is taken back of its commissions."""
    with borrowed(work, Scope(Face.JOB)):
        rows = access_group(work, merchant_id, group_id)
        whole = sum(row.base_fen for row in rows)
        return sum(_return(work, row, whole, row.returned_fen + amount_fen) for row in rows)


def take_back(work: Work, entry_id: UUID, *, reason: str) -> None:
    """By hand, all that is left of one entry, with a reason (a refund in cash, a wrong technician)."""
    note = clean_line(reason, field="reason", most=60)
    entry = access_entry(work, entry_id)
    merchant_id, group_id = entry.merchant_id, entry.group_id
    with borrowed(work, Scope(Face.JOB)):
        row = next(one for one in access_group(work, merchant_id, group_id) if one.id == entry_id)
        _reverse(work, row, row.amount_fen - row.back_fen, note=note)
    work.audit("commission.taken_back", "commission_entry", entry_id)


def rules_in_force(work: Work, merchant_id: UUID) -> tuple[Rule, ...]:
    """All rules of the merchant that hold now."""
    query = select(CommissionRule).where(CommissionRule.merchant_id == merchant_id, CommissionRule.ended_at.is_(None))
    return tuple(rule_of(row) for row in work.session.scalars(query.order_by(CommissionRule.id)))


def rule_of(row: CommissionRule) -> Rule:
    """A row as a value."""
    return Rule(
        id=row.id,
        kind=Kind(row.kind),
        store_id=row.store_id,
        subject_id=row.subject_id,
        turn=Turn(row.turn),
        percent_bp=row.percent_bp,
        fixed_fen=row.fixed_fen,
        made_at=row.made_at,
    )


def _earn(work: Work, merchant_id: UUID, in_force: tuple[Rule, ...], piece: Piece) -> int:
    rule = rules.pick(in_force, piece.kind, subject_id=piece.of, store_id=piece.store_id, requested=piece.requested)
    if rule is None:
        return 0
    values = {
        "merchant_id": merchant_id,
        "id": new_id(),
        "store_id": piece.store_id,
        "resource_id": piece.resource_id,
        "technician": piece.technician,
        "rule_id": rule.id,
        "kind": piece.kind.value,
        "subject_id": piece.subject_id,
        "group_id": piece.group_id,
        "title": piece.title,
        "client": piece.client,
        "requested": piece.requested,
        "base_fen": piece.base_fen,
        "amount_fen": rules.amount(rule, piece.base_fen),
        "returned_fen": 0,
        "back_fen": 0,
        "reverses": None,
        "day": local_day(work.now()),
        "at": work.now(),
    }
    added = insert(CommissionEntry).values(**values).on_conflict_do_nothing().returning(CommissionEntry.id)
    return int(work.session.execute(added).scalar_one_or_none() is not None)


def _return(work: Work, row: CommissionEntry, whole_fen: int, returned_fen: int) -> int:
    row.returned_fen = returned_fen
    more = rules.back(row.amount_fen, whole_fen, returned_fen) - row.back_fen
    return _reverse(work, row, more)


def _reverse(work: Work, row: CommissionEntry, amount_fen: int, *, note: str = "") -> int:
    """An entry of today that takes it back: the month in which it was earned keeps what it showed."""
    if amount_fen <= 0:
        return 0
    row.back_fen += amount_fen
    again = CommissionEntry(
        merchant_id=row.merchant_id,
        id=new_id(),
        store_id=row.store_id,
        resource_id=row.resource_id,
        technician=row.technician,
        rule_id=row.rule_id,
        kind=row.kind,
        subject_id=row.subject_id,
        group_id=row.group_id,
        title=note or row.title,
        client=row.client,
        requested=row.requested,
        base_fen=0,
        amount_fen=-amount_fen,
        returned_fen=0,
        back_fen=0,
        reverses=row.id,
        day=local_day(work.now()),
        at=work.now(),
    )
    work.session.add(again)
    work.session.flush()
    return amount_fen
