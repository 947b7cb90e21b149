"""From the escrow to the merchant, less the platform's fee; and back again before a refund.

No right of their own: the act that calls them asks, and holds its own row first. Order of locks: the escrow's turn, the
merchant's balance, the escrow.
"""

from __future__ import annotations

from uuid import UUID

from portal.domain.earnings import errors, rules
from portal.domain.earnings.access import access_earning, access_earnings, access_turn
from portal.domain.earnings.models import EarnedTransfer, Earning
from portal.domain.earnings.values import TITLE_MOST, Returned
from portal.domain.ledger import actions as ledger
from portal.domain.ledger import queries as books
from portal.domain.ledger.access import access_balance
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
from portal.domain.reference import queries as reference
from portal.domain.reference.values import STORE_FEE_RATE
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.scope import Face, Scope
from portal.kernel.work import Work

T, K = TransferKind, AccountKind
FEES = AccountRef(K.FEES, HOUSE)


def earn(
    work: Work,
    *,
    merchant_id: UUID,
    business: Business,
    subject_id: UUID,
    amount_fen: int,
    gross_fen: int | None = None,
    nth: int = 1,
    store_id: UUID | None = None,
    title: str = "",
    number: str = "",
) -> UUID | None:
    """`amount_fen` of the escrow `subject_id` becomes the merchant's, less the platform's fee; returns the earning.

    Booked once for each (`business`, `nth`): again with the same amount is the same earning, with another one refused.
    `gross_fen` is what consumers paid for it (by default the amount), `title` and `number` are what statements call it.
    The fee is the money parameter in force now, in cumulative floors over the escrow. What the merchant owes is
    repaid first. Nothing is booked for nought (None); raises Insufficient when the escrow holds less.
    """
    if amount_fen == 0:
        return None
    if amount_fen < 0 or (gross_fen is not None and gross_fen < amount_fen):
        raise ValueError("an earning is positive and no more than what was paid")
    with borrowed(work, Scope(Face.JOB)):
        access_turn(work, subject_id)
        before = access_earning(work, merchant_id, business, nth)
        if before is not None:
            if (before.subject_id, before.amount_fen) != (subject_id, amount_fen):
                raise errors.EarnedOtherwise
            return before.id
        accounts = _Accounts(merchant_id, subject_id)
        access_balance(work, accounts.available, lock=True)
        faults.point(work, "earnings.earn.checked")
        row = Earning(
            merchant_id=merchant_id,
            id=new_id(),
            store_id=store_id,
            business_type=business.type,
            business_id=business.id,
            nth=nth,
            subject_id=subject_id,
            title=title[:TITLE_MOST],
            number=number,
            gross_fen=amount_fen if gross_fen is None else gross_fen,
            amount_fen=amount_fen,
            rate=reference.value_of(work, STORE_FEE_RATE),
            back_fen=0,
            fee_back_fen=0,
            returns=0,
            earned_at=work.now(),
        )
        earlier = [_earned(one) for one in access_earnings(work, merchant_id, subject_id)]
        row.fee_fen = rules.fee_of(amount_fen, row.rate, earlier)
        _book(work, accounts, row, owed=-books.balance(work, accounts.receivable))
        return row.id


def take_back(work: Work, *, merchant_id: UUID, subject_id: UUID, amount_fen: int, nth: int | None = None) -> Returned:
    """Before a refund of what was earned: bring `amount_fen` back into the escrow, from whom it went to.

    The latest earnings of the escrow first, or only the `nth`. The platform gives its share of the fee back; what
    the merchant does not have any more becomes his debt, which later income repays. The caller holds its own row,
    has locked nothing of the ledger yet, and refunds afterwards. Refuses more than is left.
    """
    if amount_fen < 0:
        raise ValueError("a refund is nothing or more")
    with borrowed(work, Scope(Face.JOB)):
        access_turn(work, subject_id)
        rows = [
            row for row in reversed(access_earnings(work, merchant_id, subject_id)) if nth is None or row.nth == nth
        ]
        if sum(row.amount_fen - row.back_fen for row in rows) < amount_fen:
            raise errors.TooMuchBack
        accounts, taken, open_fen = _Accounts(merchant_id, subject_id), Returned(0, 0, 0), amount_fen
        has = access_balance(work, accounts.available, lock=True)
        faults.point(work, "earnings.take_back.checked")
        for row in rows:
            share = min(open_fen, row.amount_fen - row.back_fen)
            if share == 0:
                continue
            one = _return(work, accounts, row, share, has - taken.merchant_fen)
            taken = Returned(
                taken.merchant_fen + one.merchant_fen, taken.debt_fen + one.debt_fen, taken.fee_fen + one.fee_fen
            )
            open_fen -= share
        return taken


class _Accounts:
    """The accounts that an earning touches."""

    def __init__(self, merchant_id: UUID, subject_id: UUID) -> None:
        self.escrow = AccountRef(K.ESCROW, HOUSE, subject_id=subject_id)
        self.available = AccountRef(K.AVAILABLE, merchant_id)
        self.receivable = AccountRef(K.RECEIVABLE, merchant_id)


def _earned(row: Earning) -> rules.Earned:
    return rules.Earned(row.amount_fen, row.rate, row.fee_fen)


def _book(work: Work, accounts: _Accounts, row: Earning, owed: int) -> None:
    """Post it and remember which transfers it is."""
    due = row.amount_fen - row.fee_fen
    asked = [
        (T.SETTLE_NOW, accounts.escrow, accounts.available, due),
        (T.SERVICE_FEE, accounts.escrow, FEES, row.fee_fen),
        (T.SHORTFALL_REPAID, accounts.available, accounts.receivable, min(max(owed, 0), due)),
    ]
    journal = ledger.post(
        work,
        kind=JournalKind.SETTLEMENT,
        key=f"{row.business_type}/{row.business_id}/earned/{row.nth}",
        business=Business(row.business_type, row.business_id),
        transfers=[Transfer(*one) for one in asked if one[3] > 0],
    )
    posted = {one.transfer.kind: one.id for one in journal.transfers}
    row.net_transfer_id, row.fee_transfer_id = posted.get(T.SETTLE_NOW), posted.get(T.SERVICE_FEE)
    work.session.add(row)
    work.session.flush()
    _remember(work, row, journal)


def _return(work: Work, accounts: _Accounts, row: Earning, back_fen: int, has_fen: int) -> Returned:
    """Reverse a share of one earning, at the rate that was charged; a debt reverses nothing, it is new."""
    fee_fen = row.fee_fen - row.fee_back_fen - rules.fee_kept(_earned(row), row.back_fen + back_fen)
    own = min(back_fen - fee_fen, has_fen)
    given = Returned(own, back_fen - fee_fen - own, fee_fen)
    row.returns += 1
    row.back_fen += back_fen
    row.fee_back_fen += fee_fen
    asked = [
        (T.SETTLE_NOW_REVERSED, accounts.available, accounts.escrow, given.merchant_fen, row.net_transfer_id),
        (T.SHORTFALL, accounts.receivable, accounts.escrow, given.debt_fen, None),
        (T.SERVICE_FEE_REVERSED, FEES, accounts.escrow, given.fee_fen, row.fee_transfer_id),
    ]
    journal = ledger.post(
        work,
        kind=JournalKind.REFUND,
        key=f"earning/{row.id}/back/{row.returns}",
        business=Business(row.business_type, row.business_id),
        transfers=[Transfer(*one) for one in asked if one[3] > 0],
    )
    work.session.flush()
    _remember(work, row, journal)
    return given


def _remember(work: Work, row: Earning, journal: Journal) -> None:
    work.session.add_all(
        EarnedTransfer(merchant_id=row.merchant_id, transfer_id=one.id, earning_id=row.id) for one in journal.transfers
    )
    work.session.flush()
