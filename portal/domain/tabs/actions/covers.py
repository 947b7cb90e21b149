"""茶位费: a line of its own that follows the number of people, and what the house puts on each first order (必点)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.menus import queries as menus
from portal.domain.menus.values import TableRules
from portal.domain.tabs import errors
from portal.domain.tabs.access import lines_of
from portal.domain.tabs.models import Round, Sitting, TabLine
from portal.domain.tabs.values import LineKind, LineState
from portal.kernel.database import new_id
from portal.kernel.work import Work


def match_covers(work: Work, sitting: Sitting) -> None:
    """Bring 茶位费 after the people of a sitting that is held and has ordered. What the staff took off stays off.

    Refuses to lower what is being paid (CoversHeld).
    """
    rules = menus.table_rules(work, sitting.merchant_id, sitting.store_id)
    covers = [line for line in lines_of(work, sitting) if line.kind == LineKind.COVER]
    missing = sitting.people - sum(line.quantity for line in covers)
    if missing > 0:
        round_id = _last_round(work, sitting)
        added = cover_lines(work, sitting, round_id, rules, covers) if round_id is not None else []
        work.session.add_all(added)
        sitting.settled_at = None if added else sitting.settled_at
    elif missing < 0:
        _lower(work, covers, -missing)
    work.session.flush()


def _last_round(work: Work, sitting: Sitting) -> UUID | None:
    query = select(Round.id).where(Round.merchant_id == sitting.merchant_id, Round.sitting_id == sitting.id)
    return work.session.scalars(query.order_by(Round.nth.desc()).limit(1)).one_or_none()


def cover_lines(
    work: Work, sitting: Sitting, round_id: UUID, rules: TableRules, there: Sequence[TabLine]
) -> list[TabLine]:
    """The line for people who are not charged yet; nothing where the store asks no 茶位费."""
    missing = sitting.people - sum(line.quantity for line in there if line.kind == LineKind.COVER)
    if missing <= 0 or rules.cover_fen <= 0:
        return []
    facts = {"name": rules.cover_name, "unit": "", "unit_fen": rules.cover_fen, "quantity": missing}
    return [house_line(work, sitting, round_id, LineKind.COVER, facts)]


def house_line(work: Work, sitting: Sitting, round_id: UUID, kind: LineKind, facts: dict[str, Any]) -> TabLine:
    """A line that nobody picked: placed at once, the table's."""
    total = facts.pop("total_fen", None)
    total = facts["unit_fen"] * facts["quantity"] if total is None else total
    empty: dict[str, Any] = {"dish_id": None, "choice": "", "picks": {}, "grams": None, "price": [], "station": ""}
    return TabLine(
        merchant_id=sitting.merchant_id,
        id=new_id(),
        sitting_id=sitting.id,
        round_id=round_id,
        guest_id=None,
        kind=kind.value,
        **{**empty, **facts},
        total_fen=total,
        due_fen=total,
        note="",
        state=(LineState.SERVED if kind is LineKind.COVER else LineState.PLACED).value,
        reason="",
        version=1,
        made_at=work.now(),
        placed_at=work.now(),
        changed_at=work.now(),
    )


@dataclass(frozen=True)
class Cut:
    """So many people less on a line; `due_fen` less is to be paid of it."""

    line: TabLine
    pieces: int
    due_fen: int


def cuts_for(work: Work, sitting: Sitting, people: int) -> list[Cut]:
    """What `people` instead of those that are charged would take off a sitting that is held; nothing when none is
    charged too much. What is being paid is left out.
    """
    covers = [line for line in lines_of(work, sitting) if line.kind == LineKind.COVER]
    return _cuts(covers, sum(line.quantity for line in covers) - people)


def _cuts(covers: Sequence[TabLine], surplus: int) -> list[Cut]:
    """Off lines that were cancelled already first, then off the latest; the rest of a line stays."""
    found: list[Cut] = []
    free = [line for line in reversed(covers) if line.bill_id is None]
    for line in sorted(free, key=lambda one: one.state != LineState.CANCELLED):
        taken = min(surplus - sum(cut.pieces for cut in found), line.quantity)
        if taken > 0:
            left_fen = min(line.due_fen, line.unit_fen * (line.quantity - taken))
            found.append(Cut(line, taken, line.due_fen - left_fen))
    return found


def _lower(work: Work, covers: Sequence[TabLine], surplus: int) -> None:
    cuts = _cuts(covers, surplus)
    if sum(cut.pieces for cut in cuts) < surplus:
        raise errors.CoversHeld
    for cut in cuts:
        line = cut.line
        if cut.pieces == line.quantity:
            work.session.delete(line)
            continue
        line.quantity -= cut.pieces
        line.total_fen = line.unit_fen * line.quantity
        line.due_fen -= cut.due_fen
        line.version += 1
        line.changed_at = work.now()


def has_rounds(work: Work, sitting: Sitting) -> int:
    """How many rounds were placed."""
    query = select(func.max(Round.nth)).where(Round.merchant_id == sitting.merchant_id)
    return int(work.session.execute(query.where(Round.sitting_id == sitting.id)).scalar() or 0)
