"""What a merchant does with his services: write, change, offer, stop, put in order, throw away. His own rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, func, select

from portal.domain.bookings import errors
from portal.domain.bookings.access import access_service
from portal.domain.bookings.models import BookingLine, Service, ServiceDoer, ServiceNeed
from portal.domain.bookings.values import NEEDS, Missed, Prepay, ServiceDraft, ServiceState
from portal.domain.calendar.models import Resource
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line, clean_text
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.words import Text, say
from portal.kernel.work import Work

EDIT: Final = Permission.SERVICE_EDIT
MOST_SERVICES_OF_ONE: Final = 300
NAME_MOST, CATEGORY_MOST, WORDS_MOST = 40, 20, 500
MOST_FEN: Final = 100_000_000


def draft_service(work: Work, *, draft: ServiceDraft) -> UUID:
    """Write a service; nobody can book it yet. Refuses lengths, prices and terms that make no sense."""
    work.require(EDIT)
    values = _checked(draft)
    count, last = work.session.execute(
        select(func.count(), func.coalesce(func.max(Service.position), 0)).where(
            Service.merchant_id == work.merchant_id
        )
    ).one()
    if count >= MOST_SERVICES_OF_ONE:
        raise Refusal(say("最多 %(most)s 个项目。", most=MOST_SERVICES_OF_ONE))
    row = Service(
        merchant_id=work.merchant_id,
        id=new_id(),
        state=ServiceState.DRAFT.value,
        position=last + 1,
        pictures=[],
        created_at=work.now(),
        changed_at=work.now(),
        **values,
    )
    work.session.add(row)
    work.session.flush()
    _write_sides(work, row.id, draft)
    work.audit("service.drafted", "service", row.id)
    return row.id


def change_service(work: Work, service_id: UUID, *, draft: ServiceDraft) -> None:
    """Write it anew; what is booked stays as it was agreed. Refuses as `draft_service`, and an offered service that
    would lack somebody.
    """
    row = access_service(work, service_id, may=EDIT, lock=True)
    for name, value in _checked(draft).items():
        setattr(row, name, value)
    row.changed_at = work.now()
    work.session.flush()
    _write_sides(work, service_id, draft)
    if row.state == ServiceState.OFFERED:
        _check_ready(work, row)
    work.audit("service.changed", "service", service_id)


def _checked(draft: ServiceDraft) -> dict[str, Any]:
    """The columns of a draft. Refuses what makes no sense, at its field."""
    _within("minutes", draft.minutes, 5, 720, say("时长请填 5 到 720 分钟。"))
    _within("before_minutes", draft.before_minutes, 0, 240, say("准备时间请填 0 到 240 分钟。"))
    _within("after_minutes", draft.after_minutes, 0, 240, say("收尾时间请填 0 到 240 分钟。"))
    _within("price", draft.price_fen, 0, MOST_FEN, say("请填写价格。"))
    _within("cancel_before", draft.cancel_minutes, 0, 20160, say("免费取消时间最长 14 天。"))
    _within("group_size", draft.group_size, 1, 200, say("同场人数请填 1 到 200。"))
    if not draft.needs or not draft.needs <= set(NEEDS):
        raise Refusal(say("请至少选一种需要的资源。"), field="needs")
    prepay_fen = {Prepay.NONE: 0, Prepay.FULL: draft.price_fen}.get(draft.prepay, draft.prepay_fen)
    if draft.prepay is not Prepay.NONE and not 0 < prepay_fen <= draft.price_fen:
        raise Refusal(say("预付金额要大于 0，不超过价格。"), field="prepay_amount")
    return {
        "name": clean_line(draft.name, field="name", most=NAME_MOST),
        "category": clean_line(draft.category, field="category", most=CATEGORY_MOST, required=False),
        "words": clean_text(draft.words, field="words", most=WORDS_MOST, required=False),
        "minutes": draft.minutes,
        "before_minutes": draft.before_minutes,
        "after_minutes": draft.after_minutes,
        "price_fen": draft.price_fen,
        "prepay": draft.prepay.value,
        "prepay_fen": prepay_fen,
        "cancel_minutes": draft.cancel_minutes,
        "missed": _missed(draft).value,
        "group_size": draft.group_size,
    }


def _missed(draft: ServiceDraft) -> Missed:
    """订金 goes back and 定金 stays, whatever was ticked: that is what the words mean."""
    return {Prepay.DEPOSIT: Missed.RETURN, Prepay.EARNEST: Missed.KEEP}.get(draft.prepay, draft.missed)


def _within(field: str, value: int, least: int, most: int, sentence: Text) -> None:
    if not least <= value <= most:
        raise Refusal(sentence, field=field)


def _write_sides(work: Work, service_id: UUID, draft: ServiceDraft) -> None:
    """What it needs and who can; of the merchant's own resources only. Those of stores out of reach stay."""
    mine = {"merchant_id": work.merchant_id, "service_id": service_id}
    beyond = _beyond(work, service_id)
    for model in (ServiceNeed, ServiceDoer):
        work.session.execute(delete(model).where(model.merchant_id == work.merchant_id, model.service_id == service_id))
    known = select(Resource.id, Resource.store_id).where(
        Resource.merchant_id == work.merchant_id, Resource.id.in_([*draft.doers, *beyond])
    )
    rows = work.session.execute(known.where(Resource.kind.in_(list(draft.needs)))).all()
    able = {row.id for row in rows if row.id in beyond or work.scope.covers_store(row.store_id)}
    work.session.add_all(ServiceNeed(**mine, kind=kind) for kind in sorted(draft.needs))
    work.session.add_all(ServiceDoer(**mine, resource_id=one) for one in sorted(able))
    work.session.flush()


def _beyond(work: Work, service_id: UUID) -> set[UUID]:
    """Who is named for it in stores that the acting person does not reach."""
    query = (
        select(Resource.id, Resource.store_id)
        .join(ServiceDoer, (ServiceDoer.merchant_id == Resource.merchant_id) & (ServiceDoer.resource_id == Resource.id))
        .where(ServiceDoer.merchant_id == work.merchant_id, ServiceDoer.service_id == service_id)
    )
    return {row.id for row in work.session.execute(query) if not work.scope.covers_store(row.store_id)}


def offer_service(work: Work, service_id: UUID) -> None:
    """Let people book it. Refuses when nobody can do it."""
    row = access_service(work, service_id, may=EDIT, lock=True)
    _check_ready(work, row)
    row.state, row.changed_at = ServiceState.OFFERED.value, work.now()
    work.audit("service.offered", "service", service_id)


def _check_ready(work: Work, row: Service) -> None:
    """Refuse a service that no store can give."""
    mine = ServiceNeed.merchant_id == work.merchant_id, ServiceNeed.service_id == row.id
    needs = set(work.session.scalars(select(ServiceNeed.kind).where(*mine)))
    doers = (
        select(Resource.kind)
        .join(ServiceDoer, (ServiceDoer.merchant_id == Resource.merchant_id) & (ServiceDoer.resource_id == Resource.id))
        .where(ServiceDoer.merchant_id == work.merchant_id, ServiceDoer.service_id == row.id, Resource.active)
    )
    there = set(work.session.scalars(doers))
    every = select(Resource.kind).where(Resource.merchant_id == work.merchant_id, Resource.active).distinct()
    there |= set(work.session.scalars(every)) - {"technician"}
    for kind in sorted(needs - there):
        raise errors.NotReady(NEEDS[kind])


def stop_service(work: Work, service_id: UUID) -> None:
    """Take no more bookings; those that are there stay."""
    row = access_service(work, service_id, may=EDIT, lock=True)
    row.state, row.changed_at = ServiceState.STOPPED.value, work.now()
    work.audit("service.stopped", "service", service_id)


def remove_service(work: Work, service_id: UUID) -> None:
    """Throw away what nobody ever booked. Refuses what was booked."""
    row = access_service(work, service_id, may=EDIT, lock=True)
    used = select(BookingLine.id).where(
        BookingLine.merchant_id == work.merchant_id, BookingLine.service_id == service_id
    )
    if work.session.scalar(used.limit(1)) is not None:
        raise errors.ServiceUsed
    work.session.delete(row)
    work.session.flush()
    work.audit("service.removed", "service", service_id)


def arrange_services(work: Work, service_ids: Sequence[UUID]) -> None:
    """Show them in this order; what is not named comes after, as it was."""
    work.require(EDIT)
    query = select(Service).where(Service.merchant_id == work.merchant_id).with_for_update()
    rows = list(work.session.scalars(query.order_by(Service.position, Service.id)))
    rank = {one: at for at, one in enumerate(service_ids)}
    for at, row in enumerate(sorted(rows, key=lambda one: rank.get(one.id, len(rank)))):
        row.position = at + 1
    work.session.flush()
    work.audit("service.arranged", "merchant", work.merchant_id)
