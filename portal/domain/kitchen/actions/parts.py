"""A combo in the kitchen: each of its dishes is told to the station that makes it, one ticket for each part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.domain.menus.models import DishRow
from portal.domain.menus.rules import groups
from portal.domain.menus.values import DishKind, Option
from portal.domain.tabs.models import TabLine
from portal.domain.tabs.rules import pick_of
from portal.kernel.work import Work


@dataclass(frozen=True)
class Part:
    """What one ticket of a line is about: all of it (nth 0), or one dish of a combo."""

    nth: int
    dish_id: UUID | None
    name: str
    unit: str
    tag: str
    choice: str


def whole(line: TabLine) -> Part:
    """The line as it is."""
    return Part(0, line.dish_id, line.name, line.unit, line.station, line.choice)


def parts_of(work: Work, merchant_id: UUID, lines: Sequence[TabLine]) -> dict[UUID, tuple[Part, ...]]:
    """By line: the dishes that its combo is made of; a line that is no combo, or one without dishes, is whole."""
    ids = {line.dish_id for line in lines if line.dish_id and line.picks["options"]}
    combos = select(DishRow.id, DishRow.groups).where(
        DishRow.merchant_id == merchant_id, DishRow.id.in_(ids), DishRow.kind == DishKind.COMBO.value
    )
    known = {row.id: groups.read(row.groups) for row in work.session.execute(combos)} if ids else {}
    chosen = {line.id: _chosen(line, [one for g in known[line.dish_id] for one in g.options]) for line in lines
              if line.dish_id in known}  # fmt: skip
    dishes = _dishes(work, merchant_id, {one.part for options in chosen.values() for one in options if one.part})
    return {line.id: _parts(line, chosen.get(line.id, ()), dishes) for line in lines}


def _chosen(line: TabLine, options: Sequence[Option]) -> tuple[Option, ...]:
    picked = {one for ids in pick_of(line).options.values() for one in ids}
    return tuple(one for one in options if one.id in picked)


def _dishes(work: Work, merchant_id: UUID, ids: set[UUID]) -> dict[UUID, DishRow]:
    if not ids:
        return {}
    query = select(DishRow).where(DishRow.merchant_id == merchant_id, DishRow.id.in_(ids))
    return {row.id: row for row in work.session.scalars(query)}


def _parts(line: TabLine, options: Sequence[Option], dishes: dict[UUID, DishRow]) -> tuple[Part, ...]:
    made = [dishes[one.part] for one in options if one.part in dishes]
    if not made:
        return (whole(line),)
    others = [one.name for one in options if one.part not in dishes]
    words = "；".join((line.name, *others))
    return tuple(Part(at, row.id, row.name, row.unit, row.station, words) for at, row in enumerate(made, start=1))
