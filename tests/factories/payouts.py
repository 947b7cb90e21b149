"""Withdrawals as merchants ask for them, and the pretend bank that pays them."""

from __future__ import annotations

from uuid import UUID

from portal.adapters.bank.sandbox import SandboxBank
from portal.domain.payouts import actions, queries
from portal.domain.payouts.queries import terms
from portal.domain.payouts.rules import fee_of
from portal.domain.payouts.values import Withdrawal, WithdrawalState
from portal.domain.sandbox import actions as sandbox
from portal.domain.sandbox.values import ReturnPlan, TradePlan, TransferPlan
from portal.domain.tenants.values import Kind
from portal.jobs import payouts as jobs
from portal.kernel.permissions import Role
from portal.kernel.scope import Face
from portal.kernel.work import ActorKind
from tests.factories.base import Maker
from tests.factories.persons import MadePerson
from tests.factories.tenants import MadeMerchant


class Payouts(Maker):
    """Makers of withdrawals."""

    def earner(
        self, amount_fen: int = 1_000_000, kind: Kind = Kind.SUPPLIER, *, days: int = 3
    ) -> tuple[MadeMerchant, MadePerson]:
        """A merchant with a bank account that is old enough, an owner, and a balance."""
        merchant = self.merchant(kind)  # type: ignore[attr-defined]
        self.profile(merchant)  # type: ignore[attr-defined]
        owner = self.staff(merchant, Role.OWNER)  # type: ignore[attr-defined]
        if days:
            self.clock.advance(days=days)
        if amount_fen:
            self.earned(merchant.id, amount_fen)  # type: ignore[attr-defined]
        return merchant, owner

    def withdrawal(self, merchant: MadeMerchant, owner: MadePerson, amount_fen: int = 500_000) -> UUID:
        """Asked for."""
        with self.work(Face.OFFICE, merchant=merchant.id, person=owner.id, kind=ActorKind.STAFF) as work:
            fee = fee_of(amount_fen, terms(work))
            return actions.ask(work, amount_fen=amount_fen, fee_fen=fee)

    def approved(self, withdrawal: UUID, operator: MadePerson) -> WithdrawalState:
        """Approved by this operator."""
        with self.work(Face.PLATFORM, person=operator.id, kind=ActorKind.PLATFORM) as work:
            return actions.approve(work, withdrawal)

    def bank_plan(self, plan: TransferPlan) -> None:
        """The pretend bank from now on, reached without a network."""
        bank = self.services.bank
        assert isinstance(bank, SandboxBank)
        bank.send = self._through_the_app  # type: ignore[attr-defined]
        with self.work(Face.PLATFORM) as work:
            sandbox.switch(work, trades=TradePlan.PAID, refunds=ReturnPlan.DONE, transfers=plan)

    def bank_asked(self) -> int:
        """What the worker does about withdrawals every minute."""
        return jobs.ask_bank(self.services)

    def stands(self, withdrawal: UUID) -> Withdrawal:
        """A withdrawal as the platform sees it."""
        with self.work(Face.PLATFORM) as work:
            return queries.queue_one(work, withdrawal)
