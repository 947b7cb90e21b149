"""A case comes to less than was asked."""

from __future__ import annotations

from portal.domain.aftersales import rules
from portal.domain.aftersales.access import Held
from portal.domain.aftersales.values import CaseKind, Reason
from portal.kernel.work import Work


def lower(work: Work, held: Held, amount_fen: int, *, keeps_goods: bool = False) -> None:
    """Share a smaller amount out over the case's lines; `keeps_goods`: nothing is sent back any more.

    Refuses nothing and more than was asked. The case and its order are held.
    """
    case = held.case
    shares = tuple(rules.Share(item.line_id, item.pieces, item.goods_fen, item.freight_fen) for item in held.items)
    asked = rules.Quote(CaseKind(case.kind), Reason(case.reason), shares, case.asked_fen)
    less = {share.line_id: share for share in rules.lowered(asked, amount_fen).shares}
    for item in held.items:
        item.goods_fen, item.freight_fen = less[item.line_id].goods_fen, less[item.line_id].freight_fen
        if keeps_goods:
            item.pieces = 0
    if keeps_goods:
        case.kind = CaseKind.MONEY.value
    case.goods_fen, case.freight_fen = (sum(getattr(item, name) for item in held.items) for name in _SUMS)
    work.session.flush()


_SUMS = ("goods_fen", "freight_fen")
