"""Queued acts by name: what `work.enqueue("messages.send", …)` comes to. Arguments are ids; twice does no harm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from procrastinate import RetryStrategy

from portal.domain.messages import actions as messages
from portal.domain.messages.ports import NotSent
from portal.domain.stores import actions as stores
from portal.domain.vouchers import actions as vouchers
from portal.jobs import imports, kitchen, payments, payouts
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from portal.services import Services


@dataclass(frozen=True)
class Task:
    """A queued act: `act(services, **ids)`."""

    name: str
    act: Callable[..., None]
    retry: RetryStrategy | bool = False


@contextmanager
def at_work(services: Services, *rights: Permission) -> Iterator[Work]:
    """A Work of the worker, outside any one tenant, with the rights its act asks for."""
    scope, actor, may = Scope(Face.JOB), Actor(ActorKind.JOB), frozenset(rights)
    with open_work(services.engine, scope=scope, actor=actor, clock=services.clock, permissions=may) as work:
        yield work


def send_message(services: Services, *, message: str) -> None:
    """Hand one text to the messenger."""
    with at_work(services) as work:
        messages.send(work, services.messenger, UUID(message))


def tell_stores(services: Services, *, merchant: str, coupon: str) -> None:
    """Write a merchant's coupons into the cards of their stores."""
    scope, actor = Scope(Face.OFFICE, merchant_id=UUID(merchant)), Actor(ActorKind.JOB)
    rights = frozenset({Permission.COUPON_EDIT})
    with open_work(services.engine, scope=scope, actor=actor, clock=services.clock, permissions=rights) as work:
        vouchers.tell_again(work, UUID(coupon))


def respell_stores(services: Services, *, category: str) -> None:
    """Write a category's names into the search words of its stores, lot by lot."""
    after, more = None, True
    while more:
        with at_work(services, Permission.STORE_EDIT) as work:
            after = stores.respell(work, UUID(category), after)
        more = after is not None


PATIENT = RetryStrategy(max_attempts=5, exponential_wait=2)
TASKS = (
    Task(
        "messages.send",
        send_message,
        RetryStrategy(max_attempts=5, exponential_wait=2, retry_exceptions=[NotSent, OSError]),
    ),
    Task("imports.read", imports.read, PATIENT),
    Task("imports.apply", imports.apply, PATIENT),
    Task("imports.undo", imports.undo, PATIENT),
    Task("kitchen.print", kitchen.print_one),
    Task("kitchen.ask", kitchen.ask_one),
    Task("kitchen.health", kitchen.hear_one),
    Task("payments.start", payments.start, PATIENT),
    Task("payments.return", payments.give_back, PATIENT),
    Task("payments.apply", payments.apply, PATIENT),
    Task("payouts.order", payouts.order, PATIENT),
    Task("sandbox.notify", payments.notify, RetryStrategy(max_attempts=4, wait=15)),
    Task("stores.respell", respell_stores, RetryStrategy(max_attempts=5, exponential_wait=2)),
    Task("vouchers.tell_stores", tell_stores, RetryStrategy(max_attempts=5, exponential_wait=2)),
)
