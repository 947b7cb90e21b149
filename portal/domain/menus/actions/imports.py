"""A menu from a file: brought, mended row by row or many at once, then served, or given up; served it can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update

from portal.domain.menus.access import access_import
from portal.domain.menus.actions.books import EDIT, add_sections, create_menu, name_of
from portal.domain.menus.errors import ImportEnded, NothingChosen, StillWrong
from portal.domain.menus.models import DishPlace, DishRow, MenuBook, MenuImport, MenuImportRow
from portal.domain.menus.rules import groups, repair
from portal.domain.menus.rules.captured import Captured, holdable
from portal.domain.menus.values import DishKind, DishState, MenuFacts
from portal.kernel.database import new_id
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

Change = Callable[[repair.Facts], None]


def bring(work: Work, menus: Iterable[Captured], *, file_name: str) -> list[UUID]:
    """Keep each menu of a file with what is wrong with its rows; nothing is served yet."""
    work.require(EDIT)
    return [_bring(work, one, file_name) for one in menus]


def _bring(work: Work, menu: Captured, file_name: str) -> UUID:
    guess = repair.scale_of(menu.rows)
    held = MenuImport(
        merchant_id=work.merchant_id,
        id=new_id(),
        name=menu.name,
        file_name=holdable(file_name)[:120],
        state="ready",
        scale_bp=guess if guess == repair.YUAN else 0,
        scale_guess=guess,
        sections=list(menu.sections),
        menu_id=None,
        brought_at=work.now(),
        applied_at=None,
    )
    work.session.add(held)
    work.session.flush()
    rows = [
        MenuImportRow(
            merchant_id=work.merchant_id,
            id=new_id(),
            import_id=held.id,
            number=number,
            captured=captured,
            facts=repair.begun(captured),
            troubles=[],
            skipped=False,
            dish_id=None,
        )
        for number, captured in enumerate(menu.rows, 1)
    ]
    work.session.add_all(rows)
    _judge(held, rows)
    work.session.flush()
    work.audit("menu.brought", "menu_import", held.id, rows=len(rows))
    return held.id


def _judge(held: MenuImport, rows: Sequence[MenuImportRow]) -> None:
    """Say anew what is wrong with each row; rows that stay as they were are not written."""
    repeats = repair.repeats_of([(row.facts, row.skipped) for row in rows])
    for row, first in zip(rows, repeats, strict=True):
        found: list[Any] = []
        if not row.skipped:
            found = [one.value for one in repair.troubles(row.facts, held.scale_bp, repeats=first is not None)]
        if row.troubles != found:
            row.troubles = found


def _open(work: Work, import_id: UUID) -> tuple[MenuImport, list[MenuImportRow]]:
    held = access_import(work, import_id, lock=True)
    if held.state != "ready":
        raise ImportEnded
    return held, _rows(work, import_id)


def _rows(work: Work, import_id: UUID) -> list[MenuImportRow]:
    query = (
        select(MenuImportRow)
        .where(MenuImportRow.merchant_id == work.merchant_id, MenuImportRow.import_id == import_id)
        .order_by(MenuImportRow.number)
    )
    return list(work.session.execute(query).scalars())


def set_scale(work: Work, import_id: UUID, scale: int) -> None:
    """What one in the file's prices is: `repair.YUAN`, `FEN` or `HUNDREDTHS`. Prices typed since then stay."""
    held, rows = _open(work, import_id)
    if scale not in repair.SCALES:
        raise NotFound
    held.scale_bp = scale
    _judge(held, rows)
    work.audit("menu.import_scaled", "menu_import", import_id, scale=scale)


def mend(work: Work, import_id: UUID, row_ids: Iterable[UUID], change: Change) -> int:
    """The same decision for each of these rows; how many. Refuses none, and rows of another file."""
    held, rows = _open(work, import_id)
    wanted = set(row_ids)
    chosen = [row for row in rows if row.id in wanted]
    if not chosen or len(chosen) != len(wanted):
        raise NothingChosen(len(rows))
    _decided(work, held, rows, _change(chosen, change))
    return len(chosen)


def mend_troubled(work: Work, import_id: UUID, trouble: repair.Trouble, change: Change) -> int:
    """The same decision for every row with this trouble; how many."""
    held, rows = _open(work, import_id)
    chosen = [row for row in rows if trouble in row.troubles]
    _decided(work, held, rows, _change(chosen, change))
    return len(chosen)


def _decided(work: Work, held: MenuImport, rows: Sequence[MenuImportRow], changed: int) -> None:
    """So many rows are other ones now: judge them all anew, and say so in the trail."""
    _judge(held, rows)
    if changed:
        work.audit("menu.import_mended", "menu_import", held.id, rows=changed)


def _change(rows: Iterable[MenuImportRow], change: Change) -> int:
    changed = 0
    for row in rows:
        facts = {**row.facts, "groups": [_copied(group) for group in row.facts["groups"]]}
        change(facts)
        if facts != row.facts:
            row.facts, changed = facts, changed + 1
    return changed


def _copied(group: dict[str, Any]) -> dict[str, Any]:
    return {**group, "values": [dict(value) for value in group["values"]]}


def skip(work: Work, import_id: UUID, row_ids: Iterable[UUID], *, skipped: bool) -> int:
    """Leave rows out, or take them in again; how many."""
    held, rows = _open(work, import_id)
    wanted = set(row_ids)
    chosen = [row for row in rows if row.id in wanted]
    if not chosen or len(chosen) != len(wanted):
        raise NothingChosen(len(rows))
    others = [row for row in chosen if row.skipped != skipped]
    for row in others:
        row.skipped = skipped
    _decided(work, held, rows, len(others))
    return len(chosen)


def settle_repeats(work: Work, import_id: UUID) -> int:
    """Rows of the same name: what is alike in another section is one dish that stands twice, all else its own."""
    held, rows = _open(work, import_id)
    changed = 0
    for row, first in zip(rows, repair.repeats_of([(one.facts, one.skipped) for one in rows]), strict=True):
        if first is not None and row.facts["repeat"] is None:
            same = repair.alike(row.facts, rows[first].facts)
            row.facts = {**row.facts, "repeat": "same" if same else "own"}
            changed += 1
    _decided(work, held, rows, changed)
    return changed


def discard(work: Work, import_id: UUID) -> None:
    """Give the file up."""
    held = access_import(work, import_id, lock=True)
    if held.state != "ready":
        raise ImportEnded
    held.state = "discarded"
    work.audit("menu.import_discarded", "menu_import", import_id)


def apply(work: Work, import_id: UUID, menu: MenuFacts) -> UUID:
    """Make it a menu with all its rows; its id. Refuses (`StillWrong`) while something is undecided."""
    held, rows = _open(work, import_id)
    name_of(menu.name)
    left = sum(bool(row.troubles) for row in rows) or (0 if held.scale_bp else len(rows))
    taken = [row for row in rows if not row.skipped]
    if left or not taken:
        raise StillWrong(left)
    menu_id = create_menu(work, menu)
    names = list(dict.fromkeys((*held.sections, *(row.facts["section"] for row in taken))))
    sections = dict(zip(names, add_sections(work, menu_id, _named(names)), strict=True))
    _write(work, held, taken, sections)
    held.state, held.menu_id, held.applied_at = "applied", menu_id, work.now()
    work.audit("menu.imported", "menu", menu_id, rows=len(taken))
    return menu_id


def _named(sections: Iterable[str]) -> list[str]:
    return [name[:30] for name in sections]


def _write(work: Work, held: MenuImport, rows: Sequence[MenuImportRow], sections: dict[str, UUID]) -> None:
    first: dict[str, MenuImportRow] = {}
    dishes, places, standing = [], [], set()
    for row in rows:
        name = row.facts["name"].strip()
        twin = first.get(name)
        section = sections[row.facts["section"]]
        if twin is not None and row.facts["repeat"] == "same" and (section, twin.dish_id) not in standing:
            row.dish_id = twin.dish_id
        else:
            dishes.append(_dish(work, held, row))
        first.setdefault(name, row)
        standing.add((section, row.dish_id))
        places.append(
            DishPlace(
                merchant_id=work.merchant_id, section_id=section, dish_id=row.dish_id, position=row.number
            )
        )  # fmt: skip
    work.session.add_all(dishes)
    work.session.flush()
    work.session.add_all(places)
    work.session.flush()


def _dish(work: Work, held: MenuImport, row: MenuImportRow) -> DishRow:
    row.dish_id, facts, now = new_id(), row.facts, work.now()
    return DishRow(
        merchant_id=work.merchant_id,
        id=row.dish_id,
        name=facts["name"].strip()[: repair.MOST_NAME],
        unit=facts["unit"] or "份",
        kind=DishKind.DISH.value,
        pricing=facts["pricing"],
        price_fen=repair.price_fen(facts, held.scale_bp) or 0,
        per_grams=500,
        station="",
        note="",
        groups=groups.write(repair.groups_of(facts, held.scale_bp)),
        picture=None,
        state=DishState.ON.value,
        version=1,
        created_at=now,
        changed_at=now,
    )


def take_back_import(work: Work, import_id: UUID) -> None:
    """Undo what was imported: its menu goes, its dishes are thrown away, the rows stand as they were mended."""
    held = access_import(work, import_id, lock=True)
    if held.state != "applied" or held.menu_id is None:
        raise ImportEnded
    rows, menu_id = _rows(work, import_id), held.menu_id
    ids = {row.dish_id for row in rows if row.dish_id}
    held.state, held.menu_id, held.applied_at = "ready", None, None
    work.session.flush()
    mine = (DishRow.merchant_id == work.merchant_id, DishRow.id.in_(ids))
    work.session.execute(update(DishRow).where(*mine).values(state=DishState.GONE.value, changed_at=work.now()))
    gone = delete(MenuBook).where(MenuBook.merchant_id == work.merchant_id, MenuBook.id == menu_id)
    work.session.execute(gone)
    for row in rows:
        row.dish_id = None
    work.audit("menu.import_undone", "menu_import", import_id)
