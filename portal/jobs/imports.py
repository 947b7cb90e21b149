"""Imports in the worker: a file is read, applied or taken back lot by lot, each lot in a Work of its own.

A job that is run twice, or after another died, goes on behind the last lot that was kept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, cast
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from portal.domain.imports import actions, queries
from portal.domain.imports.actions.kinds import HANDLERS, Handler
from portal.domain.imports.rules import columns
from portal.domain.imports.values import Line
from portal.domain.tenants.queries import staff
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict, Denied, NotFound, Refusal
from portal.kernel.scope import Face, Scope
from portal.kernel.sheets import NotASheet, Sheet, look, open_sheet
from portal.kernel.words import say
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services

log = logging.getLogger("portal.jobs")
MOST_FORGOTTEN = 200
"""Files a night."""


@contextmanager
def _in_house(services: Services) -> Iterator[Work]:
    with open_work(services.engine, scope=Scope(Face.JOB), actor=Actor(ActorKind.JOB), clock=services.clock) as work:
        yield work


class _Office:
    """Works in the office of the one who began an import, with the rights he has at this moment."""

    def __init__(self, services: Services, merchant: str, batch: str) -> None:
        self.services, self.merchant_id, self.batch_id = services, UUID(merchant), UUID(batch)

    @contextmanager
    def work(self, rights: frozenset[Permission] | None = None) -> Iterator[Work]:
        """One Work. `rights` None: those of the one who began."""
        scope, person = Scope(Face.OFFICE, merchant_id=self.merchant_id), None
        if rights is None:
            person, rights = self._who()
        actor = Actor(ActorKind.STAFF, person) if person else Actor(ActorKind.JOB)
        with open_work(
            self.services.engine, scope=scope, actor=actor, clock=self.services.clock, permissions=rights
        ) as work:
            yield work

    def _who(self) -> tuple[UUID | None, frozenset[Permission]]:
        with _in_house(self.services) as work:
            person = queries.begun_by(work, self.merchant_id, self.batch_id)
            return person, staff.rights_of(work, self.merchant_id, person) if person else frozenset()

    def give_up(self) -> None:
        """Nobody may do it any more."""
        with self.work(frozenset(Permission)) as work:
            actions.give_up(work, self.batch_id, say("开始这次导入的人已经没有这项权限，导入停止。"))


def read(services: Services, *, merchant: str, batch: str) -> None:
    """Read the file and check every row."""
    office = _Office(services, merchant, batch)
    try:
        with office.work() as work:
            found = actions.reading(work, office.batch_id)
            kind = queries.batch(work, office.batch_id).kind
        problem = None
        if found is not None:
            names = (columns.names(kind), columns.required(kind))
            with closing(services.lists.open(found[0])) as file:
                try:
                    sheet = open_sheet(file, *names, look(file))
                    _keep_all(office, HANDLERS[kind], sheet, found[1])
                except NotASheet as wrong:
                    problem = wrong.sentence
        with office.work() as work:
            actions.checked(work, office.batch_id, problem=problem)
    except Denied:
        office.give_up()
    except NotFound:
        log.warning("imports: %s is gone", office.batch_id)


def _keep_all(office: _Office, handler: Handler, sheet: Sheet, after: int) -> None:
    """Every lot behind line `after`."""
    with closing(cast(Any, sheet.rows)):
        for lot in _lots(sheet, handler):
            if lot[-1].number <= after:
                continue
            fresh = [line for line in lot if line.number > after]
            with office.work() as work:
                if not actions.keep(work, office.batch_id, after=after, lines=fresh, strangers=sheet.strangers):
                    return
            after = lot[-1].number


def _lots(sheet: Sheet, handler: Handler) -> Iterator[list[Line]]:
    """Rows in lots that end where a group ends."""
    lot: list[Line] = []
    before: Line | None = None
    for number, cells in sheet.rows:
        line = Line(number, handler.group(number, cells, before), cells)
        if len(lot) >= handler.lot and (before is None or line.first != before.first):
            yield lot
            lot = []
        lot.append(line)
        before = line
    if lot:
        yield lot


def apply(services: Services, *, merchant: str, batch: str) -> None:
    """Apply what was checked."""
    _through(_Office(services, merchant, batch), actions.apply_lot)


def undo(services: Services, *, merchant: str, batch: str) -> None:
    """Take back what was applied."""
    _through(_Office(services, merchant, batch), actions.undo_lot)


def _through(office: _Office, step: Callable[..., int]) -> None:
    """Lot by lot; a lot with a refusal in it group by group, so that one row keeps no other from being done."""
    try:
        more = 1
        while more:
            try:
                with office.work() as work:
                    more = step(work, office.batch_id)
            except (Refusal, IntegrityError) as wrong:
                if isinstance(wrong, Denied | NotFound) and not isinstance(wrong, Conflict):
                    with office.work() as work:
                        queries.batch(work, office.batch_id)  # the batch itself, or only one of its rows?
                more = _one_by_one(office, step)
    except Denied:
        office.give_up()
    except NotFound:
        log.warning("imports: %s is gone", office.batch_id)


def _one_by_one(office: _Office, step: Callable[..., int], most: int = 500) -> int:
    more = 1
    for _ in range(most):
        try:
            with office.work() as work:
                more = step(work, office.batch_id, single=True)
        except IntegrityError:
            more = _refuse(office, Conflict(say("保存时和别的改动冲突了，请重新导入这一行。")))
        except Refusal as refusal:
            more = _refuse(office, refusal)
        if not more:
            break
    return more


def _refuse(office: _Office, refusal: Refusal) -> int:
    with office.work() as work:
        actions.refuse_next(work, office.batch_id, refusal)
    return 1


def wake(services: Services) -> int:
    """Imports that nobody is at."""
    with _in_house(services) as work:
        return actions.wake(work)


def forget(services: Services) -> int:
    """Files and rows of imports that nobody touched for a month."""
    for done in range(MOST_FORGOTTEN):
        with _in_house(services) as work:
            names = actions.forget(work)
        if not names:
            return done
        for name in names:
            services.lists.delete(name)
    return MOST_FORGOTTEN
