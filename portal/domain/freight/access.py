"""The only way to one freight template: permission, scope, lock; and the turn of those who change which is which."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.domain.freight.models import FreightTemplate
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


def access_template(work: Work, template_id: UUID, *, lock: bool = False) -> FreightTemplate:
    """The template of the merchant whose office is open. Raises NotFound."""
    work.require(Permission.FREIGHT_EDIT)
    query = select(FreightTemplate).where(
        FreightTemplate.merchant_id == work.merchant_id, FreightTemplate.id == template_id
    )
    query = query.execution_options(populate_existing=True)
    row = work.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def access_turn(work: Work) -> None:
    """Who adds, removes or makes a default does so one after the other, for each merchant."""
    work.require(Permission.FREIGHT_EDIT)
    name = f"freight/{work.merchant_id}"
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
