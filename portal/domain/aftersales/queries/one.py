"""One case with its lines, its timeline and its pictures; where a merchant's returns go."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select

from portal.domain.aftersales.access import access_case, access_picture
from portal.domain.aftersales.models import Case, CaseEvent, CaseItem, CasePicture, ReturnAddress
from portal.domain.aftersales.values import (
    Address,
    CaseEventShown,
    CaseKind,
    CaseLine,
    CaseShown,
    CaseState,
    CaseStep,
    Reason,
    Side,
)
from portal.domain.ordering.models import OrderLine
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def case(work: Work, case_id: UUID, *, may: Permission) -> CaseShown:
    """A case in reach, whole. Raises NotFound."""
    row = access_case(work, case_id, may=may)
    return shown(row, _lines(work, row), _events(work, row))


def _lines(work: Work, row: Case) -> tuple[CaseLine, ...]:
    query = (
        select(CaseItem, OrderLine)
        .join(OrderLine, (OrderLine.merchant_id == CaseItem.merchant_id) & (OrderLine.id == CaseItem.line_id))
        .where(CaseItem.merchant_id == row.merchant_id, CaseItem.case_id == row.id)
        .order_by(OrderLine.nth)
    )
    return tuple(
        CaseLine(
            *(line.id, line.product_id, line.sku_id, line.name, line.choice, line.picture, line.quantity),
            *(item.pieces, item.goods_fen, item.freight_fen, item.restocked),
        )
        for item, line in work.session.execute(query)
    )


def _events(work: Work, row: Case) -> tuple[CaseEventShown, ...]:
    pictures: dict[UUID, list[UUID]] = defaultdict(list)
    kept = select(CasePicture.event_id, CasePicture.id).where(
        CasePicture.merchant_id == row.merchant_id, CasePicture.case_id == row.id
    )
    for event_id, picture_id in work.session.execute(kept.order_by(CasePicture.id)):
        pictures[event_id].append(picture_id)
    query = select(CaseEvent).where(CaseEvent.merchant_id == row.merchant_id, CaseEvent.case_id == row.id)
    return tuple(
        CaseEventShown(
            *(one.id, CaseStep(one.step), Side(one.side), one.note, one.amount_fen, one.at),
            pictures=tuple(pictures[one.id]),
        )
        for one in work.session.scalars(query.order_by(CaseEvent.id))
    )


def shown(row: Case, lines: tuple[CaseLine, ...] = (), events: tuple[CaseEventShown, ...] = ()) -> CaseShown:
    """A row as a value."""
    return CaseShown(
        merchant_id=row.merchant_id,
        id=row.id,
        order_id=row.order_id,
        order_number=row.order_number,
        person_id=row.person_id,
        number=row.number,
        merchant_name=row.merchant_name,
        buyer=row.buyer,
        title=row.title,
        picture=row.picture,
        pieces=row.pieces,
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        origin=Side(row.origin),
        reason=Reason(row.reason),
        fault=row.fault,
        goods_fen=row.goods_fen,
        freight_fen=row.freight_fen,
        asked_fen=row.asked_fen,
        offer_fen=row.offer_fen,
        round=row.round,
        printed=row.printed,
        asked_at=row.asked_at,
        due_at=row.due_at,
        ended_at=row.ended_at,
        arrived_at=row.arrived_at,
        return_to=Address(row.return_name, row.return_phone, row.return_detail),
        carrier=row.carrier,
        tracking=row.tracking,
        refund_id=row.refund_id,
        stuck=row.stuck_at is not None,
        lines=lines,
        events=events,
    )


def stored_picture(work: Work, case_id: UUID, picture_id: UUID, *, may: Permission) -> tuple[str, UUID]:
    """The picture's name in the storage, and whose case it is. Raises NotFound."""
    row = access_picture(work, case_id, picture_id, may=may)
    return row.stored, row.merchant_id


def kept_address(work: Work, merchant_id: UUID) -> Address | None:
    """Where this merchant's returns go, if he has said so."""
    row = work.session.scalars(select(ReturnAddress).where(ReturnAddress.merchant_id == merchant_id)).one_or_none()
    return Address(row.name, row.phone, row.detail) if row is not None else None
