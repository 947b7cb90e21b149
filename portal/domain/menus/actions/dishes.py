"""Dishes: written, changed, given option groups, moved, changed many at once, thrown away and taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select

from portal.domain.menus.access import access_dish, access_section, refuse_shared
from portal.domain.menus.actions.books import EDIT
from portal.domain.menus.errors import DishStale, DishWrong, NothingChosen
from portal.domain.menus.models import DishPlace, DishRow
from portal.domain.menus.rules import groups as rules
from portal.domain.menus.values import MOST_FEN, PER_GRAMS, DishFacts, DishKind, DishState, Group, Pricing
from portal.kernel.database import new_id
from portal.kernel.refusals import NotFound
from portal.kernel.words import say
from portal.kernel.work import Work

MOST_AT_ONCE = 500
MOST_NAME = 60
MOST_NOTE = 300
MOST_WORD = 12


def create(work: Work, facts: DishFacts, groups: Sequence[Group] = ()) -> UUID:
    """A dish, served from now on where it stands."""
    work.require(EDIT)
    row = DishRow(
        merchant_id=work.merchant_id,
        id=new_id(),
        picture=None,
        state=DishState.ON.value,
        version=1,
        created_at=work.now(),
    )
    row.groups = rules.write(groups)
    _fill(work, row, facts)
    work.session.add(row)
    work.session.flush()
    place(work, row.id, facts.sections)
    work.audit("dish.created", "dish", row.id)
    return row.id


def edit(work: Work, dish_id: UUID, facts: DishFacts, *, version: int) -> None:
    """Change it; tabs keep the price they were placed with. Refuses (`DishStale`) when somebody was faster, and
    (`BeyondReach`) a dish of stores that who acts is not in charge of.
    """
    row = _held(work, dish_id, version)
    was = row.price_fen
    _fill(work, row, facts)
    work.session.flush()
    place(work, dish_id, facts.sections)
    work.audit("dish.edited", "dish", dish_id, was_fen=was, price_fen=facts.price_fen)


def set_groups(work: Work, dish_id: UUID, groups: Sequence[Group], *, version: int) -> None:
    """Its option groups, all anew. Refuses (`GroupsWrong`) what nobody could choose from."""
    kept = rules.write(groups)
    row = _held(work, dish_id, version)
    rules.check_priced(Pricing(row.pricing), groups)
    row.groups = kept
    row.changed_at = work.now()
    _check_parts(work, row, groups)
    work.audit("dish.groups", "dish", dish_id, groups=len(groups))


def set_picture(work: Work, dish_id: UUID, picture: dict[str, object] | None) -> tuple[str, ...]:
    """Another picture or none; the names of the files that nobody needs any more."""
    row = access_dish(work, dish_id, lock=True, may=EDIT)
    was = row.picture or {}
    row.picture, row.changed_at = picture, work.now()
    work.audit("dish.picture", "dish", dish_id, has=picture is not None)
    return tuple(str(was[size]) for size in ("full", "wide", "small") if size in was)


def _held(work: Work, dish_id: UUID, version: int) -> DishRow:
    row = access_dish(work, dish_id, lock=True, may=EDIT)
    refuse_shared(work, [dish_id])
    if row.version != version:
        raise DishStale
    row.version += 1
    return row


def _check_parts(work: Work, row: DishRow, groups: Sequence[Group]) -> None:
    """A combo's parts are the merchant's own dishes, and no combo lies in a combo."""
    parts = {option.part for group in groups for option in group.options if option.part}
    if not parts:
        return
    if row.kind != DishKind.COMBO:
        raise DishWrong(say("只有套餐的选项可以是另一道菜。"), "groups")
    found = select(DishRow.id, DishRow.kind).where(DishRow.merchant_id == work.merchant_id, DishRow.id.in_(parts))
    kinds = {one.id: one.kind for one in work.session.execute(found)}
    if set(kinds) != parts or DishKind.COMBO in kinds.values():
        raise DishWrong(say("套餐里只能放单点的菜。"), "groups")


def _fill(work: Work, row: DishRow, facts: DishFacts) -> None:
    _check(facts)
    _check_sizes(row, facts)
    row.name, row.unit, row.kind = " ".join(facts.name.split()), facts.unit.strip(), facts.kind.value
    row.pricing, row.per_grams = facts.pricing.value, facts.per_grams
    row.price_fen = 0 if facts.pricing is Pricing.MARKET else facts.price_fen
    row.station, row.note = facts.station.strip(), facts.note.strip()
    row.changed_at = work.now()


def _check_sizes(row: DishRow, facts: DishFacts) -> None:
    """In what is weighed or has the price of the day no choice can be the price."""
    if facts.pricing is not Pricing.FIXED and any(group["full"] for group in row.groups):
        raise DishWrong(say("这道菜有“整份价”的选项组，请先把它改成“加价”，再改成时价或称重。"), "pricing")


def _check(facts: DishFacts) -> None:
    if not 1 <= len(" ".join(facts.name.split())) <= MOST_NAME:
        raise DishWrong(say("菜名要有 1 到 %(most)s 个字。", most=MOST_NAME), "name")
    if not 1 <= len(facts.unit.strip()) <= MOST_WORD:
        raise DishWrong(say("请填写单位，例如 份、瓶。"), "unit")
    if not 0 <= facts.price_fen <= MOST_FEN:
        raise DishWrong(say("价格最多 %(most)s 元。", most=MOST_FEN // 100), "price")
    if facts.per_grams not in PER_GRAMS:
        raise DishWrong(say("请选择按多少克计价。"), "per_grams")
    if len(facts.station.strip()) > MOST_WORD:
        raise DishWrong(say("档口最多 %(most)s 个字。", most=MOST_WORD), "station")
    if len(facts.note) > MOST_NOTE:
        raise DishWrong(say("说明最多 %(most)s 个字。", most=MOST_NOTE), "note")


def place(work: Work, dish_id: UUID, sections: Sequence[UUID]) -> None:
    """Stand in exactly these sections; where it stood already it keeps its place, elsewhere it comes last."""
    keys = (DishPlace.merchant_id == work.merchant_id, DishPlace.dish_id == dish_id)
    standing = set(work.session.execute(select(DishPlace.section_id).where(*keys)).scalars())
    for gone in standing - set(sections):
        work.session.execute(delete(DishPlace).where(*keys, DishPlace.section_id == gone))
    for section_id in dict.fromkeys(sections):
        if section_id in standing:
            continue
        access_section(work, section_id, lock=True, may=EDIT)
        last = select(func.max(DishPlace.position)).where(
            DishPlace.merchant_id == work.merchant_id, DishPlace.section_id == section_id
        )
        position = (work.session.execute(last).scalar() or 0) + 1
        row = DishPlace(merchant_id=work.merchant_id, section_id=section_id, dish_id=dish_id, position=position)
        work.session.add(row)
        work.session.flush()


def change_many(work: Work, dish_ids: Iterable[UUID], change: Callable[[DishRow], None], what: str) -> int:
    """The same change to each of these dishes, all or none; how many. Refuses none, more than 500 and `BeyondReach`."""
    work.require(EDIT)
    ids = list(dict.fromkeys(dish_ids))
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        raise NothingChosen(MOST_AT_ONCE)
    wanted = (
        select(DishRow)
        .where(DishRow.merchant_id == work.merchant_id, DishRow.id.in_(ids), DishRow.state != DishState.GONE.value)
        .order_by(DishRow.id)
        .with_for_update()
    )
    rows = list(work.session.execute(wanted).scalars())
    if len(rows) != len(ids):
        raise NotFound
    refuse_shared(work, ids)
    for row in rows:
        change(row)
        row.version += 1
        row.changed_at = work.now()
    work.session.flush()
    for row in rows:
        work.audit(what, "dish", row.id)
    return len(rows)


def set_state(work: Work, dish_ids: Iterable[UUID], state: DishState) -> int:
    """Served, not served, or thrown away."""
    return change_many(work, dish_ids, lambda row: setattr(row, "state", state.value), f"dish.{state.value}")


def take_back(work: Work, dish_id: UUID) -> None:
    """A dish that was thrown away comes back, not served until somebody says so."""
    work.require(EDIT)
    query = select(DishRow).where(DishRow.merchant_id == work.merchant_id, DishRow.id == dish_id).with_for_update()
    row = work.session.execute(query).scalar_one_or_none()
    if row is None:
        raise NotFound
    if row.state == DishState.GONE:
        row.state, row.changed_at = DishState.OFF.value, work.now()
        work.audit("dish.taken_back", "dish", dish_id)


def set_station(work: Work, dish_ids: Iterable[UUID], station: str) -> int:
    """The kitchen's place for them."""
    work.require(EDIT)
    word = station.strip()
    if len(word) > MOST_WORD:
        raise DishWrong(say("档口最多 %(most)s 个字。", most=MOST_WORD), "station")
    return change_many(work, dish_ids, lambda row: setattr(row, "station", word), "dish.station")


def copy_groups(work: Work, dish_ids: Iterable[UUID], source_id: UUID, names: Sequence[str] = ()) -> int:
    """Give them the option groups of another dish (all, or those so named) instead of those of the same name."""
    source = access_dish(work, source_id, may=EDIT)
    wanted = [group for group in rules.read(source.groups) if not names or group.name in names]

    def change(row: DishRow) -> None:
        kept = [one for one in rules.read(row.groups) if one.name not in {group.name for group in wanted}]
        rules.check_priced(Pricing(row.pricing), wanted)
        row.groups = rules.write([*kept, *(_anew(group) for group in wanted)])

    return change_many(work, dish_ids, change, "dish.groups_copied")


def _anew(group: Group) -> Group:
    options = tuple(type(one)(new_id(), one.name, one.fen, one.part) for one in group.options)
    return Group(new_id(), group.name, group.full, group.least, group.most, options)
