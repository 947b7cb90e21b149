"""Telling the kitchen: one ticket for each version of a line (of a combo for each of its dishes), with its one original
paper, in the transaction of the event. Told again, nothing happens: the database holds (line, version, part) unique.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.floor.models import FloorTable
from portal.domain.kitchen.actions.papers import put_on_paper
from portal.domain.kitchen.actions.parts import Part, parts_of
from portal.domain.kitchen.actions.pulse import beat, house
from portal.domain.kitchen.actions.setting import Setup, setup_of
from portal.domain.kitchen.models import KitchenTicket
from portal.domain.kitchen.rules import slips
from portal.domain.kitchen.values import Slips, TicketKind, TicketState
from portal.domain.menus import actions as menus
from portal.domain.menus.values import Pick
from portal.domain.tabs.models import Round, Sitting, SittingTable, TabLine
from portal.domain.tabs.rules import pick_of
from portal.domain.tabs.values import LineKind, LineState
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.work import Work

TO_BE_MADE: Final = (LineKind.DISH, LineKind.MUST)
K, S = TicketKind, TicketState


def tell_round(work: Work, merchant_id: UUID, round_id: UUID) -> None:
    """All lines of a round. A part that was split from a line the kitchen knows is no news."""
    with borrowed(work, house(merchant_id)):
        lines = _lines(work, TabLine.merchant_id == merchant_id, TabLine.round_id == round_id)
        with _kitchen(work, merchant_id, lines) as told:
            known = {line.id: line for line in lines}
            fresh = [one for one in lines if one.state != LineState.CANCELLED and not _is_known(one, known, told)]
            parts = parts_of(work, merchant_id, fresh)
            _tell(work, merchant_id, [News(one, part, K.MAKE, one.quantity) for one in fresh for part in parts[one.id]])


def tell_fewer(work: Work, merchant_id: UUID, line_id: UUID, version: int, taken: int) -> None:
    """`taken` of a line are not wanted any more. What the kitchen never heard of, or heard already, is no news. Of a
    part that was split off (赠菜) it heard with the line it comes from.
    """
    with borrowed(work, house(merchant_id)):
        lines = _lines(work, TabLine.merchant_id == merchant_id, TabLine.id == line_id)
        for line in lines:  # before the pulse, as whoever orders holds them
            menus.hold_pieces(work, merchant_id, _sitting(work, merchant_id, line.sitting_id).store_id, _picks(line, 1))
        with _kitchen(work, merchant_id, lines, sources(work, merchant_id, line_id)) as told:
            make = made_of(told.values())
            heard = any(one.version == version for one in told.get(line_id, ()))
            if not make or version <= make[0].version or heard:
                return
            if not any(one.state in (S.DONE, S.SERVED) for one in make):
                _give_back(work, lines[0], taken)
            slips_ = [one for one in (*told.get(make[0].line_id, ()), *told.get(line_id, ())) if one.kind != K.MAKE]
            _tell(work, merchant_id, [_fewer(work, lines[0], one, slips_, taken, version) for one in make])


def sources(work: Work, merchant_id: UUID, line_id: UUID) -> list[UUID]:
    """The line, the one it was split from, and so on to the first."""
    chain: list[UUID] = []
    source: UUID | None = line_id
    while source is not None and source not in chain:
        chain.append(source)
        from_id = select(TabLine.from_id).where(TabLine.merchant_id == merchant_id, TabLine.id == source)
        source = work.session.scalar(from_id)
    return chain


def made_of(told: Iterable[Sequence[KitchenTicket]]) -> list[KitchenTicket]:
    """What the kitchen makes of it: of the nearest line that it was told to make."""
    for tickets in told:
        make = [one for one in tickets if one.kind == K.MAKE]
        if make:
            return make
    return []


def _picks(line: TabLine, quantity: int) -> list[Pick]:
    return [replace(pick_of(line), quantity=quantity)] if line.dish_id is not None else []


def _give_back(work: Work, line: TabLine, taken: int) -> None:
    """Nobody has made it: where pieces are counted, they are there again."""
    sitting = _sitting(work, line.merchant_id, line.sitting_id)
    menus.give_back(work, sitting.merchant_id, sitting.store_id, _picks(line, taken))


@dataclass(frozen=True)
class News:
    """What is to be told of a line, or of one dish of a combo; `before`: how many it was."""

    line: TabLine
    part: Part
    kind: TicketKind
    quantity: int
    version: int = 0
    before: int = 0
    station_id: UUID | None = None


def _fewer(
    work: Work, line: TabLine, make: KitchenTicket, slips_: Sequence[KitchenTicket], taken: int, version: int
) -> News:
    """The slip about one ticket, whose own number follows; older slips about what is off are out of date."""
    many = make.quantity
    left = max(0, many - taken)
    make.quantity = left or (0 if make.state == S.SERVED else many)
    for one in (make, *slips_) if left == 0 else ():
        if one.part == make.part and one.state in (S.NEW, S.DONE) and one.ended_at is None:
            one.state, one.ended_at = S.CANCELLED.value, work.now()
    part = Part(make.part, make.dish_id, make.name, make.unit, "", make.choice)
    return News(line, part, K.CHANGE if left else K.CANCEL, left or many, version, many, make.station_id)


def _lines(work: Work, *conditions: Any) -> list[TabLine]:
    work.session.flush()
    query = select(TabLine).where(
        *conditions,
        TabLine.kind.in_([kind.value for kind in TO_BE_MADE]),
        TabLine.state != LineState.DRAFT.value,
        TabLine.round_id.is_not(None),
    )
    return list(work.session.scalars(query.order_by(TabLine.id).execution_options(populate_existing=True)))


@contextmanager
def _kitchen(
    work: Work, merchant_id: UUID, lines: Sequence[TabLine], ids: Sequence[UUID] = ()
) -> Iterator[dict[UUID, list[KitchenTicket]]]:
    """Hold the store's kitchen; what it was told of these lines (or of `ids`, in their order), by version."""
    told: dict[UUID, list[KitchenTicket]] = {one: [] for one in ids}
    if lines:
        beat(work, merchant_id, _sitting(work, merchant_id, lines[0].sitting_id).store_id)
        asked = ids or [line.id for line in lines]
        query = select(KitchenTicket).where(KitchenTicket.merchant_id == merchant_id, KitchenTicket.line_id.in_(asked))
        query = query.order_by(KitchenTicket.version, KitchenTicket.part).execution_options(populate_existing=True)
        for ticket in work.session.scalars(query):
            told.setdefault(ticket.line_id, []).append(ticket)
    faults.point(work, "kitchen.tell.checked")
    yield told


def _is_known(line: TabLine, known: dict[UUID, TabLine], told: dict[UUID, list[KitchenTicket]]) -> bool:
    at: TabLine | None = line
    while at is not None:
        if at.id in told:
            return True
        at = known.get(at.from_id) if at.from_id else None
    return False


def _sitting(work: Work, merchant_id: UUID, sitting_id: UUID) -> Sitting:
    return work.session.scalars(
        select(Sitting).where(Sitting.merchant_id == merchant_id, Sitting.id == sitting_id)
    ).one()


def _tell(work: Work, merchant_id: UUID, news: Sequence[News]) -> None:
    if not news:
        return
    sitting = _sitting(work, merchant_id, news[0].line.sitting_id)
    setup = setup_of(work, merchant_id, sitting.store_id)
    place, rounds = place_of(work, merchant_id, sitting.id), _rounds(work, merchant_id, [one.line for one in news])
    made = [(_ticket(work, sitting, place, rounds, setup, one), one.before) for one in news]
    _print(work, setup, sitting, rounds, made)
    work.session.add_all(ticket for ticket, _before in made)
    work.session.flush()
    faults.point(work, "kitchen.tell.written")


def _rounds(work: Work, merchant_id: UUID, lines: Iterable[TabLine]) -> dict[UUID, Round]:
    ids = {line.round_id for line in lines if line.round_id}
    query = select(Round).where(Round.merchant_id == merchant_id, Round.id.in_(ids))
    return {one.id: one for one in work.session.scalars(query)}


def place_of(work: Work, merchant_id: UUID, sitting_id: UUID) -> str:
    """The names of the tables a sitting has now."""
    query = (
        select(FloorTable.name)
        .join(SittingTable, SittingTable.table_id == FloorTable.id)
        .where(SittingTable.merchant_id == merchant_id, FloorTable.merchant_id == merchant_id)
        .where(SittingTable.sitting_id == sitting_id, SittingTable.left_at.is_(None))
        .order_by(FloorTable.name)
    )
    return "+".join(work.session.scalars(query)) or "—"


def _ticket(
    work: Work, sitting: Sitting, place: str, rounds: dict[UUID, Round], setup: Setup, news: News
) -> KitchenTicket:
    line = news.line
    assert line.round_id is not None
    return KitchenTicket(
        merchant_id=sitting.merchant_id,
        id=new_id(),
        store_id=sitting.store_id,
        station_id=news.station_id or setup.station_for(news.part.dish_id, news.part.tag),
        sitting_id=sitting.id,
        round_id=line.round_id,
        line_id=line.id,
        version=news.version or line.version,
        kind=news.kind.value,
        state=S.NEW.value,
        place=place,
        nth=rounds[line.round_id].nth,
        part=news.part.nth,
        dish_id=news.part.dish_id,
        name=news.part.name,
        choice=news.part.choice,
        note=line.note,
        unit=news.part.unit,
        quantity=news.quantity,
        grams=line.grams,
        placed_at=work.now(),
    )


def _print(
    work: Work,
    setup: Setup,
    sitting: Sitting,
    rounds: dict[UUID, Round],
    made: Sequence[tuple[KitchenTicket, int]],
) -> None:
    """One paper for each station and kind, or for each dish where the printer cuts so."""
    papers: dict[tuple[Any, ...], list[tuple[KitchenTicket, int]]] = {}
    for ticket, before in made:
        printer = setup.printer_for(ticket.station_id)
        if printer is not None:
            own = ticket.id if printer.slips == Slips.DISH else None
            papers.setdefault((printer.id, ticket.station_id, ticket.kind, ticket.round_id, own), []).append(
                (ticket, before)
            )
    for (printer_id, station_id, kind, round_id, _own), group in papers.items():
        first = group[0][0]
        head = slips.Head(
            TicketKind(kind),
            setup.name_of(station_id),
            first.place,
            first.nth,
            sitting.people,
            work.now(),
            rounds[round_id].note if kind == K.MAKE else "",
        )
        items = [
            slips.Item(one.name, one.choice, one.note, one.unit, one.quantity, one.grams, before)
            for one, before in group
        ]
        job_id = put_on_paper(
            work,
            store_id=sitting.store_id,
            printer_id=printer_id,
            kind="slip",
            title=slips.title(head, items),
            lines=slips.slip(head, items),
            about=("round", round_id),
            spare_id=setup.spare_for(station_id),
        )
        for ticket, _before in group:
            ticket.job_id = job_id
