"""Makers of money: postings of the ledger, as features make them."""

from __future__ import annotations

from uuid import UUID

from portal.domain.ledger import actions
from portal.domain.ledger.values import (
    HOUSE,
    AccountKind,
    AccountRef,
    Business,
    Journal,
    JournalKind,
    Transfer,
    TransferKind,
)
from portal.kernel.database import new_id
from portal.kernel.scope import Face
from tests.factories.base import Maker


class Ledger(Maker):
    """Money that comes in, becomes a merchant's and goes out."""

    def captured(self, amount: int, order: UUID | None = None) -> tuple[AccountRef, Journal]:
        """A payment in the escrow of an order."""
        order = order or new_id()
        escrow = AccountRef(AccountKind.ESCROW, HOUSE, subject_id=order)
        clearing = AccountRef(AccountKind.CLEARING, HOUSE)
        transfer = Transfer(TransferKind.CAPTURE, clearing, escrow, amount)
        return escrow, self.posted(JournalKind.CAPTURE, f"payment/{order}", Business("order", order), transfer)

    def earned(self, owner: UUID, amount: int, margin: int = 0) -> AccountRef:
        """A merchant's balance, from an order that was paid, settled and shared with the platform."""
        escrow, journal = self.captured(amount + margin)
        mine = AccountRef(AccountKind.AVAILABLE, owner)
        transfers = [Transfer(TransferKind.SETTLE_NOW, escrow, mine, amount)]
        if margin:
            revenue = AccountRef(AccountKind.REVENUE, HOUSE)
            transfers.append(Transfer(TransferKind.MARGIN, escrow, revenue, margin))
        self.posted(JournalKind.SETTLEMENT, f"settle/{journal.business.id}", journal.business, *transfers)
        return mine

    def owing(self, owner: UUID, amount: int) -> Journal:
        """A refund that the merchant could not cover: it owes the platform."""
        escrow, journal = self.captured(amount)
        receivable = AccountRef(AccountKind.RECEIVABLE, owner)
        transfer = Transfer(TransferKind.SHORTFALL, receivable, escrow, amount)
        return self.posted(JournalKind.REFUND, f"owing/{journal.business.id}", journal.business, transfer)

    def posted(self, kind: JournalKind, key: str, business: Business, *transfers: Transfer) -> Journal:
        """One journal in a Work of its own."""
        with self.work(Face.JOB) as work:
            return actions.post(work, kind=kind, key=key, business=business, transfers=transfers)
