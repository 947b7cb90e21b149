"""Plays histories of one payment: what payer, clock and provider do, with the books checked after each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext

import pytest

from portal.domain.payments import actions, errors, queries
from portal.domain.payments.values import RefundState, TradeState
from portal.domain.sandbox import rules
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.domain.payments.books import EndState, end_state
from tests.factories.payments import HUNDRED
from tests.factories.persons import MadePerson
from tests.factories.world import World

Step = Callable[[], object]
MESSAGES = ("paid", "duplicate", "second", "refund", "wrong amount", "bad signature")


class History:
    """One payment of a hundred yuan with two tries."""

    def __init__(self, world: World, person: MadePerson) -> None:
        self.world, self.person = world, person
        self.payment = world.payment(person)
        self.attempts = [world.attempt(person, self.payment), world.attempt(person, self.payment, again=True)]
        self.notices = [new_id().hex for _ in range(4)]
        self.released = False

    @property
    def steps(self) -> dict[str, Step]:
        """Everything that may happen, by name."""
        world, (one, two) = self.world, self.attempts
        return {
            "paid": lambda: world.told(world.paid_fact(one), self.notices[0]),
            "duplicate": lambda: world.told(world.paid_fact(one), self.notices[0]),
            "same again": lambda: world.told(world.paid_fact(one), self.notices[1]),
            "second": lambda: world.told(world.paid_fact(two), self.notices[2]),
            "older": lambda: world.told(world.paid_fact(one, state=TradeState.WAITING)),
            "refund": self.give_back,
            "wrong amount": lambda: world.told(world.paid_fact(one, HUNDRED + 1), self.notices[3]),
            "bad signature": self.forged,
            "cancel": self.cancel,
            "expire": self.expire,
        }

    def play(self, names: Iterable[str]) -> EndState:
        """The steps in this order, then everything that was still on its way; the books hold after each."""
        for name in names:
            self.steps[name]()
            end_state(self.world, self.payment)
        self.give_back()
        return end_state(self.world, self.payment)

    def give_back(self) -> None:
        """The provider makes every refund that is open."""
        with self.world.work(Face.PLATFORM) as work:
            shown = queries.payment(work, self.payment, may=Permission.PAYMENT_VIEW)
        for line in shown.refunds:
            if line.state is not RefundState.DONE:
                assert self.world.told(self.world.refund_fact(line.id)) == "applied"

    def forged(self) -> None:
        """A notice signed with another key never gets as far as the inbox."""
        facts = {"id": new_id().hex, "kind": "trade", "number": self.attempts[0].hex, "state": "paid"}
        body = rules.packed({**facts, "amount": HUNDRED, "currency": "CNY", "merchant": "1900000109", "trade": "x"})
        headers = rules.signed(b"another key", body, self.world.clock.now())
        answer = self.world.app.test_client().post("/callbacks/sandbox", data=body, headers=headers)
        assert answer.status_code in (401, 429)  # who sends many of them is not listened to at all

    def cancel(self) -> None:
        """The payer changes his mind; refused when he has paid, and only then."""
        paid = end_state(self.world, self.payment).intent == "paid"
        refusal = pytest.raises(errors.AlreadyPaid) if paid else nullcontext()
        with refusal, self.world.work(Face.PERSON, person=self.person.id, kind=ActorKind.PERSON) as work:
            actions.cancel(work, self.payment)

    def expire(self) -> None:
        """Its time is over."""
        self.world.clock.advance(minutes=31)
        with self.world.work(Face.JOB) as work:
            actions.expire(work, self.payment)
