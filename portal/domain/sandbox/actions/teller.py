"""Transfers at the pretend bank. The merchant's number is the key: the same number is the same transfer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.sandbox.errors import OrderRefused
from portal.domain.sandbox.models import SandboxTransfer
from portal.domain.sandbox.queries import plans
from portal.domain.sandbox.values import BACK_AFTER, LATE_BY, TransferPlan, TransferWord
from portal.kernel.database import new_id
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

TELL = Permission.PAYMENT_TELL
WHY_BACK = "收款账号与户名不符"
P = TransferPlan


def transfer(work: Work, asked: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """Make a transfer, or find the one of this number; how it stands, and whether the answer gets lost.

    Refuses nonsense, a number of another amount, and everything when that is the plan.
    """
    work.require(TELL)
    facts, plan, now = _facts(asked), plans(work).transfers, work.now()
    if plan is P.REFUSED and _by_number(work, str(facts["number"])) is None:
        raise OrderRefused("ACCOUNT_CLOSED")
    pays = {P.LATE: now + LATE_BY, P.PENDING: None}.get(plan, now)
    back = {P.RETURNED: now, P.RETURNED_LATE: now + BACK_AFTER}.get(plan)
    new = insert(SandboxTransfer).values(
        id=new_id(),
        state=TransferWord.WAITING.value,
        plan=plan.value,
        reason="",
        created_at=now,
        pays_at=pays,
        returns_at=back,
        **facts,
    )
    fresh = work.session.scalar(new.on_conflict_do_nothing().returning(SandboxTransfer.id)) is not None
    row = _by_number(work, str(facts["number"]))
    if row is None or row.amount_fen != facts["amount_fen"]:
        raise OrderRefused("AMOUNT_DIFFERS")
    return _told(work, row), fresh and plan is P.SILENT


def _facts(asked: dict[str, Any]) -> dict[str, Any]:
    number, amount, account = str(asked.get("number", "")), asked.get("amount"), str(asked.get("account", ""))
    whole = isinstance(amount, int) and not isinstance(amount, bool) and amount > 0 and asked.get("currency") == "CNY"
    if not whole or len(number) != 32 or not account.isdigit() or not 8 <= len(account) <= 30:
        raise OrderRefused("PARAM_ERROR")
    return {
        "number": number,
        "amount_fen": amount,
        "holder": str(asked.get("holder", ""))[:64],
        "last4": account[-4:],
    }


def tell_transfer(work: Work, number: str) -> dict[str, Any] | None:
    """How a transfer stands; None when it was never heard of."""
    work.require(TELL)
    row = _by_number(work, number)
    return _told(work, row) if row is not None else None


def settle_transfer(work: Work, transfer_id: UUID, to: TransferWord) -> None:
    """Its state from now on. Raises NotFound; what was sent back stays so."""
    query = select(SandboxTransfer).where(SandboxTransfer.id == transfer_id).with_for_update()
    row = work.session.scalars(query).one_or_none()
    if row is None:
        raise NotFound
    if to is TransferWord.RETURNED:
        row.returns_at = min(row.returns_at or work.now(), work.now())
    else:
        row.pays_at = min(row.pays_at or work.now(), work.now())
    _move_on(work, row)


def _move_on(work: Work, row: SandboxTransfer) -> None:
    """What has become of it by now."""
    if row.returns_at is not None and row.returns_at <= work.now():
        row.state, row.reason = TransferWord.RETURNED.value, WHY_BACK
    elif row.pays_at is not None and row.pays_at <= work.now():
        row.state = TransferWord.PAID.value


def _told(work: Work, row: SandboxTransfer) -> dict[str, Any]:
    _move_on(work, row)
    return {
        "number": row.number,
        "state": row.state,
        "amount": row.amount_fen,
        "transfer": f"SK{row.id.hex[:24]}",
        "reason": row.reason,
    }


def _by_number(work: Work, number: str) -> SandboxTransfer | None:
    query = select(SandboxTransfer).where(SandboxTransfer.number == number).with_for_update()
    return work.session.scalars(query).one_or_none()
