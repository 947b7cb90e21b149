"""What pages and features read of the ledger."""

from portal.domain.ledger.queries.balances import (
    AccountLine,
    TrialLine,
    account,
    accounts,
    balance,
    holdings,
    trial_balance,
)
from portal.domain.ledger.queries.entries import (
    MOST_EXPORTED,
    EntryFilter,
    EntryLine,
    entries,
    own_entries,
)
from portal.domain.ledger.queries.features import closed_until, first_moved, owners_with
from portal.domain.ledger.queries.journals import (
    JournalLine,
    ProofLine,
    TransferLine,
    days,
    journal,
    journal_ids,
    journals_of,
    last_proof,
)

__all__ = [
    "MOST_EXPORTED",
    "AccountLine",
    "EntryFilter",
    "EntryLine",
    "JournalLine",
    "ProofLine",
    "TransferLine",
    "TrialLine",
    "account",
    "accounts",
    "balance",
    "closed_until",
    "days",
    "entries",
    "first_moved",
    "holdings",
    "journal",
    "journal_ids",
    "journals_of",
    "last_proof",
    "own_entries",
    "owners_with",
    "trial_balance",
]
