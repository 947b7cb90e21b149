"""What a town's supplier says about freight: a default, another that one of his goods follows."""

from __future__ import annotations

from portal.domain.catalogue import queries as catalogue
from portal.domain.catalogue.queries import Asked
from portal.domain.freight import actions
from portal.domain.freight.values import Tariff, TemplateDraft, Unit, Zone
from portal.domain.tenants.values import Kind
from portal.kernel.scope import Face
from tests.factories.world import World
from tests.walker.town import Town


def freight(world: World, town: Town) -> None:
    """Two templates; the town's goods must be there already."""
    rest, near = Tariff(1000, 800, 1000, 300), Tariff(1, 600, 1, 100, 99_00)
    with world.work(Face.OFFICE, merchant=town.merchants[Kind.SUPPLIER].id) as work:
        draft = TemplateDraft(f"{town.letter} 镇标准", Unit.WEIGHT, rest, (Zone(("44",), rest),), ("81",))
        actions.create(work, draft=draft, default=True)
        other = actions.create(work, draft=TemplateDraft(f"{town.letter} 镇按件", Unit.PIECE, near))
        actions.assign(work, [catalogue.products(work, Asked())[0][0].id], template_id=other)
