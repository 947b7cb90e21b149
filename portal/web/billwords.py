"""Words of paying at a table that guests and staff read alike."""

from __future__ import annotations

from collections.abc import Sequence

from portal.domain.bills.rules import equal_parts
from portal.domain.bills.values import MOST_SHARES, BillShown, How
from portal.domain.tabs.values import LineShown
from portal.web.locale import gettext


def ways() -> dict[str, str]:
    """By what a share was paid, in words."""
    words = {How.ONLINE: gettext("手机支付"), How.CASH: gettext("现金"), How.OTHER: gettext("店内收款")}
    return {how.value: str(word) for how, word in words.items()}


def owed(lines: Sequence[LineShown], bills: Sequence[BillShown]) -> int:
    """Fen that are still to be paid of these lines: on no bill yet, or on one that is not paid."""
    held = {line.bill_id for line in lines}
    free = sum(line.due_fen for line in lines if line.counts and line.bill_id is None)
    return free + sum(one.total_fen - one.paid_fen for one in bills if one.id in held)


def parts_of(bill: BillShown, otherwise: int) -> int:
    """In how many equal parts the first who pays has split a bill; `otherwise` where his part is no equal one."""
    first = bill.shares[0].amount_fen if bill.shares else 0
    parts = round(bill.total_fen / first) if first else 0
    return parts if 2 <= parts <= MOST_SHARES and equal_parts(bill.total_fen, parts)[0] == first else otherwise
