"""Many first templates at once, each meant to be the default: one is; the control shows that the race is real."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from portal.domain.freight import actions, queries
from portal.domain.freight.values import Tariff, TemplateDraft, Unit
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from tests.factories.tenants import MadeMerchant
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together

POINT, MANY = "freight.add.checked", 8
DRAFT = TemplateDraft("标准", Unit.WEIGHT, Tariff(1000, 800, 1000, 300))


def add(world: World, merchant: MadeMerchant) -> UUID:
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        return actions.create(work, draft=DRAFT, default=True)


def defaults(world: World, merchant: MadeMerchant) -> list[bool]:
    with world.work(Face.OFFICE, merchant=merchant.id) as work:
        return [one.is_default for one in queries.templates(work)]


def test_one_of_many_is_the_default(wide: World, admin_url: str) -> None:
    merchant = wide.merchant(Kind.SUPPLIER)
    with gate_at(POINT, admin_url) as gate:
        running = together([lambda: add(wide, merchant)] * MANY)
        gate.wait_for(MANY, 0)
        gate.open()
        won, refused = outcomes(running)
    assert (len(won), refused) == (MANY, [])
    assert sorted(defaults(wide, merchant)) == [False] * (MANY - 1) + [True]


def test_without_turns_they_trip_over_each_other(wide: World, admin_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "access_turn", lambda _work: None)
    merchant = wide.merchant(Kind.SUPPLIER)
    with gate_at(POINT, admin_url) as gate:
        running = together([lambda: add(wide, merchant)] * MANY)
        seen = gate.wait_for(MANY, 0)
        gate.open()
        won, refused = outcomes(running)
    assert seen[0] == MANY
    assert (len(won), {type(one) for one in refused}) == (1, {IntegrityError})
