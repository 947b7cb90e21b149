"""What payments post to the ledger: from the provider's clearing to escrows, or to an account for stray money."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

from portal.domain.ledger.values import HOUSE, AccountKind, AccountRef, Transfer, TransferKind
from portal.domain.payments.values import Part


def clearing(provider: str) -> AccountRef:
    """What this provider owes the platform, as a negative claim; one account for each provider."""
    return AccountRef(AccountKind.CLEARING, HOUSE, subject_id=uuid5(HOUSE, f"provider/{provider}"))


def escrow(part: Part) -> AccountRef:
    """Where a part of a payment lies until it is settled or goes back."""
    return AccountRef(AccountKind.ESCROW, part.owner_id, subject_id=part.subject_id)


def stray(capture_id: UUID) -> AccountRef:
    """Money that nobody waited for: kept apart until it is back with the payer."""
    return AccountRef(AccountKind.STRAY, HOUSE, subject_id=capture_id)


def captured(provider: str, parts: Sequence[Part]) -> list[Transfer]:
    """Every part into its escrow, in the order given."""
    source = clearing(provider)
    return [Transfer(TransferKind.CAPTURE, source, escrow(part), part.amount_fen) for part in parts]


def strayed(provider: str, capture_id: UUID, amount_fen: int) -> list[Transfer]:
    """All of it into an account of its own."""
    return [Transfer(TransferKind.STRAY, clearing(provider), stray(capture_id), amount_fen)]
