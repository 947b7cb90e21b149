"""What withdrawals post to the ledger. Every key names the withdrawal and the step, so that no step is posted twice."""

from __future__ import annotations

from uuid import UUID

from portal.domain.ledger import actions as ledger
from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef, Business, JournalKind, Transfer, TransferKind
from portal.domain.payouts.models import WithdrawalRow
from portal.domain.payouts.values import TYPE
from portal.kernel.work import Work

T = TransferKind
BANK = AccountRef(AccountKind.BANK, HOUSE)
FEES = AccountRef(AccountKind.FEES, HOUSE)
PAYOUT = AccountRef(AccountKind.PAYOUT, HOUSE)


def available(merchant_id: UUID) -> AccountRef:
    """What the merchant can have paid out."""
    return AccountRef(AccountKind.AVAILABLE, merchant_id)


def owed(merchant_id: UUID) -> AccountRef:
    """What he owes, as a negative balance."""
    return AccountRef(AccountKind.RECEIVABLE, merchant_id)


def repay(work: Work, merchant_id: UUID, withdrawal_id: UUID, amount_fen: int) -> None:
    """Take what is owed first."""
    business = Business(TYPE, withdrawal_id)
    transfer = Transfer(T.SHORTFALL_REPAID, available(merchant_id), owed(merchant_id), amount_fen)
    key = f"withdrawal/{withdrawal_id}/repaid"
    ledger.post(work, kind=JournalKind.ADJUSTMENT, key=key, business=business, transfers=[transfer])


def reserve(work: Work, merchant_id: UUID, withdrawal_id: UUID, amount_fen: int) -> UUID:
    """Freeze the whole amount; the hold's id."""
    key, business = f"withdrawal/{withdrawal_id}/hold", Business(TYPE, withdrawal_id)
    return ledger.hold(work, account=available(merchant_id), amount=amount_fen, key=key, business=business).id


def release(work: Work, row: WithdrawalRow, amount_fen: int, step: str) -> None:
    """Make some of what is frozen available again."""
    where = {"owner_id": row.merchant_id, "hold_id": row.hold_id}
    key, business = f"withdrawal/{row.id}/{step}", Business(TYPE, row.id)
    ledger.release(work, amount=amount_fen, key=key, business=business, **where)


def order(work: Work, row: WithdrawalRow) -> None:
    """What is to arrive goes on its way; the fee stays frozen until it has arrived."""
    key, business = f"withdrawal/{row.id}/payout", Business(TYPE, row.id)
    amount = row.amount_fen - row.fee_fen
    ledger.take(
        work, owner_id=row.merchant_id, hold_id=row.hold_id, amount=amount, to=PAYOUT, key=key, business=business
    )


def paid(work: Work, row: WithdrawalRow) -> None:
    """It has arrived: the bank's side, and the fee, which is due now."""
    business, mine = Business(TYPE, row.id), available(row.merchant_id)
    arrived = Transfer(T.PAYOUT_PAID, PAYOUT, BANK, row.amount_fen - row.fee_fen, line_id=row.id)
    key = f"withdrawal/{row.id}/paid"
    journal = ledger.post(work, kind=JournalKind.PAYOUT, key=key, business=business, transfers=[arrived])
    row.paid_transfer_id = journal.transfers[0].id
    if row.fee_fen:
        release(work, row, row.fee_fen, "fee_released")
        fee = Transfer(T.WITHDRAWAL_FEE, mine, FEES, row.fee_fen, line_id=row.id)
        key = f"withdrawal/{row.id}/fee"
        journal = ledger.post(work, kind=JournalKind.FEE, key=key, business=business, transfers=[fee])
        row.fee_transfer_id = journal.transfers[0].id


def returned(work: Work, row: WithdrawalRow) -> None:
    """The bank has sent it back: all of it is available again, the fee too, before or after it was paid."""
    business, amount = Business(TYPE, row.id), row.amount_fen - row.fee_fen
    transfers = []
    if row.paid_transfer_id is not None:
        undone = row.paid_transfer_id
        transfers.append(Transfer(T.PAYOUT_PAID_REVERSED, BANK, PAYOUT, amount, undone, row.id))
    transfers.append(Transfer(T.PAYOUT_RETURNED, PAYOUT, available(row.merchant_id), amount, line_id=row.id))
    if row.fee_transfer_id is not None:
        undone, mine = row.fee_transfer_id, available(row.merchant_id)
        transfers.append(Transfer(T.WITHDRAWAL_FEE_REVERSED, FEES, mine, row.fee_fen, undone, row.id))
    key = f"withdrawal/{row.id}/returned"
    ledger.post(work, kind=JournalKind.PAYOUT, key=key, business=business, transfers=transfers)
    if row.paid_transfer_id is None and row.fee_fen:
        release(work, row, row.fee_fen, "fee_released")
