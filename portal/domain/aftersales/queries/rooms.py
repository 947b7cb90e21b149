"""What may still be asked of an order's lines, given what living cases took."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.domain.aftersales.models import Case, CaseItem
from portal.domain.aftersales.rules import LineFacts, Room, Taken
from portal.domain.aftersales.values import VOID, CaseKind, CaseState
from portal.domain.ordering.models import Order, OrderLine
from portal.domain.ordering.values import LineShown, OrderShown
from portal.kernel.work import Work

_Line = OrderLine | LineShown


def rooms_of(
    work: Work, order: Order | OrderShown, lines: Sequence[OrderLine] | Sequence[LineShown]
) -> dict[UUID, Room]:
    """By line, with any face that sees the order. Nothing is held here: who decides holds the order first.

    A case that was refused takes nothing, unless the merchant has the goods: who asks again is measured anew (`fits`).
    """
    idle = and_(Case.state == CaseState.REFUSED.value, Case.arrived_at.is_(None))
    query = (
        select(
            CaseItem.line_id,
            Case.kind,
            func.sum(CaseItem.pieces),
            func.sum(CaseItem.goods_fen),
            func.sum(CaseItem.freight_fen),
        )
        .join(Case, and_(Case.merchant_id == CaseItem.merchant_id, Case.id == CaseItem.case_id))
        .where(Case.merchant_id == order.merchant_id, Case.order_id == order.id)
        .where(~or_(Case.state.in_([state.value for state in VOID]), idle))
        .group_by(CaseItem.line_id, Case.kind)
    )
    found: dict[UUID, dict[str, tuple[int, int, int]]] = {}
    for line_id, kind, pieces, goods, freight in work.session.execute(query):
        found.setdefault(line_id, {})[kind] = (int(pieces), int(goods), int(freight))
    return {line.id: Room(_facts(line), _taken(found.get(line.id, {}))) for line in lines}


def _facts(line: _Line) -> LineFacts:
    return LineFacts(
        *(line.id, line.quantity, line.unit_fen, line.freight_fen),
        *(line.shipped, line.cancelled, line.blocked, line.returnable),
    )


def _taken(kinds: dict[str, tuple[int, int, int]]) -> Taken:
    nothing = (0, 0, 0)
    _, _, cancel_freight = kinds.get(CaseKind.UNSHIPPED, nothing)
    pieces, goods, freight = kinds.get(CaseKind.RETURN, nothing)
    _, more_goods, more_freight = kinds.get(CaseKind.MONEY, nothing)
    return Taken(cancel_freight, pieces, goods + more_goods, freight + more_freight)
