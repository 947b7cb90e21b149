"""The form of option groups: rows of plain fields named by place, so that it works and grows without a script.

A group is `g<n>-…`, an option `g<n>o<m>-…`. Rows without words are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from portal.domain.menus.values import MOST_GROUPS, MOST_OPTIONS, Group, Option
from portal.kernel.database import new_id
from portal.kernel.money import parse_yuan
from portal.kernel.refusals import Refusal
from portal.kernel.typed import half_width
from portal.kernel.words import say

SPARE = 2
Row = dict[str, Any]
_PLACE = re.compile(r"g(\d{1,2})(?:o(\d{1,2}))?-(\w+)")


def rows_of(groups: Sequence[Group]) -> list[Row]:
    """What is kept, with spare rows to fill."""
    rows = [
        {
            "id": str(group.id),
            "name": group.name,
            "full": group.full,
            "least": str(group.least),
            "most": str(group.most),
            "options": [*(_option(one) for one in group.options), *_spare(1)],
        }
        for group in groups
    ]
    return rows or [_empty()]


def _option(one: Option) -> Row:
    yuan, cents = divmod(abs(one.fen), 100)
    text = f"{'-' if one.fen < 0 else ''}{yuan}{f'.{cents:02}' if cents else ''}"
    return {"id": str(one.id), "name": one.name, "price": text, "part": str(one.part or "")}


def _spare(count: int) -> list[Row]:
    return [{"id": "", "name": "", "price": "", "part": ""} for _ in range(count)]


def _empty() -> Row:
    return {"id": "", "name": "", "full": False, "least": "0", "most": "1", "options": _spare(SPARE)}


def typed(form: Mapping[str, str]) -> list[Row]:
    """What was typed, in its places."""
    rows: dict[int, Row] = {}
    for name, text in form.items():
        found = _PLACE.fullmatch(name)
        if found is None or int(found[1]) > MOST_GROUPS:
            continue
        row = rows.setdefault(int(found[1]), {**_empty(), "options": {}})
        if found[2] is None:
            row[found[3]] = text == "yes" if found[3] == "full" else text
        elif int(found[2]) <= MOST_OPTIONS:
            row["options"].setdefault(int(found[2]), _spare(1)[0])[found[3]] = text
    return [
        {**rows[at], "options": [rows[at]["options"][to] for to in sorted(rows[at]["options"])]} for at in sorted(rows)
    ]


def further(rows: list[Row], what: str) -> list[Row]:
    """One group more, or two options more in each group."""
    if what == "group":
        return [*rows, _empty()][:MOST_GROUPS]
    return [{**row, "options": [*row["options"], *_spare(SPARE)]} for row in rows]


def groups(rows: Sequence[Row], known: Sequence[Group]) -> list[Group]:
    """The groups that were meant; ids that stood there stay, so that a cart keeps its choices."""
    ids = {str(group.id) for group in known} | {str(one.id) for group in known for one in group.options}
    return [_group(row, ids) for row in rows if row["name"].strip() or _meant(row["options"])]


def _meant(options: Sequence[Row]) -> list[Row]:
    return [one for one in options if one["name"].strip() or one["price"].strip()]


def _group(row: Row, ids: set[str]) -> Group:
    options = tuple(_typed_option(one, ids) for one in _meant(row["options"]))
    full = bool(row["full"])
    least, most = (1, 1) if full else (_whole(row["least"]), _whole(row["most"]))
    return Group(_id(row["id"], ids), " ".join(row["name"].split())[:30], full, least, most, options)


def _typed_option(one: Row, ids: set[str]) -> Option:
    part = _uuid(one.get("part", ""))
    return Option(_id(one["id"], ids), " ".join(one["name"].split())[:30], _fen(one["price"]), part)


def _fen(text: str) -> int:
    """Yuan, also below nothing (少盐 -0.5); nothing is 0."""
    plain = half_width(text).strip().replace("−", "-")
    if not plain:
        return 0
    fen = parse_yuan(plain.removeprefix("-").removeprefix("+"))
    return -fen if plain.startswith("-") else fen


def _whole(text: str) -> int:
    plain = half_width(text).strip()
    if not plain.isascii() or not plain.isdigit() or len(plain) > 2:
        raise Refusal(say("最少、最多要选几个，请填写整数。"), field="groups")
    return int(plain)


def _id(text: str, known: set[str]) -> UUID:
    return UUID(text) if text in known else new_id()


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
