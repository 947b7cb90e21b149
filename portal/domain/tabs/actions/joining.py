"""Phones at a table: the printed code asks, a friend's invitation lets in, keys are compared in constant time.

A guest needs no account. What his browser keeps is told once; here lies its digest, and only as long as the sitting is
open.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import delete, select

from portal.domain.floor import queries as floor
from portal.domain.menus import queries as menus
from portal.domain.menus.values import TableRules
from portal.domain.tabs import errors
from portal.domain.tabs.access import RIGHTS, access_held, hold, touch
from portal.domain.tabs.actions.settling import refuse_settled, turn
from portal.domain.tabs.actions.sitting import SETTLED, clear, seat
from portal.domain.tabs.models import Guest, GuestKey, Sitting, SittingKey, SittingTable
from portal.domain.tabs.rules import digest, free_numbers, good_invite, orders_on, takes_in
from portal.domain.tabs.values import (
    COLOURS,
    MOST_ASKING,
    MOST_GUESTS,
    NAME_MOST,
    GuestState,
    Joined,
    Opens,
    SittingState,
)
from portal.kernel import faults
from portal.kernel.database import new_id
from portal.kernel.faces import borrowed
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Permission
from portal.kernel.refusals import NotFound
from portal.kernel.scope import Face, Scope
from portal.kernel.work import ActorKind, Work


def join(work: Work, store_id: UUID, code: str, *, people: int = 1, name: str = "") -> Joined:
    """Ask to join with the table's printed code; anybody may. A stranger waits where the store says so (`asked`);
    whoever opens the table, where guests may, is in at once and says how many they are. A sitting that is paid and
    takes nobody in ends by that.

    Refuses NoSuchTable, NotYetOpen (the staff opens tables here), TableFull.
    """
    person_id = _account(work)
    with borrowed(work, Scope(Face.JOB)):
        table = floor.table_by_code(work, store_id, code)
        if table is None:
            raise errors.NoSuchTable
        with borrowed(work, Scope(Face.JOB, merchant_id=table.merchant_id), RIGHTS):
            rules = menus.table_rules(work, table.merchant_id, store_id)
            sitting = _sitting_at(work, table.table_id)
            faults.point(work, "tabs.join.found")
            state = GuestState.IN if rules.joins == "open" else GuestState.ASKED
            if sitting is None or not _takes_in(work, sitting, rules):
                if rules.opens != Opens.GUEST:
                    raise errors.NotYetOpen
                if sitting is not None:
                    clear(work, sitting, SETTLED)
                sitting, first = _open(work, store_id, table.table_id, people)
                state = GuestState.IN if first else state
            return _sit(work, sitting, state, name, person_id)


def _takes_in(work: Work, sitting: Sitting, rules: TableRules) -> bool:
    return takes_in(sitting.pays, sitting.settled_at, rules.order_minutes, work.now())


def _account(work: Work) -> UUID | None:
    """Who is signed in on this phone; the staff that helps is nobody's guest."""
    return work.actor.person_id if work.actor.kind is ActorKind.PERSON else None


def _open(work: Work, store_id: UUID, table_id: UUID, people: int) -> tuple[Sitting, bool]:
    """Open the table; when a friend has done so at the same moment, his sitting, and False."""
    try:
        with work.session.begin_nested():
            sitting_id = seat(work, store_id, [table_id], people, Opens.GUEST)
    except errors.TableTaken:
        sitting = _sitting_at(work, table_id)
        if sitting is None:
            raise
        return sitting, False
    return hold(work, [sitting_id])[0], True


def _sitting_at(work: Work, table_id: UUID) -> Sitting | None:
    """The open sitting at this table, held; None when there is none, or it was closed while we waited for it."""
    query = select(SittingTable.sitting_id).where(
        SittingTable.merchant_id == work.merchant_id,
        SittingTable.table_id == table_id,
        SittingTable.left_at.is_(None),
    )
    for _attempt in range(2):  # closed meanwhile: perhaps the next guests sit there already
        sitting_id = work.session.scalars(query).one_or_none()
        if sitting_id is None:
            return None
        sitting = hold(work, [sitting_id])[0]
        if sitting.state == SittingState.OPEN:
            return sitting
    return None


def join_by_invite(work: Work, sitting_id: UUID, code: str, *, name: str = "") -> Joined:
    """Join with a friend's link or code; whoever holds a fresh one is in. Refuses InviteOver, TableFull."""
    person_id = _account(work)
    with borrowed(work, Scope(Face.JOB)):
        key = work.session.scalars(select(SittingKey).where(SittingKey.sitting_id == sitting_id)).one_or_none()
        if not good_invite(key, code, work.now()):
            raise errors.InviteOver
        assert key is not None
        with borrowed(work, Scope(Face.JOB, merchant_id=key.merchant_id), RIGHTS):
            sitting = hold(work, [sitting_id])[0]
            rules = menus.table_rules(work, sitting.merchant_id, sitting.store_id)
            over = not orders_on(sitting.settled_at, rules.order_minutes, work.now())
            if sitting.state != SittingState.OPEN or over:
                raise errors.InviteOver
            return _sit(work, sitting, GuestState.IN, name, person_id)


def _sit(work: Work, sitting: Sitting, state: GuestState, name: str, person_id: UUID | None) -> Joined:
    name = clean_line(name, field="name", most=NAME_MOST, required=False)
    query = select(Guest.nth, Guest.state).where(Guest.merchant_id == sitting.merchant_id)
    there = [(row.nth, row.state) for row in work.session.execute(query.where(Guest.sitting_id == sitting.id))]
    numbers = free_numbers(there)
    if not numbers:
        raise errors.TableFull(MOST_GUESTS)
    if state is GuestState.ASKED and [one for _nth, one in there].count(GuestState.ASKED) >= MOST_ASKING:
        raise errors.ManyAsking
    nth = numbers[0]
    guest = Guest(
        merchant_id=sitting.merchant_id,
        id=new_id(),
        sitting_id=sitting.id,
        nth=nth,
        name=name,
        colour=(nth - 1) % COLOURS,
        state=state.value,
        person_id=person_id,
        joined_at=work.now(),
    )
    work.session.add(guest)
    work.session.flush()
    key = secrets.token_urlsafe(32)
    work.session.add(
        GuestKey(
            merchant_id=sitting.merchant_id,
            guest_id=guest.id,
            sitting_id=sitting.id,
            digest=digest(key),
            made_at=work.now(),
        )
    )
    touch(work, sitting)
    work.session.flush()
    return Joined(sitting.merchant_id, sitting.id, guest.id, key, state)


def rename(work: Work, sitting_id: UUID, name: str) -> None:
    """The acting guest says what he is called at the table."""
    name = clean_line(name, field="name", most=NAME_MOST, required=False)
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        _guest(work, sitting, work.actor.guest_id).name = name
        touch(work, sitting)


def let_in(work: Work, sitting_id: UUID, guest_id: UUID) -> None:
    """Somebody at the table, or the staff, lets a stranger in who asked. In twice is in once; refuses SentAway."""
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        guest = _guest(work, sitting, guest_id)
        if guest.state == GuestState.IN:
            return
        if guest.state == GuestState.OUT:
            raise errors.SentAway
        guest.state = GuestState.IN.value
        work.audit("guest.let_in", "guest", guest.id, sitting=sitting.id)
        touch(work, sitting)


def turn_away(work: Work, sitting_id: UUID, guest_id: UUID) -> None:
    """Refuse one who asks (anybody at the table), or put one out (the staff alone): his key is void, and so is the
    invitation that he may have seen. His lines stay.
    """
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        guest = _guest(work, sitting, guest_id)
        if guest.state == GuestState.IN and work.actor.guest_id is not None:
            raise errors.StaffOnly
        guest.state = GuestState.OUT.value
        run = work.session.execute
        run(delete(GuestKey).where(GuestKey.merchant_id == guest.merchant_id, GuestKey.guest_id == guest.id))
        work.audit("guest.turned_away", "guest", guest.id, sitting=sitting.id)
        turn(work, sitting)


def turn_key(work: Work, sitting_id: UUID) -> str:
    """A new secret for the friend's link; the one before is void. Returns it. Refuses Settled."""
    with access_held(work, sitting_id, may=Permission.TAB_ORDER) as sitting:
        refuse_settled(work, sitting)
        return turn(work, sitting)


def _guest(work: Work, sitting: Sitting, guest_id: UUID | None) -> Guest:
    query = select(Guest).where(Guest.merchant_id == sitting.merchant_id, Guest.id == guest_id)
    query = query.where(Guest.sitting_id == sitting.id).execution_options(populate_existing=True)
    guest = work.session.scalars(query).one_or_none()
    if guest is None:
        raise NotFound
    return guest
