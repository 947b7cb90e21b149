"""Writing transfers: the one way in which money moves. Two round trips, whatever the number of transfers.

The first claims the journal's key and learns the open day; the second opens accounts, adds transfers and entries, and
changes guarded balances last. Statements are sent below the ORM, with the ledger's own face.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg

from portal.domain.ledger import rules
from portal.domain.ledger.access import access_journal_by_key, access_transfer, as_ledger, spoil
from portal.domain.ledger.actions import statements as sql
from portal.domain.ledger.errors import KeyTaken
from portal.domain.ledger.values import (
    MOVES,
    AccountRef,
    Business,
    Journal,
    JournalKind,
    Posted,
    Transfer,
)
from portal.kernel.database import new_id
from portal.kernel.figures import SHANGHAI
from portal.kernel.work import Work

Statement = tuple[str, tuple[Any, ...]]
MOST_REMEMBERED = 50_000
_OPENED: WeakKeyDictionary[Any, set[UUID]] = WeakKeyDictionary()  # for each engine: accounts known to be there


def post(work: Work, *, kind: JournalKind, key: str, business: Business, transfers: Sequence[Transfer]) -> Journal:
    """Write `transfers` as one journal; all of them or, with the Work, none.

    The same key with the same content gives the journal that stands already. Raises KeyTaken for other content,
    Insufficient when a guarded account would end below zero, NothingLeft when more is reversed than was moved.
    After a refusal the Work cannot commit.
    """
    return write(work, Draft(kind, key, business, tuple(transfers)))


def reverse(work: Work, *, transfer_id: UUID, amount: int, key: str, business: Business) -> Journal:
    """Undo `amount` units of a transfer: the same accounts the other way round, pointing at it."""
    transfer = access_transfer(work, transfer_id)
    back = next(kind for kind, move in MOVES.items() if move.reverses is transfer.kind)
    undone = Transfer(back, transfer.credit, transfer.debit, amount, transfer_id, transfer.line_id)
    return post(work, kind=JournalKind.REFUND, key=key, business=business, transfers=[undone])


@dataclass(frozen=True)
class Draft:
    """A journal to be written; `also` are further statements of the ledger, which must each touch one row."""

    kind: JournalKind
    key: str
    business: Business
    transfers: tuple[Transfer, ...]
    also: tuple[Statement, ...] = field(default=())


def write(work: Work, draft: Draft) -> Journal:
    """`post` with further statements of the ledger in the same journey."""
    rules.refuse_impossible(draft.key, draft.transfers)
    asked = rules.fingerprint(draft.kind, draft.business, draft.transfers)
    journey = _Journey(work, draft)
    with as_ledger(work) as driver:
        found = driver.execute(sql.ADD_JOURNAL, journey.claim(asked)).fetchone()
        if found is not None:
            journey.go(driver, found[0])
    if found is None:
        return _repeat(work, draft.key, asked)
    return journey.arrive(found[0])


class _Journey:
    """One posting on its way."""

    def __init__(self, work: Work, draft: Draft) -> None:
        self.work, self.draft, self.at, self.id = work, draft, work.now(), new_id()
        self.posted = tuple(Posted(new_id(), one) for one in draft.transfers)
        self.single: list[psycopg.Cursor[Any]] = []  # each of these must have touched exactly one row
        self.opened: psycopg.Cursor[Any] | None = None
        self.strangers: list[AccountRef] = []

    def claim(self, asked: bytes) -> tuple[Any, ...]:
        """What a new journal is made of."""
        draft, actor = self.draft, self.work.actor
        day = self.at.astimezone(SHANGHAI).date()
        business = draft.business
        return (
            *(self.id, draft.kind.value, draft.key, asked, business.type, business.id),
            *(self.at, day, actor.kind.value, actor.person_id),
        )

    def go(self, driver: psycopg.Connection[Any], day: date) -> None:
        """Everything that follows once the key is ours."""
        accounts = rules.accounts_of(self.draft.transfers)
        self._open(driver, accounts.values())
        driver.execute(sql.ADD_TRANSFERS, self._transfers(day))
        driver.execute(sql.ADD_ENTRIES, self._entries(day))
        self._reverse(driver)
        for statement, facts in self.draft.also:
            self.single.append(driver.execute(statement, facts))
        changes = rules.changes_of(self.draft.transfers)
        for ref in accounts.values():
            if ref.is_guarded and changes[ref.id]:
                self.single.append(driver.execute(sql.CHANGE_BALANCE, (changes[ref.id], ref.owner_id, ref.id)))

    def arrive(self, day: date) -> Journal:
        """Look back at what was sent."""
        if any(cursor.rowcount != 1 for cursor in self.single):
            spoil(self.work)
            raise ValueError(f"{self.draft.key}: a balance, a hold or a reversed transfer is not what the posting says")
        if self.opened is not None:
            fresh = {row[0] for row in self.opened.fetchall()} | self.work.session.info.get("ledger_fresh", set())
            self.work.session.info["ledger_fresh"] = fresh  # may roll back: not to be remembered
            known = _remembered(self.work)
            if len(known) < MOST_REMEMBERED:
                known.update(ref.id for ref in self.strangers if ref.subject_id is None and ref.id not in fresh)
        draft = self.draft
        return Journal(self.id, draft.kind, draft.key, draft.business, self.at, day, self.posted)

    def _open(self, driver: psycopg.Connection[Any], refs: Iterable[AccountRef]) -> None:
        known = _remembered(self.work)
        self.strangers = [ref for ref in refs if ref.id not in known]
        if self.strangers:
            self.opened = driver.execute(sql.OPEN_ACCOUNTS, (self.at, *_columns(self.strangers)))
        guarded = [ref for ref in self.strangers if ref.is_guarded]
        if guarded:
            owners, ids, kinds, assets, _subjects, _guarded = _columns(guarded)
            driver.execute(sql.OPEN_BALANCES, (owners, ids, kinds, assets))

    def _transfers(self, day: date) -> tuple[Any, ...]:
        transfers = self.draft.transfers
        return (
            *(day, self.id, [one.id for one in self.posted], [one.kind.value for one in transfers]),
            *([one.debit.asset.value for one in transfers], [one.debit.owner_id for one in transfers]),
            *([one.debit.id for one in transfers], [one.debit.kind.value for one in transfers]),
            *([one.credit.owner_id for one in transfers], [one.credit.id for one in transfers]),
            *([one.credit.kind.value for one in transfers], [one.amount for one in transfers]),
            *([one.reverses for one in transfers], [one.line_id for one in transfers]),
        )

    def _entries(self, day: date) -> tuple[Any, ...]:
        sides = [
            (ref.owner_id, ref.id, one.id, sign * one.transfer.amount, one.transfer.kind.value)
            for one in self.posted
            for ref, sign in ((one.transfer.debit, -1), (one.transfer.credit, 1))
        ]
        business = self.draft.business
        return (day, self.at, business.type, business.id, *map(list, zip(*sides, strict=True)))

    def _reverse(self, driver: psycopg.Connection[Any]) -> None:
        undoing = sorted((one for one in self.draft.transfers if one.reverses), key=lambda one: str(one.reverses))
        for one in undoing:
            facts = (one.amount, one.reverses, MOVES[one.kind].reverses, one.credit.id, one.debit.id)
            self.single.append(driver.execute(sql.REVERSE, facts))


def _columns(refs: Sequence[AccountRef]) -> tuple[list[Any], ...]:
    rows = [(r.owner_id, r.id, r.kind.value, r.asset.value, r.subject_id, r.is_guarded) for r in refs]
    return tuple(map(list, zip(*rows, strict=True)))


def _remembered(work: Work) -> set[UUID]:
    return _OPENED.setdefault(work.session.get_bind(), set())


def _repeat(work: Work, key: str, asked: bytes) -> Journal:
    journal, known = access_journal_by_key(work, key)
    if known != asked:
        raise KeyTaken
    return replace(journal, is_repeat=True)
