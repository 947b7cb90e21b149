"""The way to the bank. Every call ends within five seconds, runs in the worker outside any transaction, and may be made
twice: our own number makes it the same order.
"""

from __future__ import annotations

from typing import Protocol

from portal.domain.payouts.values import TransferFact, TransferOrder

TIMEOUT_SECONDS = 5.0


class BankSilent(Exception):
    """No answer, a late one, or one that nobody can read: what happened is unknown."""


class BankRefused(Exception):
    """A clear no, in the bank's words. Nothing has happened there."""


class Bank(Protocol):
    """One bank that pays out for us; `name` is what attempts remember it by."""

    name: str

    def pay(self, order: TransferOrder) -> TransferFact:
        """Order a transfer; the same number again is the same transfer. Raises BankSilent, BankRefused."""
        ...

    def query(self, number: str) -> TransferFact | None:
        """How the transfer stands; None when the bank has never heard of it. Raises BankSilent."""
        ...
