"""Menus that were brought: the list, and one with its rows and what is still wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.menus.access import access_import
from portal.domain.menus.models import MenuImport, MenuImportRow
from portal.domain.menus.rules import repair
from portal.domain.menus.rules.repair import Trouble
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.work import Work

MOST = 50


@dataclass(frozen=True)
class ImportLine:
    """A menu that was brought. `scale` 0: nobody has said yet what its prices are in."""

    id: UUID
    name: str
    file_name: str
    state: str
    scale: int
    guess: int
    menu_id: UUID | None
    brought_at: datetime
    rows: int
    skipped: int
    troubled: int

    @property
    def taken(self) -> int:
        """Rows that are not left out."""
        return self.rows - self.skipped


@dataclass(frozen=True)
class ImportRow:
    """A row: what came, what was decided, what it costs then, what is still wrong."""

    id: UUID
    number: int
    captured: Mapping[str, Any]
    facts: Mapping[str, Any]
    price_fen: int | None
    troubles: tuple[Trouble, ...]
    skipped: bool


@dataclass(frozen=True)
class GroupAsked:
    """Option groups of one name that look like full prices: how many rows, and an example."""

    name: str
    rows: int
    example: str


def imports(work: Work, *, after: UUID | None = None) -> tuple[tuple[ImportLine, ...], bool]:
    """A page of them, the newest first; whether more follow."""
    work.require(Permission.MENU_EDIT)
    query = _lines(work).order_by(MenuImport.id.desc()).limit(MOST + 1)
    found = [_line(row) for row in work.session.execute(query.where(MenuImport.id < after) if after else query)]
    return tuple(found[:MOST]), len(found) > MOST


def _lines(work: Work) -> Any:
    rows = (MenuImportRow.merchant_id == MenuImport.merchant_id, MenuImportRow.import_id == MenuImport.id)
    whole = select(func.count()).where(*rows).scalar_subquery()
    skipped = select(func.count()).where(*rows, MenuImportRow.skipped).scalar_subquery()
    wrong = select(func.count()).where(*rows, func.jsonb_array_length(MenuImportRow.troubles) > 0).scalar_subquery()
    return select(MenuImport, whole, skipped, wrong).where(MenuImport.merchant_id == work.merchant_id)


def _line(row: Any) -> ImportLine:
    held, whole, skipped, wrong = row
    return ImportLine(
        held.id,
        held.name,
        held.file_name,
        held.state,
        held.scale_bp,
        held.scale_guess,
        held.menu_id,
        held.brought_at,
        whole,
        skipped,
        wrong,
    )


def import_line(work: Work, import_id: UUID) -> ImportLine:
    """One of them with its counts."""
    access_import(work, import_id)
    return _line(work.session.execute(_lines(work).where(MenuImport.id == import_id)).one())


def import_rows(work: Work, import_id: UUID) -> tuple[ImportRow, ...]:
    """All rows in the file's order; a menu has 2,000 at most."""
    held = access_import(work, import_id)
    query = (
        select(MenuImportRow)
        .where(MenuImportRow.merchant_id == work.merchant_id, MenuImportRow.import_id == import_id)
        .order_by(MenuImportRow.number)
    )
    return tuple(_row(row, held.scale_bp) for row in work.session.execute(query).scalars())


def import_row(work: Work, import_id: UUID, row_id: UUID) -> ImportRow:
    """One row."""
    found = [row for row in import_rows(work, import_id) if row.id == row_id]
    if not found:
        raise NotFound
    return found[0]


def _row(row: MenuImportRow, scale: int) -> ImportRow:
    troubles = tuple(Trouble(one) for one in row.troubles)
    fen = repair.price_fen(row.facts, scale)
    return ImportRow(row.id, row.number, row.captured, row.facts, fen, troubles, row.skipped)


def asked_groups(rows: tuple[ImportRow, ...]) -> tuple[GroupAsked, ...]:
    """The names of groups that somebody has to decide on, with an example each."""
    found: dict[str, list[str]] = {}
    for row in rows:
        for group in () if row.skipped else row.facts["groups"]:
            if group["full"] is None:
                values = "、".join(f"{one['name']} {one['price']}" for one in group["values"][:3])
                found.setdefault(group["name"], []).append(f"{row.facts['name']} {row.facts['price']}：{values}")
    return tuple(GroupAsked(name, len(examples), examples[0]) for name, examples in found.items())
