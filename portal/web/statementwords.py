"""What sections, cycles, periods and words of statements are called. Filters: section_name, cycle_name, spoken_name,
period_name, by_name, line_what."""

from __future__ import annotations

from typing import Any

from flask import Flask

from portal.domain.ledger.values import TransferKind
from portal.domain.settlement.rules import natural
from portal.domain.settlement.values import Cycle, Period, Section, Spoken, StatementLine
from portal.kernel.figures import say_yuan
from portal.kernel.work import ActorKind
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l

SECTIONS: dict[Section, Any] = {
    Section.SETTLED: _l("结算货款"),
    Section.REFUNDED: _l("售后退回"),
    Section.FEES: _l("手续费"),
    Section.WITHDRAWN: _l("提现"),
    Section.OTHER: _l("补偿和其他"),
}
CYCLES: dict[Cycle, Any] = {
    Cycle.MONTHLY: _l("每月"),
    Cycle.HALF_MONTHLY: _l("半月"),
    Cycle.WEEKLY: _l("每周"),
}
SPOKEN: dict[Spoken, Any] = {
    Spoken.DISPUTED: _l("商家提出异议"),
    Spoken.ANSWERED: _l("平台答复"),
    Spoken.CONFIRMED: _l("商家确认"),
    Spoken.LAPSED: _l("到期未提异议，视为确认"),
}
SIDES: dict[str, Any] = {
    ActorKind.STAFF.value: _l("商家"),
    ActorKind.PLATFORM.value: _l("平台"),
}


def period_name(period: Period) -> str:
    """2026 年 7 月 for a whole month, 2026 年 7 月 1–15 日 within one, else both days."""
    if period == natural(period.first, Cycle.MONTHLY):
        return gettext("%(year)s 年 %(month)s 月", year=period.first.year, month=period.first.month)
    if (period.first.year, period.first.month) == (period.last.year, period.last.month):
        facts = {"year": period.first.year, "month": period.first.month}
        return gettext(
            "%(year)s 年 %(month)s 月 %(first)s–%(last)s 日", first=period.first.day, last=period.last.day, **facts
        )
    return gettext("%(first)s 至 %(last)s", first=period.first.isoformat(), last=period.last.isoformat())


def line_what(line: StatementLine) -> str:
    """What a line is about; of a store's earning also what was paid and what the platform kept of it."""
    if line.kind is not TransferKind.SETTLE_NOW or not line.gross_fen:
        return line.what
    facts = {"what": line.what, "gross": say_yuan(line.gross_fen), "fee": say_yuan(line.fee_fen)}
    return gettext("%(what)s（收入 %(gross)s，服务费 %(fee)s）", **facts)


def init_app(app: Flask) -> None:
    """Give templates the filters."""
    app.jinja_env.filters.update(
        section_name=lambda section: str(SECTIONS[section]),
        cycle_name=lambda cycle: str(CYCLES[cycle]),
        spoken_name=lambda kind: str(SPOKEN[kind]),
        by_name=lambda kind: str(SIDES.get(kind, _l("系统"))),
        line_what=line_what,
        period_name=period_name,
    )
