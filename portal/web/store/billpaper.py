"""The customer's receipt as lines for the store's printer. Papers are in Chinese, whoever presses the button."""

from __future__ import annotations

from datetime import datetime

from portal.domain.bills.values import BillShown, How
from portal.domain.kitchen.values import Form, Line, Side, Size
from portal.domain.tabs.values import Tab
from portal.kernel.figures import SHANGHAI
from portal.kernel.spoken import Yuan
from portal.kernel.words import Text, say

RULE = Line(form=Form.RULE)
WAYS: dict[How, Text] = {How.ONLINE: say("手机支付"), How.CASH: say("现金"), How.OTHER: say("店内收款")}


def _pair(words: Text | str, fen: int, *, bold: bool = False) -> Line:
    return Line(str(words), form=Form.PAIR, right=str(Yuan(fen)), bold=bold)


def paper(tab: Tab, bill: BillShown, now: datetime) -> tuple[Line, ...]:
    """Store, table, lines, total, who paid what with change, what went back."""
    tables = "、".join(one.name for one in tab.tables)
    when = f"{(bill.ended_at or bill.raised_at).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    head = (
        Line(tab.store_name, size=Size.TALL, side=Side.CENTRE, bold=True),
        Line(str(say("结账单")), side=Side.CENTRE),
        Line(str(say("桌台 %(tables)s · %(people)s 人", tables=tables, people=tab.people))),
        Line(str(say("单号 %(number)s", number=bill.number))),
        Line(when),
        RULE,
    )
    dishes = tuple(
        _pair(f"{line.name}{f'（{line.choice}）' if line.choice else ''} ×{line.quantity}", line.amount_fen)
        for line in bill.lines
    )
    back = (_pair(say("已退款"), -bill.refunded_fen),) if bill.refunded_fen else ()
    printed = f"{now.astimezone(SHANGHAI):%m-%d %H:%M}"
    foot = (RULE, Line(str(say("打印于 %(when)s", when=printed)), side=Side.CENTRE))
    return (*head, *dishes, RULE, _pair(say("合计"), bill.total_fen, bold=True), *_shares(bill), *back, *foot)


def _shares(bill: BillShown) -> tuple[Line, ...]:
    found: list[Line] = []
    for one in bill.shares:
        if one.state != "paid":
            continue
        found.append(_pair(f"{one.payer} {WAYS[one.how]}", one.amount_fen))
        if one.tendered_fen is not None:
            found.append(_pair(say("实收"), one.tendered_fen))
            found.append(_pair(say("找零"), one.change_fen))
    return tuple(found)
