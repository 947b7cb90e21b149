"""Ordering withdrawals at the bank and asking how they stand. Between two Works, never inside one.

Each act is safe to do twice: the bank knows our numbers, and what was told before changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from portal.domain.payouts import actions, queries
from portal.domain.payouts.ports import Bank, BankRefused, BankSilent
from portal.domain.payouts.values import AttemptState, Errand
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services

log = logging.getLogger("portal.jobs")
RIGHTS = frozenset({Permission.PAYOUT_DECIDE})


@contextmanager
def _work(services: Services) -> Iterator[Work]:
    scope, actor = Scope(Face.JOB), Actor(ActorKind.JOB)
    with open_work(services.engine, scope=scope, actor=actor, clock=services.clock, permissions=RIGHTS) as work:
        yield work


def order(services: Services, *, withdrawal: str) -> None:
    """Order one approved withdrawal; without a bank it stays approved."""
    if services.bank is None:
        return
    with _work(services) as work:
        try:
            attempt_id = actions.order(work, UUID(withdrawal), bank=services.bank.name)
        except NotFound:
            return
    if attempt_id is not None:
        ask(services, attempt=str(attempt_id))


def ask(services: Services, *, attempt: str) -> None:
    """Have one order made, or ask how it stands."""
    attempt_id, bank = UUID(attempt), services.bank
    with _work(services) as work:
        try:
            errand = actions.errand(work, attempt_id)
        except NotFound:
            return
    if errand is None or bank is None or errand.bank != bank.name:
        return
    after = _asked(bank, errand)
    with _work(services) as work:
        after(work, attempt_id)


def _asked(bank: Bank, errand: Errand) -> Callable[[Work, UUID], None]:
    """Ask the bank; what is to be written down then.

    What is not new is asked about first. It is sent again only when its fate is unknown and the bank has never heard
    of it: the number makes it the same order. A bank that forgot what it had told of is not believed. When the merchant
    has another account now nothing is sent; what the bank never heard of for an hour has not happened.
    """
    if errand.state is not AttemptState.NEW or errand.moved:
        try:
            fact = bank.query(errand.order.number)
        except (BankSilent, BankRefused):  # a no to the question says nothing about the order
            return actions.unanswered
        if fact is not None:
            return lambda work, attempt_id: actions.told(work, attempt_id, fact)
        if errand.state not in (AttemptState.NEW, AttemptState.UNKNOWN):
            log.error("payouts: the bank forgot the order %s", errand.attempt_id)
            return actions.unanswered
        if errand.moved:
            return _given_up if errand.old else actions.unanswered
    return _sent(bank, errand)


def _given_up(work: Work, attempt_id: UUID) -> None:
    actions.refused_there(work, attempt_id, actions.ANOTHER_ACCOUNT)


def _sent(bank: Bank, errand: Errand) -> Callable[[Work, UUID], None]:
    try:
        made = bank.pay(errand.order)
    except BankSilent:
        return actions.unanswered
    except BankRefused as refusal:
        why = str(refusal)
        return lambda work, attempt_id: actions.refused_there(work, attempt_id, why)
    return lambda work, attempt_id: actions.told(work, attempt_id, made)


def ask_bank(services: Services) -> int:
    """Approved withdrawals whose job was lost; orders that are not settled, or were paid a short time ago."""
    if services.bank is None:
        return 0
    with _work(services) as work:
        waiting, due = queries.waiting_orders(work), queries.due_attempts(work)
    _each(waiting, lambda one: order(services, withdrawal=str(one)))
    _each(due, lambda one: ask(services, attempt=str(one)))
    return len(waiting) + len(due)


def _each(found: list[UUID], act: Callable[[UUID], None]) -> None:
    for one in found:
        try:
            act(one)
        except Exception:  # one that breaks must not keep the others waiting; it is due again next minute
            log.exception("payouts: %s is left for later", one)
