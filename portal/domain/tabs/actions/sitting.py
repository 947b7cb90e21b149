"""Opening and clearing tables (开台, 清台), and how many sit there.

One open sitting for each table: the unique index on live tables says so, and whoever comes second is refused.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from portal.domain.floor import actions as floor
from portal.domain.floor.models import FloorTable
from portal.domain.menus import actions as menu_acts
from portal.domain.menus import queries as menus
from portal.domain.tabs import errors
from portal.domain.tabs.access import RIGHTS, access_held, house, touch
from portal.domain.tabs.actions.covers import match_covers
from portal.domain.tabs.actions.placing import unmade
from portal.domain.tabs.actions.settling import new_code, refuse_settled
from portal.domain.tabs.events import SittingClosed, SittingOpened, SittingReopened
from portal.domain.tabs.models import GuestKey, Round, Sitting, SittingKey, SittingTable, TabLine, WaiterCall
from portal.domain.tabs.values import MOST_PEOPLE, UNDO_WITHIN, LineState, Opens, SittingState
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.figures import SHANGHAI
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Busy, NotFound, Refusal
from portal.kernel.scope import Face
from portal.kernel.words import say
from portal.kernel.work import Work

SITS: Final = "客人已入座"
"""Why a sitting lies over a reservation when nobody can be sent away any more."""
_NUMBERS: Final = 5
_SITTINGS: Any = Sitting.__table__
_TABLES: Any = SittingTable.__table__
_LIVE: Final = SittingTable.left_at.is_(None)


def open(  # noqa: A001
    work: Work, store_id: UUID, table_ids: Sequence[UUID], people: int, by: Opens = Opens.STAFF, *, over: str = ""
) -> UUID:
    """Seat `people` at these tables of the store (the staff's act, `TAB_ORDER`); returns the sitting.

    Refuses tables of another store (NotFound), TableTaken when somebody sits at one of them, and TableExpected when
    somebody else is expected there, unless `over` says why.
    """
    work.require(Permission.TAB_ORDER, store_id=store_id)
    over = clean_line(over, field="over", most=100, required=False)
    with borrowed(work, house(work), RIGHTS):
        return seat(work, store_id, table_ids, people, by, over=over)


def seat(work: Work, store_id: UUID, table_ids: Sequence[UUID], people: int, by: Opens, *, over: str = SITS) -> UUID:
    """The same, on the worker's face already: for guests who open by their first order, and features above."""
    check_people(people)
    names = table_names(work, store_id, table_ids)
    rules = menus.table_rules(work, work.merchant_id, store_id)
    faults.point(work, "tabs.open.checked")
    sitting_id = _write(work, store_id, people, by, pays=rules.pays, shared=rules.shared)
    occupy(work, sitting_id, names, over=over)
    keys = SittingKey(merchant_id=work.merchant_id, sitting_id=sitting_id, code=new_code(), turned_at=work.now())
    work.session.add(keys)
    work.session.flush()
    work.audit("sitting.opened", "sitting", sitting_id, people=people, by=by.value, over="" if over == SITS else over)
    work.publish(SittingOpened(work.merchant_id, store_id, sitting_id, tuple(names)))
    return sitting_id


def check_people(people: int) -> None:
    """Refuse a number nobody sits in."""
    if not 1 <= people <= MOST_PEOPLE:
        raise Refusal(say("人数请填 1 到 %(most)s。", most=MOST_PEOPLE), field="people")


def table_names(work: Work, store_id: UUID, table_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The names of these tables of the store, in the order of their ids. NotFound for another store's."""
    if not table_ids:
        raise errors.NoTable
    query = select(FloorTable.id, FloorTable.name).where(
        FloorTable.merchant_id == work.merchant_id,
        FloorTable.store_id == store_id,
        FloorTable.id.in_(set(table_ids)),
        FloorTable.active,
    )
    names = {row.id: row.name for row in work.session.execute(query.order_by(FloorTable.id))}
    if len(names) != len(set(table_ids)):
        raise NotFound
    return names


def _write(work: Work, store_id: UUID, people: int, by: Opens, *, pays: str, shared: bool) -> UUID:
    now = work.now()
    values = {
        "merchant_id": work.merchant_id,
        "id": new_id(),
        "store_id": store_id,
        "state": SittingState.OPEN.value,
        "pays": pays,
        "shared": shared,
        "people": people,
        "opened_by": by.value,
        "opened_at": now,
        "close_note": "",
        "changed_at": now,
        "version": 1,
    }
    for _attempt in range(_NUMBERS):
        number = f"{now.astimezone(SHANGHAI):%y%m%d}{secrets.randbelow(10**6):06}"
        row = insert(_SITTINGS).values(number=number, **values).on_conflict_do_nothing()
        if work.session.execute(row.returning(_SITTINGS.c.id)).scalar() is not None:
            return UUID(str(values["id"]))
    raise Busy


def occupy(work: Work, sitting_id: UUID, names: dict[UUID, str], *, over: str = SITS) -> None:
    """Take these tables for the sitting, in the calendar too. Refuses TableTaken; whoever comes second waits for the
    first to end; and TableExpected without `over`.
    """
    if not names:
        return
    for table_id in sorted(names):
        row = insert(_TABLES).values(
            merchant_id=work.merchant_id,
            id=new_id(),
            sitting_id=sitting_id,
            table_id=table_id,
            taken_at=work.now(),
        )
        if work.session.execute(row.on_conflict_do_nothing().returning(_TABLES.c.id)).scalar() is None:
            raise errors.TableTaken(names[table_id])
    mine = (Sitting.merchant_id == work.merchant_id, Sitting.id == sitting_id)
    store_id, people = work.session.execute(select(Sitting.store_id, Sitting.people).where(*mine)).one()
    floor.occupy(work, store_id, sitting_id, tuple(names), people=people, over=over)


def live_tables(work: Work, sitting_id: UUID) -> list[UUID]:
    """The tables a sitting has now, in the order of their ids."""
    query = select(SittingTable.table_id).where(
        SittingTable.merchant_id == work.merchant_id, SittingTable.sitting_id == sitting_id, _LIVE
    )
    return list(work.session.scalars(query.order_by(SittingTable.table_id)))


def leave(work: Work, sitting_id: UUID, table_ids: Sequence[UUID]) -> None:
    """Give these tables up."""
    work.session.flush()
    mine = (SittingTable.merchant_id == work.merchant_id, SittingTable.sitting_id == sitting_id)
    left = update(SittingTable).where(*mine, SittingTable.table_id.in_(table_ids), _LIVE)
    work.session.execute(left.values(left_at=work.now()), execution_options={"synchronize_session": False})
    if table_ids:
        floor.vacate(work, sitting_id, table_ids)


def set_people(work: Work, sitting_id: UUID, people: int) -> None:
    """How many sit there; 茶位费 follows. A guest may lower it until the first round is placed, the staff always
    (`bills.set_people` asks them why); lower than what is being paid is refused (CoversHeld).
    """
    guest = work.scope.face is Face.GUEST
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        check_people(people)
        refuse_settled(work, sitting)
        if people == sitting.people:
            return
        rounds = select(Round.id).where(Round.merchant_id == sitting.merchant_id, Round.sitting_id == sitting.id)
        placed = work.session.execute(rounds.limit(1)).scalar() is not None
        if guest and placed and people < sitting.people:
            raise errors.StaffOnly
        work.audit("sitting.people", "sitting", sitting.id, before=sitting.people, after=people)
        sitting.people = people
        if placed:
            match_covers(work, sitting)
        touch(work, sitting)


def close(work: Work, sitting_id: UUID, *, note: str = "") -> None:
    """Clear the table (清台), whatever was paid: `bills` asks before. Drafts are dropped; every key of a guest and
    every invitation is void from here on. Closing twice is closing once.
    """
    note = clean_line(note, field="note", most=60, required=False)
    with access_held(work, sitting_id, may=Permission.TAB_SERVE, closed=True) as sitting:
        if sitting.state == SittingState.CLOSED:
            return
        faults.point(work, "tabs.close.checked")
        clear(work, sitting, note)


SETTLED: Final = "settled"
"""Why a sitting ended that nobody cleared: it was paid, and the next guests are there."""


def clear(work: Work, sitting: Sitting, note: str) -> None:
    """Close a sitting that is held; at a table that was only paid (SETTLED) the kitchen goes on with what it makes."""
    menu_acts.give_back(work, sitting.merchant_id, sitting.store_id, unmade(work, sitting))
    end(work, sitting, note)
    work.audit("sitting.closed", "sitting", sitting.id, why=note if note == SETTLED else "")
    closed = SittingClosed(sitting.merchant_id, sitting.store_id, sitting.id, cooks_on=note == SETTLED)
    work.publish(closed)


def end(work: Work, sitting: Sitting, note: str) -> None:
    """Close a sitting that is held: tables, keys, drafts and calls."""
    sitting.state, sitting.closed_at, sitting.close_note = SittingState.CLOSED.value, work.now(), note
    touch(work, sitting)
    leave(work, sitting.id, live_tables(work, sitting.id))
    run = work.session.execute
    for model in (GuestKey, SittingKey):
        run(delete(model).where(model.merchant_id == sitting.merchant_id, model.sitting_id == sitting.id))
    mine = (TabLine.merchant_id == sitting.merchant_id, TabLine.sitting_id == sitting.id)
    run(delete(TabLine).where(*mine, TabLine.state == LineState.DRAFT.value))
    calls = update(WaiterCall).where(WaiterCall.merchant_id == sitting.merchant_id, WaiterCall.answered_at.is_(None))
    run(calls.where(WaiterCall.sitting_id == sitting.id).values(answered_at=work.now()))


def reopen(work: Work, sitting_id: UUID) -> None:
    """Undo clearing within an hour, at the same tables if they are still free. Guests have to join again."""
    with access_held(work, sitting_id, may=Permission.TAB_SERVE, closed=True) as sitting:
        if sitting.closed_at is None:
            return
        if work.now() - sitting.closed_at > UNDO_WITHIN or sitting.close_note == MERGED:
            raise errors.NotBack(say("清台已经太久，或已经并到别的桌。"))
        _take_again(work, sitting)
        revive(work, sitting, last_tables(work, sitting))
        work.audit("sitting.reopened", "sitting", sitting.id)
        work.publish(SittingReopened(sitting.merchant_id, sitting.store_id, sitting.id))


def _take_again(work: Work, sitting: Sitting) -> None:
    """What waits to be paid is counted again. Refuses NotBack when it is sold out by now."""
    picks = unmade(work, sitting)
    for one in menu_acts.order(work, sitting.merchant_id, sitting.store_id, picks, work.now()) if picks else ():
        if one.refusal is not None:
            raise errors.NotBack(one.refusal)


MERGED: Final = "merged"


def last_tables(work: Work, sitting: Sitting) -> list[UUID]:
    """The tables it had when it was closed."""
    query = select(SittingTable.table_id).where(
        SittingTable.merchant_id == sitting.merchant_id,
        SittingTable.sitting_id == sitting.id,
        SittingTable.left_at == sitting.closed_at,
    )
    return list(work.session.scalars(query))


def revive(work: Work, sitting: Sitting, table_ids: Sequence[UUID]) -> None:
    """Open a closed sitting that is held, at these tables. Refuses TableTaken."""
    occupy(work, sitting.id, table_names(work, sitting.store_id, table_ids))
    sitting.state, sitting.closed_at, sitting.close_note = SittingState.OPEN.value, None, ""
    sitting.settled_at = None  # the staff opens it for somebody
    touch(work, sitting)
    keys = SittingKey(merchant_id=work.merchant_id, sitting_id=sitting.id, code=new_code(), turned_at=work.now())
    work.session.add(keys)
    work.session.flush()
