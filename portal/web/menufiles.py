"""A menu's file as it is uploaded, and one of its rows as a form."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from pathlib import PurePath
from typing import Any
from uuid import UUID

from werkzeug.datastructures import FileStorage

from portal.domain.menus.queries.imports import ImportRow
from portal.domain.menus.rules import captured
from portal.domain.menus.rules.captured import COLUMNS, MOST_BYTES, NEEDED, Captured
from portal.domain.menus.rules.repair import option_fen
from portal.kernel.sheets import look, open_sheet
from portal.web.forms.menus import RowForm


def read(upload: FileStorage) -> tuple[Captured, ...]:
    """The menus of a JSON file, or the one of a sheet (CSV, xlsx). Refuses anything else in a sentence."""
    content = upload.stream.read(MOST_BYTES + 1)
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return captured.read(content)
    file = io.BytesIO(content)
    looked = look(file)
    file.seek(0)
    sheet = open_sheet(file, COLUMNS, NEEDED, looked)
    name = PurePath(upload.filename or "").stem[:30] or "菜单"
    return (captured.from_lines(name, (cells for _number, cells in sheet.rows)),)


def values(row: ImportRow) -> dict[str, Any]:
    """A row as the form's first values."""
    facts = row.facts
    return {
        "name": facts["name"],
        "section": facts["section"],
        "unit": facts["unit"],
        "pricing": facts["pricing"],
        "price": row.price_fen or None,
        "repeat": facts["repeat"] or "",
        "skipped": row.skipped,
    }


def option_rows(row: ImportRow, scale: int) -> list[dict[str, Any]]:
    """Its groups as `optionforms` shows them."""
    return [
        {
            "id": "",
            "name": group["name"],
            "full": bool(group["guess"] if group["full"] is None else group["full"]),
            "least": str(group["least"]),
            "most": str(group["most"]),
            "options": [
                {"id": "", "name": one["name"], "price": _yuan(option_fen(one, scale)), "part": ""}
                for one in group["values"]
            ],
        }
        for group in row.facts["groups"]
    ]


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen / 100:.2f}".removesuffix(".00")


def facts(form: RowForm, row: ImportRow, titles: Collection[str]) -> dict[str, Any]:
    """What was typed, as the row keeps it; a price that was left empty stays the file's."""
    pricing = form.pricing.data if form.pricing.data in ("fixed", "market", "weight") else "fixed"
    typed = form.price.data
    return {
        "name": " ".join((form.name.data or "").split()),
        "section": form.section.data if form.section.data in titles else row.facts["section"],
        "unit": (form.unit.data or "").strip() or "份",
        "pricing": pricing,
        "fen": typed if typed is not None else row.facts["fen"],
        "repeat": form.repeat.data if form.repeat.data in ("same", "own") else row.facts["repeat"],
    }


def following(rows: Sequence[ImportRow], number: int) -> UUID | None:
    """The next row with a trouble, from the beginning again at the end."""
    left = [row for row in rows if row.troubles]
    return next((row.id for row in left if row.number > number), left[0].id if left else None)
