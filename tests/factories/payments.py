"""Payments, tries at the pretend provider, and its notices; its HTTP goes through the test's own application."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit
from uuid import UUID

from procrastinate import App, PsycopgConnector
from sqlalchemy import select

from portal.adapters.payments.sandbox import SandboxGateway
from portal.domain.ledger.values import Business
from portal.domain.payments import actions
from portal.domain.payments.models import PaymentAttempt, PaymentCallback
from portal.domain.payments.values import (
    Fact,
    Launch,
    Notice,
    Part,
    RefundFact,
    ReturnState,
    TradeFact,
    TradeState,
)
from portal.domain.sandbox.values import MERCHANT_NO
from portal.jobs.worker import equip
from portal.kernel.database import new_id
from portal.kernel.jobs import QUEUE
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.base import Maker
from tests.factories.persons import MadePerson

HUNDRED = 100_00


class Payments(Maker):
    """Makers of payments."""

    def gateway(self) -> SandboxGateway:
        """The pretend provider, reached without a network."""
        gateway = self.services.gateways["sandbox"]
        assert isinstance(gateway, SandboxGateway)
        gateway.send = self._through_the_app
        return gateway

    def _through_the_app(self, url: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        answer = self.app.test_client().post(urlsplit(url).path, data=body, headers=dict(headers))
        return answer.status_code, answer.data

    def payment(
        self,
        person: MadePerson,
        amount_fen: int = HUNDRED,
        *,
        parts: tuple[Part, ...] = (),
        business: UUID | None = None,
    ) -> UUID:
        """This person is asked to pay."""
        asked = Business("order", business or new_id())
        with self.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            return actions.ask(work, business=asked, title="订单 2 件", amount_fen=amount_fen, parts=parts)

    def attempt(self, person: MadePerson, payment: UUID, *, again: bool = False) -> UUID:
        """He tries, and the provider waits for him."""
        with self.work(Face.PERSON, person=person.id, kind=ActorKind.PERSON) as work:
            attempt = actions.begin(work, payment, provider="sandbox", merchant_no=MERCHANT_NO, again=again)
        with self.work(Face.JOB) as work:
            actions.started(work, attempt, Launch("https://pay.example/1"))
        return attempt

    def paid_fact(self, attempt: UUID, amount_fen: int = HUNDRED, **changes: object) -> TradeFact:
        """What the provider says when it was paid."""
        facts = {
            "state": TradeState.PAID,
            "currency": "CNY",
            "merchant_no": MERCHANT_NO,
            "provider_no": "SB1",
            **changes,
        }
        return TradeFact(number=attempt.hex, amount_fen=amount_fen, **facts)  # type: ignore[arg-type]

    def refund_fact(self, refund: UUID, amount_fen: int = HUNDRED, state: ReturnState = ReturnState.DONE) -> RefundFact:
        """What the provider says of a refund."""
        return RefundFact(refund.hex, state, amount_fen, "CNY", MERCHANT_NO, "SR1")

    def filed(self, fact: Fact, notice_id: str | None = None) -> UUID | None:
        """A believed notice lies in the inbox; None when it lay there before."""
        with self.work(Face.PROVIDER, kind=ActorKind.PROVIDER) as work:
            fresh = actions.file(work, Notice(notice_id or new_id().hex, fact), provider="sandbox", body="{}")
        if not fresh:
            return None
        with self.work(Face.JOB) as work:
            return work.session.scalars(select(PaymentCallback.id).order_by(PaymentCallback.id.desc()).limit(1)).one()

    def told(self, fact: Fact, notice_id: str | None = None) -> str:
        """A notice comes and is applied; what became of it."""
        callback = self.filed(fact, notice_id)
        if callback is None:
            return "repeat"
        with self.work(Face.JOB) as work:
            return actions.apply(work, callback).value

    def paid(self, person: MadePerson, amount_fen: int = HUNDRED, *, parts: tuple[Part, ...] = ()) -> UUID:
        """Asked, tried and paid."""
        payment = self.payment(person, amount_fen, parts=parts)
        self.told(self.paid_fact(self.attempt(person, payment), amount_fen))
        return payment

    def given_back(self, payment: UUID, subject: UUID, amount_fen: int, key: UUID | None = None) -> UUID:
        """A part goes back."""
        with self.work(Face.JOB) as work:
            return actions.refund(work, payment, subject_id=subject, amount_fen=amount_fen, key=key or new_id())

    def number(self, attempt: UUID) -> str:
        """The attempt's state."""
        with self.work(Face.JOB) as work:
            return work.session.scalars(select(PaymentAttempt.state).where(PaymentAttempt.id == attempt)).one()

    def run_jobs(self) -> None:
        """The worker does everything that waits."""
        address = self.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        queue = equip(App(connector=PsycopgConnector(conninfo=address)), self.services)
        queue.run_worker(queues=[QUEUE], wait=False, install_signal_handlers=False, listen_notify=False)
