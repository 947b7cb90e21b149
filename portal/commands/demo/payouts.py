"""Withdrawals of the town: one the bank paid, one it sent back, one that waits for a second approval; a fee proposed.

The pretend bank is asked by its own acts, with the clock set back. What the merchants have to withdraw is the support
the platform gave them for opening, a transfer that is named so.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from uuid import UUID

from portal.commands.demo import founding
from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.domain.ledger import actions as ledger
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef, Business, JournalKind, Transfer, TransferKind
from portal.domain.payouts import actions, queries
from portal.domain.payouts.queries import Asked, terms
from portal.domain.payouts.rules import fee_of
from portal.domain.payouts.values import BankWord, TransferFact
from portal.domain.reference.actions import terms as money
from portal.domain.sandbox import actions as sandbox
from portal.domain.sandbox.values import ReturnPlan, TradePlan, TransferPlan
from portal.domain.tenants.queries import staff as tenants
from portal.kernel.permissions import Role
from portal.kernel.work import Work

FINANCE = "15400000027"
GIVEN, ASKED, PAID = timedelta(days=12), timedelta(days=6), timedelta(days=5)
SUPPORT = {"松湖优选": 68_000_00, "岭南果源": 12_600_00, "茶小满": 3_800_00}


def pay_out(cast: Cast, founded: Founded) -> None:
    """Play the last days of the money, once."""
    fine, fruit, tea = SUPPORT
    with _owner(cast, founded, fine) as work:
        if queries.own(work, Asked(), after=None)[0]:
            return
    for name, amount in SUPPORT.items():
        _support(cast, founded.merchants[name], amount)
    _plan(cast, TransferPlan.PAID)
    _paid(cast, founded, fruit, 6_000_00)
    _plan(cast, TransferPlan.RETURNED)
    _paid(cast, founded, tea, 1_500_00)
    _plan(cast, TransferPlan.PAID)
    waiting = _ask(cast, founded, fine, 56_000_00, ago=timedelta(hours=5))
    with cast.platform(FINANCE, ago=timedelta(hours=3)) as work:
        actions.approve(work, waiting)
    _ask(cast, founded, fruit, 2_400_00, ago=timedelta(hours=2))
    with cast.platform(FINANCE, ago=timedelta(hours=4)) as work:
        money.propose(
            work, "withdrawal_fee_basis_points", value=8, effective_at=None, note="银行代付费下调，让利给商家。"
        )


def _support(cast: Cast, merchant_id: UUID, amount_fen: int) -> None:
    house, mine = AccountRef(AccountKind.REVENUE, HOUSE), AccountRef(AccountKind.AVAILABLE, merchant_id)
    with cast.job(ago=GIVEN) as work:
        ledger.post(
            work,
            kind=JournalKind.ADJUSTMENT,
            key=f"support/{merchant_id}",
            business=Business("support", merchant_id),
            transfers=[Transfer(TransferKind.COMPENSATION, house, mine, amount_fen)],
        )


def _owner(cast: Cast, founded: Founded, name: str, ago: timedelta = timedelta()) -> AbstractContextManager[Work]:
    """A Work of the merchant's owner, who is named in what he does."""
    owner, merchant_id = founded.owners[name], founded.merchants[name]
    if (owner, merchant_id) not in cast.memberships:
        with cast.staff(owner, merchant_id, Role.OWNER) as work:
            for member in tenants.members(work, merchant_id):
                if member.person_id == cast.ids[owner]:
                    cast.memberships[owner, merchant_id] = member.id
    return cast.staff(owner, merchant_id, Role.OWNER, ago=ago)


def _ask(cast: Cast, founded: Founded, name: str, amount_fen: int, *, ago: timedelta) -> UUID:
    with _owner(cast, founded, name, ago) as work:
        return actions.ask(work, amount_fen=amount_fen, fee_fen=fee_of(amount_fen, terms(work)))


def _paid(cast: Cast, founded: Founded, name: str, amount_fen: int) -> None:
    """Asked, approved, ordered, and whatever the bank's plan makes of it."""
    withdrawal_id = _ask(cast, founded, name, amount_fen, ago=ASKED)
    with cast.platform(founding.REVIEWER, ago=PAID) as work:
        actions.approve(work, withdrawal_id)
    with cast.job(ago=PAID) as work:
        attempt_id = actions.order(work, withdrawal_id, bank="sandbox")
        assert attempt_id is not None
        errand = actions.errand(work, attempt_id)
        assert errand is not None
    order = errand.order
    asked = {"number": order.number, "amount": order.amount_fen, "currency": "CNY", "holder": order.holder}
    with cast.provider(ago=PAID) as work:
        told, _lost = sandbox.transfer(work, {**asked, "account": order.account_number})
    fact = TransferFact(order.number, BankWord(told["state"]), told["amount"], told["transfer"], told["reason"])
    with cast.job(ago=PAID) as work:
        actions.told(work, attempt_id, fact)


def _plan(cast: Cast, plan: TransferPlan) -> None:
    with cast.platform() as work:
        sandbox.switch(work, trades=TradePlan.PAID, refunds=ReturnPlan.DONE, transfers=plan)
