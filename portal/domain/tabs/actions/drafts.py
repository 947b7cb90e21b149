"""What is thought of: own lines that their guest may change until they are placed. The staff may change all of them.

Amounts come from the menu, never from a page.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select

from portal.domain.menus import queries as menus
from portal.domain.menus.values import Pick, Priced
from portal.domain.tabs import errors
from portal.domain.tabs.access import access_held, access_line, lines_of, touch
from portal.domain.tabs.actions.settling import refuse_settled
from portal.domain.tabs.models import Sitting, TabLine
from portal.domain.tabs.rules import pick_of, picks_of
from portal.domain.tabs.values import MOST_LINES, MOST_OF_ONE, NOTE_MOST, LineKind, LineState, Wanted
from portal.kernel.database import new_id
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face, fixed
from portal.kernel.words import say
from portal.kernel.work import Work

_OF_SITTING: Final = (
    TabLine.merchant_id == bindparam("of_merchant"),
    TabLine.sitting_id == bindparam("of_sitting"),
)
_DRAFTS: Any = fixed(
    select(TabLine)
    .where(*_OF_SITTING, TabLine.state == LineState.DRAFT.value, TabLine.dish_id == bindparam("of_dish"))
    .order_by(TabLine.id)
)
_COUNT: Any = fixed(select(func.count()).select_from(TabLine).where(*_OF_SITTING))


def add(work: Work, sitting_id: UUID, wanted: Wanted) -> UUID:
    """Put a dish on the tab as a draft of whoever acts; returns the line. The same dish with the same options and note
    grows by its quantity. Refuses what the menu refuses (NotServedNow), TooMuch and Settled.
    """
    wanted = _checked(work, wanted)
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        refuse_settled(work, sitting)
        same = _same(work, sitting, wanted)
        priced = _priced(work, sitting, wanted, (same.quantity if same else 0) + wanted.quantity)
        line = same or _new(work, sitting, wanted)
        put_price(line, priced)
        line.changed_at = work.now()
        touch(work, sitting)
        work.session.add(line)
        work.session.flush()
        return line.id


def change(work: Work, sitting_id: UUID, line_id: UUID, quantity: int) -> None:
    """Another quantity of a draft; 0 takes it away. Refuses NotYours, and LineMoved when it was placed meanwhile."""
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        line = _draft(work, sitting, line_id)
        touch(work, sitting)
        if quantity <= 0:
            work.session.delete(line)
        else:
            _check_quantity(quantity)
            put_price(line, _priced(work, sitting, _wanted(line), quantity))
            line.changed_at = work.now()
        work.session.flush()


def remove(work: Work, sitting_id: UUID, line_id: UUID) -> None:
    """Take a draft away."""
    change(work, sitting_id, line_id, 0)


def price_drafts(work: Work, sitting_id: UUID) -> bool:
    """Write down what the menu says now of all drafts of the table; returns whether any had another price."""
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        drafts = [line for line in lines_of(work, sitting) if line.state == LineState.DRAFT]
        picks = [pick_of(line) for line in drafts]
        quoted = menus.quote(work, sitting.merchant_id, sitting.store_id, picks, work.now())
        known = [pair for pair in zip(drafts, quoted, strict=True) if pair[1].refusal is None]
        moved = [(line, now) for line, now in known if line.total_fen != now.total_fen]
        for line, now in moved:
            put_price(line, now)
            line.changed_at = work.now()
        if moved:
            touch(work, sitting)
        work.session.flush()
        return bool(moved)


def _draft(work: Work, sitting: Sitting, line_id: UUID) -> TabLine:
    line = access_line(work, sitting, line_id)
    if work.actor.guest_id is not None and line.guest_id != work.actor.guest_id:
        raise errors.NotYours
    if line.state != LineState.DRAFT:
        raise errors.LineMoved(line.name)
    return line


def _checked(work: Work, wanted: Wanted) -> Wanted:
    """Refuse what only the staff may say."""
    _check_quantity(wanted.quantity)
    note = clean_line(wanted.note, field="note", most=NOTE_MOST, required=False)
    staff = work.scope.face is not Face.GUEST
    return Wanted(
        wanted.dish_id,
        wanted.options,
        wanted.quantity,
        note,
        wanted.grams if staff else None,
        wanted.price_fen if staff else None,
    )


def _check_quantity(quantity: int) -> None:
    if quantity < 1:
        raise Refusal(say("份数请填 1 到 %(most)s。", most=MOST_OF_ONE), field="quantity")
    if quantity > MOST_OF_ONE:
        raise errors.TooMuch(MOST_OF_ONE)


def _same(work: Work, sitting: Sitting, wanted: Wanted) -> TabLine | None:
    """The draft of the same thing by the same guest; none of weighed dishes, each of which is its own."""
    if wanted.grams is not None or wanted.price_fen is not None:
        return None
    asked = {"of_merchant": sitting.merchant_id, "of_sitting": sitting.id, "of_dish": wanted.dish_id}
    picks = picks_of(wanted)
    for line in work.session.scalars(_DRAFTS, asked):
        if line.guest_id == work.actor.guest_id and line.picks == picks and line.note == wanted.note:
            found: TabLine = line
            return found
    return None


def _new(work: Work, sitting: Sitting, wanted: Wanted) -> TabLine:
    asked = {"of_merchant": sitting.merchant_id, "of_sitting": sitting.id}
    if int(work.session.execute(_COUNT, asked).scalar_one()) >= MOST_LINES:
        raise errors.TooMuch(MOST_LINES)
    return TabLine(
        merchant_id=sitting.merchant_id,
        id=new_id(),
        sitting_id=sitting.id,
        guest_id=work.actor.guest_id,
        kind=LineKind.DISH.value,
        dish_id=wanted.dish_id,
        picks=picks_of(wanted),
        note=wanted.note,
        state=LineState.DRAFT.value,
        reason="",
        version=1,
        made_at=work.now(),
    )


def _wanted(line: TabLine) -> Wanted:
    pick = pick_of(line)
    options = {group: tuple(chosen) for group, chosen in pick.options.items()}
    return Wanted(pick.dish_id, options, pick.quantity, line.note, pick.grams, pick.price_fen)


def _priced(work: Work, sitting: Sitting, wanted: Wanted, quantity: int) -> Priced:
    _check_quantity(quantity)
    pick = Pick(wanted.dish_id, wanted.options, quantity, grams=wanted.grams, price_fen=wanted.price_fen)
    (priced,) = menus.quote(work, sitting.merchant_id, sitting.store_id, [pick], work.now())
    if priced.refusal is not None:
        raise errors.NotServedNow(priced.name, priced.refusal)
    return priced


def put_price(line: TabLine, priced: Priced) -> None:
    """Write down what the menu says now."""
    facts: dict[str, Any] = {
        "name": priced.name,
        "choice": priced.choice,
        "unit": priced.unit,
        "quantity": priced.quantity,
        "grams": priced.grams,
        "unit_fen": priced.unit_fen,
        "total_fen": priced.total_fen,
        "due_fen": priced.total_fen,
        "price": list(priced.price),
        "station": priced.station,
    }
    for name, value in facts.items():
        setattr(line, name, value)
