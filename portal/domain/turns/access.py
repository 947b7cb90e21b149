"""The only way to a store's list of a day: its rule is held, then its places are read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from portal.domain.calendar.models import Resource
from portal.domain.turns.models import TurnPlace, TurnRuleRow
from portal.domain.turns.values import Declined, Requested, TurnRule
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work


@dataclass
class Held:
    """A list that nobody else can change until this Work ends."""

    merchant_id: UUID
    store_id: UUID
    day: date
    row: TurnRuleRow
    places: list[TurnPlace]

    @property
    def rule(self) -> TurnRule:
        """The store's rule."""
        return TurnRule(Requested(self.row.requested), Declined(self.row.declined))

    def present(self) -> list[TurnPlace]:
        """Who is there, in order."""
        return [one for one in self.places if one.present]

    def of(self, resource_id: UUID) -> TurnPlace | None:
        """Somebody's place, there or not."""
        return next((one for one in self.places if one.resource_id == resource_id), None)


def access_list(work: Work, merchant_id: UUID, store_id: UUID, day: date) -> Held:
    """The list of a store and day, held. A store without a rule gets the usual one."""
    usual = TurnRule()
    work.session.execute(
        insert(TurnRuleRow)
        .values(
            merchant_id=merchant_id,
            store_id=store_id,
            requested=usual.requested.value,
            declined=usual.declined.value,
            changed_at=work.now(),
        )
        .on_conflict_do_nothing()
    )
    row = work.session.scalars(hold(merchant_id, store_id).execution_options(populate_existing=True)).one()
    of_day = (TurnPlace.merchant_id == merchant_id, TurnPlace.store_id == store_id, TurnPlace.day == day)
    places = select(TurnPlace).where(*of_day).order_by(TurnPlace.place, TurnPlace.resource_id)
    found = work.session.scalars(places.execution_options(populate_existing=True))
    return Held(merchant_id, store_id, day, row, list(found))


def hold(merchant_id: UUID, store_id: UUID) -> Select[Any]:
    """What is held first, so that two desks never give out one turn."""
    rule = select(TurnRuleRow).where(TurnRuleRow.merchant_id == merchant_id, TurnRuleRow.store_id == store_id)
    return rule.with_for_update()


def access_technician(work: Work, merchant_id: UUID, store_id: UUID, resource_id: UUID) -> Resource:
    """A technician of this store who still works. Raises NotFound."""
    query = select(Resource).where(
        Resource.merchant_id == merchant_id,
        Resource.id == resource_id,
        Resource.store_id == store_id,
        Resource.kind == "technician",
        Resource.active,
    )
    found = work.session.scalars(query).one_or_none()
    if found is None:
        raise NotFound
    return found
