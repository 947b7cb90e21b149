"""Makers of bills: a table that has ordered, phones that pay, cash over the counter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select

from portal.domain.bills import actions, queries
from portal.domain.bills.models import BillShare
from portal.domain.bills.values import BillShown, Division, How
from portal.domain.payments import actions as payments
from portal.domain.payments.models import PaymentAttempt, PaymentIntent
from portal.domain.payments.values import Launch
from portal.domain.sandbox.values import MERCHANT_NO
from portal.domain.tabs.values import Joined
from portal.kernel.permissions import ROLES, Role
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Actor, ActorKind, Work, open_work
from tests.factories.base import Maker


class Bills(Maker):
    """Makers of bills."""

    @contextmanager
    def at_till(self, merchant_id: UUID, *, role: Role = Role.CLERK, member: UUID | None = None) -> Iterator[Work]:
        """A Work of the staff, with the rights of this role only."""
        actor = Actor(ActorKind.STAFF, membership_id=member)
        scope = Scope(Face.OFFICE, merchant_id=merchant_id)
        with open_work(self.engine, scope=scope, actor=actor, clock=self.clock, permissions=ROLES[role]) as work:
            yield work

    def bill(self, joined: Joined, division: Division = Division.WHOLE, **facts: object) -> UUID:
        """A guest asks for the bill."""
        with self.at_table(joined) as work:  # type: ignore[attr-defined]
            return actions.raise_bill(work, joined.sitting_id, division=division, **facts)  # type: ignore[arg-type]

    def asks_to_pay(self, joined: Joined, bill_id: UUID, amount_fen: int | None = None) -> UUID:
        """A phone wants to pay what is left, or some of it."""
        with self.at_table(joined) as work:  # type: ignore[attr-defined]
            return actions.pay_online(
                work, bill_id, payer="1 号客人", payer_id=joined.guest_id, return_path="/", amount_fen=amount_fen
            )

    def at_cashier(self, joined: Joined, share_id: UUID) -> UUID:
        """The provider waits for the phone; returns the attempt."""
        with self.at_table(joined) as work:  # type: ignore[attr-defined]
            attempt = actions.begin(
                work, share_id, payer_id=joined.guest_id, provider="sandbox", merchant_no=MERCHANT_NO
            )
        with self.work(Face.JOB) as work:
            payments.started(work, attempt, Launch("https://pay.example/1"))
        return attempt

    def pays(self, joined: Joined, bill_id: UUID, amount_fen: int | None = None) -> UUID:
        """A phone has paid; returns the share."""
        share_id = self.asks_to_pay(joined, bill_id, amount_fen)
        amount = self.share_now(joined.merchant_id, share_id).amount_fen
        self.told(self.paid_fact(self.at_cashier(joined, share_id), amount))  # type: ignore[attr-defined]
        return share_id

    def takes(self, merchant_id: UUID, bill_id: UUID, how: How = How.CASH, **facts: int) -> UUID:
        """The counter takes money."""
        with self.at_till(merchant_id) as work:
            return actions.take(work, bill_id, how=how, payer="收银台", **facts)  # type: ignore[arg-type]

    def bill_now(self, merchant_id: UUID, bill_id: UUID) -> BillShown:
        """A bill as the staff sees it."""
        with self.at_till(merchant_id) as work:
            return queries.bill(work, bill_id)

    def share_now(self, merchant_id: UUID, share_id: UUID) -> BillShare:
        """A share's row."""
        with self.work(Face.JOB, merchant=merchant_id) as work:
            row = work.session.get(BillShare, (merchant_id, share_id))
            assert row is not None
            work.session.expunge(row)
            return row

    def intent_of(self, share: BillShare) -> UUID:
        """The payment of a share, which exists."""
        assert share.intent_id is not None
        with self.work(Face.JOB) as work:
            return work.session.scalars(select(PaymentIntent.id).where(PaymentIntent.id == share.intent_id)).one()

    def attempt_of(self, intent_id: UUID) -> UUID:
        """The latest try to pay."""
        with self.work(Face.JOB) as work:
            query = select(PaymentAttempt.id).where(PaymentAttempt.intent_id == intent_id)
            return work.session.scalars(query.order_by(PaymentAttempt.nth.desc()).limit(1)).one()

    def bills_of_tab(self, merchant_id: UUID, sitting_id: UUID) -> tuple[BillShown, ...]:
        """All bills of a sitting, as the staff sees them."""
        with self.at_till(merchant_id) as work:
            return queries.bills_of(work, sitting_id)
