"""What cooks and waiters do with tickets: made, called back, seen, served. Served is what the tab says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import or_, select, update

from portal.domain.kitchen import errors
from portal.domain.kitchen.access import access_store, access_tickets
from portal.domain.kitchen.actions.pulse import beat, house
from portal.domain.kitchen.models import KitchenTicket
from portal.domain.kitchen.values import TICKET_MOVES, TicketKind, TicketState
from portal.domain.tabs import access as tabs_access
from portal.domain.tabs import actions as tabs
from portal.domain.tabs.models import TabLine
from portal.domain.tabs.values import LineState
from portal.kernel import faults
from portal.kernel.faces import borrowed
from portal.kernel.permissions import Permission
from portal.kernel.work import Work

COOK, SERVE = Permission.KITCHEN_COOK, Permission.TAB_SERVE
S = TicketState


def done(work: Work, store_id: UUID, ticket_ids: Sequence[UUID]) -> int:
    """Made, or of a slip: taken notice of; how many moved. What somebody else has done already stays so."""
    mine = [one.id for one in access_tickets(work, store_id, ticket_ids, COOK)]
    with borrowed(work, house(work.merchant_id)):
        beat(work, work.merchant_id, store_id)
        faults.point(work, "kitchen.done.held")
        moved = _move(work, _fresh(work, mine), S.DONE)
    return _told(work, "ticket.made", store_id, moved)


def recall(work: Work, store_id: UUID, ticket_ids: Sequence[UUID]) -> int:
    """Not made after all. Refuses AlreadyServed."""
    mine = [one.id for one in access_tickets(work, store_id, ticket_ids, COOK)]
    with borrowed(work, house(work.merchant_id)):
        beat(work, work.merchant_id, store_id)
        rows = _fresh(work, mine)
        if any(row.state == S.SERVED for row in rows):
            raise errors.AlreadyServed
        moved = _move(work, [row for row in rows if row.state == S.DONE], S.NEW)
    return _told(work, "ticket.recalled", store_id, moved)


def see(work: Work, store_id: UUID, station_id: UUID | None = None) -> int:
    """Somebody has seen what is new: the sound stops. How many were new."""
    access_store(work, store_id, COOK)
    with borrowed(work, house(work.merchant_id)):
        beat(work, work.merchant_id, store_id)
        unseen = update(KitchenTicket).where(
            KitchenTicket.merchant_id == work.merchant_id,
            KitchenTicket.store_id == store_id,
            KitchenTicket.state == S.NEW.value,
            KitchenTicket.ended_at.is_(None),
            KitchenTicket.seen_at.is_(None),
        )
        if station_id is not None:
            unseen = unseen.where(KitchenTicket.station_id == station_id)
        moved = work.session.execute(unseen.values(seen_at=work.now()).returning(KitchenTicket.id)).all()
    return _told(work, "ticket.seen", store_id, len(moved))


def _told(work: Work, action: str, store_id: UUID, tickets: int) -> int:
    """So many, said in the trail when it was any."""
    if tickets:
        work.audit(action, "store", store_id, tickets=tickets)
    return tickets


def serve(work: Work, store_id: UUID, ticket_ids: Sequence[UUID]) -> int:
    """On the table: the tab is told, and tells us. How many dishes, those that were split from them without a ticket of
    their own included. A combo's line is served with the last of its parts.
    """
    rows = access_tickets(work, store_id, ticket_ids, SERVE)
    _hold_tables(work, {row.line_id for row in rows})
    open_ = [row for row in rows if row.kind == TicketKind.MAKE and row.state in (S.NEW, S.DONE)]
    parts_on = _some_parts(work, store_id, open_)
    lines = {row.line_id for row in open_} - {row.line_id for row in parts_on}
    told = select(KitchenTicket.line_id).where(
        KitchenTicket.merchant_id == work.merchant_id, KitchenTicket.kind == TicketKind.MAKE.value
    )
    parts = select(TabLine.id).where(
        TabLine.merchant_id == work.merchant_id,
        TabLine.from_id.in_(lines),
        TabLine.state == LineState.PLACED.value,
        TabLine.id.not_in(told.where(KitchenTicket.line_id == TabLine.id)),
    )
    if lines:
        lines |= set(work.session.scalars(parts))
        tabs.serve(work, sorted(lines))
    return len(lines) + _told(work, "ticket.served", store_id, len(parts_on))


def _hold_tables(work: Work, line_ids: Collection[UUID]) -> None:
    """All tables of these lines, before the kitchen: in this order whoever orders holds them too."""
    query = select(TabLine.sitting_id).where(
        TabLine.merchant_id == work.merchant_id, or_(TabLine.id.in_(line_ids), TabLine.from_id.in_(line_ids))
    )
    with borrowed(work, house(work.merchant_id)):
        tabs_access.hold(work, sorted(set(work.session.scalars(query))))


def _some_parts(work: Work, store_id: UUID, rows: Sequence[KitchenTicket]) -> list[KitchenTicket]:
    """Parts of combos of which another part is still to come: these are on the table, their lines are not yet."""
    ids, lines = {row.id for row in rows}, {row.line_id for row in rows if row.part}
    if not lines:
        return []
    with borrowed(work, house(work.merchant_id)):
        beat(work, work.merchant_id, store_id)
        query = select(KitchenTicket).where(
            KitchenTicket.merchant_id == work.merchant_id,
            KitchenTicket.line_id.in_(lines),
            KitchenTicket.kind == TicketKind.MAKE.value,
            KitchenTicket.state.in_([S.NEW.value, S.DONE.value]),
        )
        every = list(work.session.scalars(query.with_for_update().execution_options(populate_existing=True)))
        waits = {row.line_id for row in every if row.id not in ids}
        now = [row for row in every if row.id in ids and row.line_id in waits]
        for row in now:
            row.state, row.ended_at = S.SERVED.value, work.now()
        work.session.flush()
    return now


def _fresh(work: Work, ticket_ids: Sequence[UUID]) -> list[KitchenTicket]:
    query = select(KitchenTicket).where(KitchenTicket.merchant_id == work.merchant_id, KitchenTicket.id.in_(ticket_ids))
    return list(work.session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def _move(work: Work, rows: Sequence[KitchenTicket], to: TicketState) -> int:
    moved = 0
    for row in rows:
        over = row.ended_at is not None and row.kind == TicketKind.MAKE  # the table is cleared
        if over or to not in TICKET_MOVES[S(row.state)]:
            continue
        row.state, moved = to.value, moved + 1
        made = to is S.DONE
        row.done_at, row.done_by = (work.now(), work.actor.person_id) if made else (None, None)
        row.seen_at = row.seen_at or work.now()
        row.ended_at = work.now() if made and row.kind != TicketKind.MAKE else None
    work.session.flush()
    return moved
