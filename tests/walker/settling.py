"""Statements for a town: one to look at, one that is doubted and waits for an answer; a cycle of its own."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from portal.domain.settlement import actions
from portal.domain.settlement.models import Statement
from portal.domain.settlement.values import Cycle
from portal.domain.tenants.values import Kind
from portal.kernel.database import new_id
from portal.kernel.scope import Face
from portal.kernel.spoken import local_day
from portal.kernel.work import ActorKind
from tests.factories.world import World
from tests.walker.town import Town


def begin(world: World, town: Town) -> None:
    """Put before him without waiting for the end of a month."""
    merchant = town.merchants[Kind.SUPPLIER]
    today = local_day(world.clock.now())
    days = 3 if town.letter == "A" else 4
    _issued(world, merchant.id, today - timedelta(days=days), today)
    doubted = _issued(world, merchant.id, today - timedelta(days=30), today - timedelta(days=days + 1))
    owner = town.actors["supplier.owner"].person
    assert owner is not None
    with world.work(Face.OFFICE, merchant=merchant.id, person=owner.id, kind=ActorKind.STAFF) as work:
        actions.dispute(work, doubted, note=f"{town.letter} 镇的运费少结了。")
    operator = world.person()
    with world.work(Face.PLATFORM, person=operator.id, kind=ActorKind.PLATFORM) as work:
        cycle = Cycle.WEEKLY if town.letter == "A" else Cycle.HALF_MONTHLY
        actions.set_terms(work, merchant.id, from_day=today + timedelta(days=days), cycle=cycle)


def _issued(world: World, merchant_id: UUID, first: date, last: date) -> UUID:
    with world.work(Face.JOB) as work:
        row = Statement(
            merchant_id=merchant_id,
            id=new_id(),
            first_day=first,
            last_day=last,
            cycle=Cycle.MONTHLY.value,
            state="issued",
            issued_at=work.now(),
            confirm_by=work.now() + timedelta(days=7),
            ended_at=None,
        )
        work.session.add(row)
    return row.id
