"""Words of commissions and turns on pages and in files."""

from __future__ import annotations

from typing import Any

from portal.domain.commissions.values import EntryLine, Kind, Rule, TechnicianTotal
from portal.domain.commissions.values import Turn as Which
from portal.domain.turns.values import Turn
from portal.kernel.figures import SHANGHAI
from portal.web.locale import gettext
from portal.web.locale import lazy_gettext as _l
from portal.web.sheets import Rows
from portal.web.wording import yuan

KINDS: dict[Kind, Any] = {Kind.WORK: _l("手工"), Kind.CARD_USE: _l("消卡"), Kind.CARD_SALE: _l("卖卡")}
WHICH: dict[Which, Any] = {Which.ANY: _l("不分"), Which.REQUESTED: _l("点钟"), Which.ROTATED: _l("排钟")}
TURNS: dict[Turn, Any] = {
    Turn.JOINED: _l("上牌"),
    Turn.LEFT: _l("下牌"),
    Turn.TAKEN: _l("轮到"),
    Turn.REQUESTED: _l("点钟"),
    Turn.DECLINED: _l("让牌"),
    Turn.MOVED: _l("调整"),
}


def share(rule: Rule) -> str:
    """15 %, or ¥10 each."""
    if rule.fixed_fen is not None:
        return str(gettext("每次 %(amount)s", amount=yuan(rule.fixed_fen)))
    whole, part = divmod(rule.percent_bp or 0, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") + "%"


def total_rows(totals: tuple[TechnicianTotal, ...]) -> Rows:
    """A month by technician for a file; amounts in yuan."""
    head = (
        *(gettext("技师"), gettext("门店"), gettext("单数"), gettext("其中点钟")),
        *(
            gettext("手工（元）"),
            gettext("消卡（元）"),
            gettext("卖卡（元）"),
            gettext("退款撤回（元）"),
            gettext("合计（元）"),
        ),
    )
    rows: Rows = [head]
    for one in totals:
        sums = (one.work_fen, one.card_use_fen, one.card_sale_fen, one.back_fen, one.total_fen)
        rows.append((one.technician, one.store, one.pieces, one.requested, *(fen / 100 for fen in sums)))
    return rows


def entry_rows(lines: tuple[EntryLine, ...]) -> Rows:
    """The entries of a month for a file."""
    head = (
        *(gettext("时间"), gettext("门店"), gettext("技师"), gettext("类型"), gettext("项目"), gettext("客人")),
        *(gettext("点钟"), gettext("业绩（元）"), gettext("提成（元）")),
    )
    rows: Rows = [head]
    for one in lines:
        when = f"{one.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        kind = gettext("撤回") if one.back else str(KINDS[one.kind])
        words = (when, one.store, one.technician, kind, one.title, one.client)
        rows.append((*words, gettext("是") if one.requested else "", one.base_fen / 100, one.amount_fen / 100))
    return rows
