"""From drafts to a round (加菜): priced anew by the menu, 茶位费 and 必点 put on, told to the kitchen.

The sitting's row is held, so of two friends who press at once the second finds nothing left. Where the store is paid
before it cooks (先付), the round waits until `release`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from portal.domain.menus import actions as menu_acts
from portal.domain.menus import queries as menus
from portal.domain.menus.values import Pick, Priced, TableRules
from portal.domain.stores import queries as stores
from portal.domain.tabs import errors
from portal.domain.tabs.access import access_held, lines_of, touch
from portal.domain.tabs.actions.covers import cover_lines, has_rounds, house_line
from portal.domain.tabs.actions.drafts import price_drafts, put_price
from portal.domain.tabs.actions.settling import refuse_settled
from portal.domain.tabs.events import RoundPlaced, RoundWaits, RoundWithdrawn
from portal.domain.tabs.models import Round, Sitting, TabLine
from portal.domain.tabs.rules import pick_of
from portal.domain.tabs.values import NOTE_MOST, LineKind, LineState, Pays, Seen
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face
from portal.kernel.work import Work

COVER: Final = LineKind.COVER


def place(
    work: Work,
    sitting_id: UUID,
    guest_id: UUID | None = None,
    *,
    mine_only: bool = False,
    seen: Mapping[UUID, Seen] | None = None,
    note: str = "",
) -> UUID:
    """Send drafts to the kitchen as one round; returns it.

    `guest_id` is who presses; a guest's own face says it by itself. At a shared tab all guests' drafts go, with
    `mine_only` or at separate bills his own; the staff (None) sends what the staff wrote down. `seen` is what the page
    showed: only these lines go, and one with another quantity or price is refused (LineMoved, PriceMoved).
    Refuses NothingToPlace, Settled, a guest at a StoreShut, and what the menu does not serve now (NotServedNow).
    """
    work.require(Permission.TAB_ORDER)
    note, guest_id = clean_line(note, field="note", most=NOTE_MOST, required=False), work.actor.guest_id or guest_id
    guest = work.scope.face is Face.GUEST
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        refuse_settled(work, sitting)
        if guest and not stores.is_listed(work, sitting.merchant_id, sitting.store_id):
            raise errors.StoreShut
        lines = lines_of(work, sitting)
        chosen = _chosen(sitting, lines, guest_id, mine_only)
        _check_seen(chosen, seen)
        chosen = [line for line in chosen if seen is None or line.id in seen]
        if not chosen:
            raise errors.NothingToPlace
        faults.point(work, "tabs.place.checked")
        rules = menus.table_rules(work, sitting.merchant_id, sitting.store_id)
        priced, musts = _quote(work, sitting, chosen, _missing(rules, lines, chosen))
        _check_prices(chosen, priced, seen)
        return _write(work, sitting, guest_id, note, list(zip(chosen, priced, strict=True)), musts, lines, rules)


def send(work: Work, sitting_id: UUID, **facts: Any) -> UUID | errors.PriceMoved:
    """As `place`; when the menu's prices have moved since the drafts were written down nothing is sent, but the drafts
    carry the new prices from here on: the refusal is returned, so that this stays and the next press works.
    """
    try:
        with work.session.begin_nested():
            return place(work, sitting_id, **facts)
    except errors.PriceMoved as moved:
        if not price_drafts(work, sitting_id):
            raise
        return moved


def _chosen(sitting: Sitting, lines: Sequence[TabLine], guest_id: UUID | None, mine_only: bool) -> list[TabLine]:
    drafts = [line for line in lines if line.state == LineState.DRAFT]
    if guest_id is None:
        return [line for line in drafts if line.guest_id is None]
    if mine_only or not sitting.shared:
        return [line for line in drafts if line.guest_id == guest_id]
    return [line for line in drafts if line.guest_id is not None]


def _check_seen(chosen: Sequence[TabLine], seen: Mapping[UUID, Seen] | None) -> None:
    for line in chosen if seen is not None else ():
        shown = seen.get(line.id) if seen is not None else None
        if shown is not None and shown.quantity != line.quantity:
            raise errors.LineMoved(line.name)


def _check_prices(chosen: Sequence[TabLine], priced: Sequence[Priced], seen: Mapping[UUID, Seen] | None) -> None:
    shown = [seen[line.id].total_fen if seen is not None else line.total_fen for line in chosen]
    figures = zip(chosen, shown, priced, strict=True)
    moved = [(line.name, before, now.total_fen) for line, before, now in figures if before != now.total_fen]
    if moved:
        raise errors.PriceMoved(moved)


def _missing(rules: TableRules, lines: Sequence[TabLine], chosen: Sequence[TabLine]) -> list[UUID]:
    """必点 that nobody has ordered and this round does not hold. What the staff took off stays off."""
    placed = {line.dish_id for line in lines if line.state != LineState.DRAFT}
    there = placed | {line.dish_id for line in chosen}
    return [dish_id for dish_id in rules.musts if dish_id not in there]


def _quote(
    work: Work, sitting: Sitting, chosen: Sequence[TabLine], musts: Sequence[UUID]
) -> tuple[Sequence[Priced], Sequence[Priced]]:
    """What is chosen and what of 必点 can be had now: nobody at the table could do anything about the rest."""
    picks, left = [pick_of(line) for line in chosen], list(musts)
    while True:
        wanted = picks + [Pick(dish_id, {}, 1) for dish_id in left]
        priced = menu_acts.order(work, sitting.merchant_id, sitting.store_id, wanted, work.now())
        had = [dish_id for dish_id, one in zip(left, priced[len(chosen) :], strict=True) if one.refusal is None]
        if len(had) == len(left):
            break
        left = had
    for one in priced[: len(chosen)]:
        if one.refusal is not None:
            raise errors.NotServedNow(one.name, one.refusal)
    return priced[: len(chosen)], priced[len(chosen) :]


def _write(
    work: Work,
    sitting: Sitting,
    guest_id: UUID | None,
    note: str,
    chosen: Sequence[tuple[TabLine, Priced]],
    musts: Sequence[Priced],
    lines: Sequence[TabLine],
    rules: TableRules,
) -> UUID:
    now, waits = work.now(), sitting.pays == Pays.BEFORE
    round_ = Round(
        merchant_id=sitting.merchant_id,
        id=new_id(),
        sitting_id=sitting.id,
        nth=has_rounds(work, sitting) + 1,
        guest_id=guest_id,
        note=note,
        placed_at=now,
        released_at=None if waits else now,
    )
    work.session.add(round_)
    work.session.flush()
    for line, priced in chosen:
        put_price(line, priced)
        line.round_id, line.state = round_.id, LineState.PLACED.value
        line.placed_at = line.changed_at = now
    work.session.add_all(house_line(work, sitting, round_.id, LineKind.MUST, _facts(one)) for one in musts)
    work.session.add_all(cover_lines(work, sitting, round_.id, rules, lines))
    sitting.settled_at = None
    touch(work, sitting)
    work.session.flush()
    event = RoundWaits if waits else RoundPlaced
    work.publish(event(sitting.merchant_id, sitting.store_id, sitting.id, round_.id))
    if guest_id is None:
        work.audit("round.placed", "round", round_.id, sitting=sitting.id)
    return round_.id


def _facts(priced: Priced) -> dict[str, object]:
    names = ("dish_id", "name", "choice", "unit", "quantity", "grams", "unit_fen", "total_fen", "station")
    picks: dict[str, object] = {"options": {}, "grams": None, "price_fen": None}
    return {**{name: getattr(priced, name) for name in names}, "price": list(priced.price), "picks": picks}


def release(work: Work, sitting_id: UUID, round_id: UUID) -> None:
    """先付: it is paid, or the staff says so: the kitchen hears of it. Twice is once."""
    by_staff = work.scope.face is not Face.JOB
    with access_held(work, sitting_id, may=Permission.TAB_SERVE) as sitting:
        round_ = _round(work, sitting, round_id)
        if round_.released_at is not None:
            return
        round_.released_at = work.now()
        touch(work, sitting)
        work.session.flush()
        work.publish(RoundPlaced(sitting.merchant_id, sitting.store_id, sitting.id, round_.id))
        if by_staff:
            work.audit("round.released", "round", round_.id, sitting=sitting.id)


def withdraw(work: Work, sitting_id: UUID, round_id: UUID) -> None:
    """先付: what waits to be paid becomes drafts again; 茶位费 and 必点 of it are dropped with the only round, and stay
    due beside another one. A guest only his own round, and nothing that a bill holds (LineHeld) or the kitchen knows
    (LineMoved).
    """
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        round_ = _round(work, sitting, round_id)
        if work.scope.face is Face.GUEST and round_.guest_id != work.actor.guest_id:
            raise errors.NotYours
        lines = [line for line in lines_of(work, sitting) if line.round_id == round_id]
        for line in lines:
            if round_.released_at is not None:
                raise errors.LineMoved(line.name)
            if line.bill_id is not None:
                raise errors.LineHeld(line.name)
        stay = [line for line in lines if line.kind != LineKind.DISH] if _others(work, round_) else []
        back = [line for line in lines if line not in stay]
        menu_acts.give_back(work, sitting.merchant_id, sitting.store_id, _picks(back))
        for line in back:
            if line.kind == LineKind.DISH and line.state == LineState.PLACED:
                line.round_id, line.state, line.placed_at = None, LineState.DRAFT.value, None
                line.due_fen, line.changed_at = line.total_fen, work.now()
            else:
                work.session.delete(line)
        work.session.flush()
        if not stay:
            work.session.delete(round_)
        work.audit("round.withdrawn", "round", round_id, sitting=sitting.id)
        touch(work, sitting)
        work.session.flush()
        work.publish(RoundWithdrawn(sitting.merchant_id, sitting.store_id, sitting.id))


def _others(work: Work, round_: Round) -> bool:
    """Whether more was ordered at the table than this round."""
    query = select(Round.id).where(Round.merchant_id == round_.merchant_id, Round.sitting_id == round_.sitting_id)
    return work.session.scalars(query.where(Round.id != round_.id).limit(1)).first() is not None


def unmade(work: Work, sitting: Sitting) -> list[Pick]:
    """Dishes of rounds that still wait to be paid: the kitchen never heard of them."""
    waits = select(Round.id).where(Round.merchant_id == sitting.merchant_id, Round.sitting_id == sitting.id)
    rounds = set(work.session.scalars(waits.where(Round.released_at.is_(None))))
    return _picks([line for line in lines_of(work, sitting) if line.round_id in rounds]) if rounds else []


def _picks(lines: Sequence[TabLine]) -> list[Pick]:
    return [pick_of(line) for line in lines if line.dish_id is not None and line.state == LineState.PLACED]


def _round(work: Work, sitting: Sitting, round_id: UUID) -> Round:
    query = select(Round).where(Round.merchant_id == sitting.merchant_id, Round.id == round_id)
    found = work.session.scalars(query.where(Round.sitting_id == sitting.id)).one_or_none()
    if found is None:
        raise NotFound
    return found
