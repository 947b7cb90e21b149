"""Asking payment providers, and applying what they tell. Between two Works, never inside one: nobody waits for them.

Each act is safe to do twice: the provider knows our numbers, and what was told before changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from portal.domain.payments import actions, queries
from portal.domain.payments.ports import PaymentGateway, ProviderRefused, ProviderSilent
from portal.domain.payments.values import (
    AttemptState,
    CallbackState,
    Errand,
    RefundFact,
    RefundState,
    ReturnErrand,
    TradeFact,
    Verdict,
)
from portal.domain.sandbox import actions as sandbox
from portal.domain.sandbox.values import How
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services

log = logging.getLogger("portal.jobs")
RIGHTS = frozenset({Permission.PAYMENT_EDIT, Permission.PAYMENT_TELL})
TAKEN = range(200, 300)


class NotTaken(Exception):
    """A notice of the sandbox was not taken: tried again, as providers do."""


@contextmanager
def _work(services: Services) -> Iterator[Work]:
    with open_work(
        services.engine, scope=Scope(Face.JOB), actor=Actor(ActorKind.JOB), clock=services.clock, permissions=RIGHTS
    ) as work:
        yield work


def start(services: Services, *, attempt: str) -> None:
    """Open the trade of a new attempt, or ask how an older one stands."""
    attempt_id = UUID(attempt)
    with _work(services) as work:
        try:
            errand = actions.errand(work, attempt_id, addresses=services.addresses)
        except NotFound:
            return
    gateway = services.gateways.get(errand.provider) if errand else None
    if errand is None or gateway is None:
        return
    try:
        after = _asked(gateway, errand)
    except ProviderSilent:
        after = actions.unanswered
    except ProviderRefused:
        after = _refused
    with _work(services) as work:
        after(work, attempt_id)


def _refused(work: Work, attempt_id: UUID) -> None:
    actions.not_told(work, attempt_id, AttemptState.FAILED)


def _asked(gateway: PaymentGateway, errand: Errand) -> Callable[[Work, UUID], None]:
    """Ask the provider; what is to be written down then."""
    if errand.ended:
        fact = gateway.close(errand.order.number)
        if fact is None:
            return lambda work, attempt_id: actions.not_told(work, attempt_id, AttemptState.CLOSED)
        return _believed(fact, errand.provider)
    if errand.state is not AttemptState.WAITING:
        launch = gateway.start(errand.order)
        return lambda work, attempt_id: actions.started(work, attempt_id, launch)
    fact = gateway.query(errand.order.number)
    return _believed(fact, errand.provider) if fact is not None else actions.unanswered


def _believed(fact: TradeFact, provider: str) -> Callable[[Work, UUID], None]:
    def write(work: Work, attempt_id: UUID) -> None:
        fits = fact.number == attempt_id.hex
        verdict = actions.told(work, fact, provider=provider) if fits else Verdict(CallbackState.WAITING)
        if verdict.state is CallbackState.APPLIED:
            actions.not_told(work, attempt_id)
            return
        actions.unanswered(work, attempt_id)  # an answer that does not fit is no answer
        if verdict.state is CallbackState.QUARANTINED:
            actions.file_answer(work, fact, provider=provider)

    return write


def give_back(services: Services, *, refund: str) -> None:
    """Have a refund made, or ask how it stands."""
    refund_id = UUID(refund)
    with _work(services) as work:
        try:
            errand = actions.return_errand(work, refund_id, addresses=services.addresses)
        except NotFound:
            return
    gateway = services.gateways.get(errand.provider) if errand else None
    if errand is None or gateway is None:
        return
    fact, refused = _returned(gateway, errand)
    with _work(services) as work:
        told = fact is not None and fact.number == refund_id.hex
        if told and fact is not None:
            verdict = actions.refund_told(work, fact, provider=errand.provider)
            told = verdict.state is CallbackState.APPLIED
            if verdict.state is CallbackState.QUARANTINED:
                actions.file_answer(work, fact, provider=errand.provider)
        if not told:
            actions.returned_late(work, refund_id, refused=refused)


def _returned(gateway: PaymentGateway, errand: ReturnErrand) -> tuple[RefundFact | None, bool]:
    """What the provider says, and whether it said a clear no."""
    try:
        if errand.state is RefundState.PENDING:
            fact = gateway.query_refund(errand.order.number)
            return (fact, False) if fact is not None else (gateway.refund(errand.order), False)
        return gateway.refund(errand.order), False
    except ProviderSilent:
        return None, False
    except ProviderRefused:
        return None, True


def apply(services: Services, *, callback: str) -> None:
    """Apply one stored notice."""
    with _work(services) as work:
        actions.apply(work, UUID(callback))


def notify(services: Services, *, kind: str, row: str, how: str, event: str) -> None:
    """The pretend provider sends one of its notices. NotTaken has it sent again."""
    if services.postman is None:
        return
    letter_of = sandbox.trade_letter if kind == "trade" else sandbox.return_letter
    with _work(services) as work:
        letter = letter_of(work, UUID(row), how=How(how), event=UUID(event), key=services.postman.key)
    status = services.postman.deliver(letter.url, letter.headers, letter.body)
    if status not in TAKEN and how == How.TRUE:
        raise NotTaken(status)


def _each(services: Services, due: Callable[[Work], list[UUID]], act: Callable[[UUID], object]) -> int:
    with _work(services) as work:
        found = due(work)
    for one in found:
        try:
            act(one)
        except Exception:  # one that breaks must not keep the others waiting; it is due again next minute
            log.exception("payments: %s is left for later", one)
    return len(found)


def ask_providers(services: Services) -> int:
    """Attempts nobody has told us about; refunds that are not done."""
    asked = _each(services, queries.due_attempts, lambda one: start(services, attempt=str(one)))
    return asked + _each(services, queries.due_refunds, lambda one: give_back(services, refund=str(one)))


def end_expired(services: Services) -> int:
    """Payments whose time is over."""

    def expire(intent_id: UUID) -> None:
        with _work(services) as work:
            actions.expire(work, intent_id)

    return _each(services, queries.due_intents, expire)


def apply_waiting(services: Services) -> int:
    """Notices that came before what they name, or whose job was lost."""
    return _each(services, queries.unsettled_callbacks, lambda one: apply(services, callback=str(one)))
