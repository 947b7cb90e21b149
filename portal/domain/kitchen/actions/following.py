"""What happens to tables and lines elsewhere, carried over to their tickets. Of it all only 转台 is printed: the papers
that hang there name another table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, or_, select, update

from portal.domain.kitchen.actions.papers import put_on_paper
from portal.domain.kitchen.actions.pulse import beat, house
from portal.domain.kitchen.actions.setting import setup_of
from portal.domain.kitchen.actions.telling import made_of, place_of, sources
from portal.domain.kitchen.models import KitchenTicket
from portal.domain.kitchen.rules import slips
from portal.domain.kitchen.values import TicketKind, TicketState
from portal.domain.tabs.events import LinePart
from portal.domain.tabs.models import Sitting, TabLine
from portal.domain.tabs.values import LineState
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.work import Work

S = TicketState
LONG: Final = timedelta(hours=2)


def served(work: Work, merchant_id: UUID, store_id: UUID, line_id: UUID, *, yes: bool) -> None:
    """A line stands on the table, or was taken back from it."""
    with borrowed(work, house(merchant_id)):
        beat(work, merchant_id, store_id)
        for row in _told_of(work, merchant_id, line_id, whole=yes):
            if yes and row.state in (S.NEW, S.DONE):
                row.state, row.ended_at = S.SERVED.value, work.now()
            elif not yes and row.state == S.SERVED:
                row.state, row.ended_at, row.done_at = S.DONE.value, None, row.done_at or work.now()
        work.session.flush()


def _told_of(work: Work, merchant_id: UUID, line_id: UUID, *, whole: bool) -> list[KitchenTicket]:
    """What is made of a line; of a part without a ticket that of the line it was split from, once (`whole`) all parts
    are served.
    """
    for source in sources(work, merchant_id, line_id):
        waits = select(TabLine.id).where(
            TabLine.merchant_id == merchant_id,
            or_(TabLine.id == source, TabLine.from_id == source),
            TabLine.state == LineState.PLACED.value,
        )
        if whole and source != line_id and work.session.scalars(waits.limit(1)).first() is not None:
            return []
        make = made_of([_of_line(work, merchant_id, source)])
        if make:
            return make
    return []


def cleared(work: Work, merchant_id: UUID, store_id: UUID, sitting_id: UUID) -> None:
    """The table is empty: what was not called served, and slips nobody has taken notice of, leave the screens."""
    its = (KitchenTicket.ended_at.is_(None),)
    _set(work, merchant_id, store_id, sitting_id, its, ended_at=work.now())


def forgotten(work: Work, merchant_id: UUID, store_id: UUID) -> None:
    """What was for tables that ended hours ago stands there already, or is not wanted: it leaves the screens."""
    over = select(Sitting.id).where(Sitting.merchant_id == merchant_id, Sitting.id == KitchenTicket.sitting_id)
    over = over.where(Sitting.closed_at < work.now() - LONG)
    its = (KitchenTicket.merchant_id == merchant_id, KitchenTicket.store_id == store_id)
    with borrowed(work, house(merchant_id)):
        beat(work, merchant_id, store_id)
        rows = update(KitchenTicket).where(*its, KitchenTicket.ended_at.is_(None), over.exists())
        work.session.execute(rows.values(ended_at=work.now()), execution_options={"synchronize_session": False})


def back(work: Work, merchant_id: UUID, store_id: UUID, sitting_id: UUID) -> None:
    """Clearing was a mistake: what it took off the screens is there again."""
    made = and_(KitchenTicket.state == S.DONE.value, KitchenTicket.kind == TicketKind.MAKE.value)
    its = (KitchenTicket.ended_at.is_not(None), or_(KitchenTicket.state == S.NEW.value, made))
    _set(work, merchant_id, store_id, sitting_id, its, ended_at=None)


def _set(
    work: Work, merchant_id: UUID, store_id: UUID, sitting_id: UUID, its: tuple[Any, ...], **facts: datetime | None
) -> None:
    mine = (KitchenTicket.merchant_id == merchant_id, KitchenTicket.sitting_id == sitting_id)
    with borrowed(work, house(merchant_id)):
        work.session.flush()
        beat(work, merchant_id, store_id)
        work.session.execute(update(KitchenTicket).where(*mine, *its).values(**facts))


def moved(work: Work, merchant_id: UUID, store_id: UUID, sitting_id: UUID) -> None:
    """The sitting has other tables, or lines of another sitting: its tickets say so, and where papers for it are still
    open a slip does.
    """
    with borrowed(work, house(merchant_id)):
        work.session.flush()
        beat(work, merchant_id, store_id)
        lines = select(TabLine.id).where(TabLine.merchant_id == merchant_id, TabLine.sitting_id == sitting_id)
        its = (KitchenTicket.merchant_id == merchant_id, KitchenTicket.line_id.in_(lines))
        place = place_of(work, merchant_id, sitting_id)
        _tell_moved(work, merchant_id, store_id, sitting_id, place, its)
        work.session.execute(update(KitchenTicket).where(*its).values(sitting_id=sitting_id, place=place))


def _tell_moved(
    work: Work, merchant_id: UUID, store_id: UUID, sitting_id: UUID, place: str, its: tuple[Any, ...]
) -> None:
    """One slip for each printer and former place of what is not on the table yet."""
    open_ = (*its, KitchenTicket.state.in_([S.NEW.value, S.DONE.value]), KitchenTicket.place != place)
    query = select(KitchenTicket.station_id, KitchenTicket.place).where(*open_, KitchenTicket.job_id.is_not(None))
    found = work.session.execute(query.distinct().order_by(KitchenTicket.place)).all()
    if not found:
        return
    setup, told = setup_of(work, merchant_id, store_id), set()
    for station_id, before in found:
        printer = setup.printer_for(station_id)
        if printer is None or (printer.id, before) in told:
            continue
        told.add((printer.id, before))
        put_on_paper(
            work,
            store_id=store_id,
            printer_id=printer.id,
            kind="slip",
            title=slips.moved_title(before, place),
            lines=slips.moved(before, place, setup.name_of(station_id), work.now()),
            about=("sitting", sitting_id),
            spare_id=setup.spare_for(station_id),
        )


def split(work: Work, merchant_id: UUID, store_id: UUID, to_sitting_id: UUID, parts: Sequence[LinePart]) -> None:
    """Lines went to another sitting. A part of a line takes its share of the ticket along, or stays with it behind: the
    same paper told the kitchen of it.
    """
    with borrowed(work, house(merchant_id)):
        beat(work, merchant_id, store_id)
        place = place_of(work, merchant_id, to_sitting_id)
        for part in parts:
            if part.new_id == part.line_id:
                _leave_behind(work, merchant_id, part.line_id, to_sitting_id)
                for row in _of_line(work, merchant_id, part.line_id):
                    row.sitting_id, row.place = to_sitting_id, place
            for row in _told_of(work, merchant_id, part.line_id, whole=False):
                if row.line_id != part.new_id:
                    _part(work, row, part, to_sitting_id, place)
        work.session.flush()


def _leave_behind(work: Work, merchant_id: UUID, line_id: UUID, to_sitting_id: UUID) -> None:
    """The line goes as a whole; parts of it that share its ticket and stay get their own."""
    make, apart, sources_ = made_of([_of_line(work, merchant_id, line_id)]), list[TabLine](), [line_id]
    while make and sources_:
        query = select(TabLine).where(TabLine.merchant_id == merchant_id, TabLine.from_id.in_(sources_))
        found = [one for one in work.session.scalars(query) if not made_of([_of_line(work, merchant_id, one.id)])]
        apart += [one for one in found if one.sitting_id != to_sitting_id]
        sources_ = [one.id for one in found]
    for one in apart:
        part, place = LinePart(line_id, one.id, one.quantity), place_of(work, merchant_id, one.sitting_id)
        for row in make:
            _part(work, row, part, one.sitting_id, place)
    work.session.flush()


def _part(work: Work, row: KitchenTicket, part: LinePart, sitting_id: UUID, place: str) -> None:
    line = work.session.scalars(
        select(TabLine).where(TabLine.merchant_id == row.merchant_id, TabLine.id == part.new_id)
    ).one_or_none()
    there = {one.part for one in made_of([_of_line(work, row.merchant_id, part.new_id)])}
    if line is None or line.round_id is None or line.state == LineState.CANCELLED or row.part in there:
        return
    row.quantity = max(0, row.quantity - part.quantity)
    columns = [column.key for column in KitchenTicket.__mapper__.column_attrs]
    facts = {name: getattr(row, name) for name in columns}
    facts |= {
        "id": new_id(),
        "line_id": line.id,
        "round_id": line.round_id,
        "sitting_id": sitting_id,
        "place": place,
        "quantity": part.quantity,
    }
    work.session.add(KitchenTicket(**facts))


def _of_line(work: Work, merchant_id: UUID, line_id: UUID) -> list[KitchenTicket]:
    query = select(KitchenTicket).where(KitchenTicket.merchant_id == merchant_id, KitchenTicket.line_id == line_id)
    return list(work.session.scalars(query.execution_options(populate_existing=True)))
