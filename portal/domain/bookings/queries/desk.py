"""Services as their merchant's desk sees them: all states, with whom they take and where."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select

from portal.domain.bookings.access import access_service
from portal.domain.bookings.models import Service, ServiceDoer, ServiceNeed
from portal.domain.bookings.queries.offers import service_of
from portal.domain.bookings.values import NEEDS, ServiceShown, ServiceState
from portal.domain.calendar.models import Resource
from portal.domain.calendar.queries import card_of
from portal.domain.calendar.values import ResourceCard
from portal.kernel.permissions import Permission
from portal.kernel.work import Work


def services(work: Work, *, state: ServiceState | None = None, q: str = "") -> tuple[ServiceShown, ...]:
    """The merchant's services in their order. Needs CALENDAR_VIEW."""
    work.require(Permission.CALENDAR_VIEW)
    query = select(Service).where(Service.merchant_id == work.merchant_id)
    if state is not None:
        query = query.where(Service.state == state.value)
    if q:
        query = query.where(Service.name.icontains(q, autoescape=True))
    rows = list(work.session.scalars(query.order_by(Service.position, Service.id)))
    return _shown(work, rows)


def service(work: Work, service_id: UUID) -> ServiceShown:
    """One of them. Raises NotFound."""
    return _shown(work, [access_service(work, service_id, may=Permission.CALENDAR_VIEW)])[0]


def _shown(work: Work, rows: list[Service]) -> tuple[ServiceShown, ...]:
    ids = [row.id for row in rows]
    needs: dict[UUID, list[str]] = defaultdict(list)
    doers: dict[UUID, list[UUID]] = defaultdict(list)
    if ids:
        asked = (ServiceNeed.merchant_id == work.merchant_id, ServiceNeed.service_id.in_(ids))
        for need in work.session.execute(select(ServiceNeed.service_id, ServiceNeed.kind).where(*asked)):
            needs[need.service_id].append(need.kind)
        named = (ServiceDoer.merchant_id == work.merchant_id, ServiceDoer.service_id.in_(ids))
        for doer in work.session.execute(select(ServiceDoer.service_id, ServiceDoer.resource_id).where(*named)):
            doers[doer.service_id].append(doer.resource_id)
    return tuple(service_of(row, needs[row.id], doers[row.id]) for row in rows)


def service_names(work: Work, merchant_id: UUID) -> dict[UUID, str]:
    """Names of all services of a merchant, for features and pages above; drafts only in his own office."""
    query = select(Service.id, Service.name).where(Service.merchant_id == merchant_id)
    return {row.id: row.name for row in work.session.execute(query.order_by(Service.position, Service.id))}


def able_resources(work: Work) -> tuple[ResourceCard, ...]:
    """Technicians, rooms and devices of the merchant, by store. Needs CALENDAR_VIEW."""
    work.require(Permission.CALENDAR_VIEW)
    query = select(Resource).where(Resource.merchant_id == work.merchant_id, Resource.active)
    query = query.where(Resource.kind.in_(list(NEEDS)))
    rows = work.session.scalars(query.order_by(Resource.store_id, Resource.kind, Resource.position, Resource.name))
    return tuple(card_of(row) for row in rows if work.scope.covers_store(row.store_id))
