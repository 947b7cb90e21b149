"""Tracking numbers from rows: orders leave through shipping's own act, which looks at everything again."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from portal.domain.imports.models import ImportRow
from portal.domain.imports.rules import cells
from portal.domain.imports.rules.cells import cell
from portal.domain.imports.values import Checked, Outcome, Problem, RowState, Task, Verdict
from portal.domain.shipping import actions as shipping
from portal.domain.shipping.actions import Sending
from portal.domain.shipping.queries.matching import known_numbers
from portal.domain.shipping.queries.parcels import parcels_of
from portal.domain.shipping.rules.paste import check_number, tidy
from portal.domain.shipping.rules.recognising import NAMES, called, recognise
from portal.domain.shipping.values import ParcelState
from portal.kernel.permissions import Permission
from portal.kernel.refusals import Conflict
from portal.kernel.words import Text, say
from portal.kernel.work import Work

SENT = (RowState.DONE.value, RowState.UNDONE.value)


def check(work: Work, batch_id: UUID, rows: Sequence[Checked]) -> None:  # noqa: ARG001
    """Give each row its verdict."""
    known = known_numbers(work, {tidy(cell(row, "order"))[:40] for row in rows})
    for row in rows:
        row.verdict, order = Verdict.NEW, tidy(cell(row, "order"))[:40]
        if order not in known:
            row.wrong("order", say("没有订单号是 %(order)s 的待发货订单，可能已经发货。", order=order or "-"))
        number = cells.needed(row, "tracking", check_number)
        if number is None:
            continue
        carrier = _carrier(row, number)
        if not row.problems:
            row.key = order
            row.facts = {"order": str(known[order]), "number": number, "carrier": carrier}


def _carrier(row: Checked, number: str) -> str:
    """The carrier that is named, or the only one whose numbers look like this."""
    named = cell(row, "carrier")
    if named:
        code = named.casefold() if named.casefold() in NAMES else called(named)
        if code is None:
            row.wrong("carrier", say("不认识快递公司“%(name)s”。", name=named[:20]))
        return code or ""
    found = recognise(number)
    if len(found) != 1:
        row.wrong("carrier", say("从单号看不出是哪家快递，请填快递公司。"))
        return ""
    return found[0]


def apply(work: Work, batch_id: UUID, tasks: Sequence[Task]) -> list[Outcome]:  # noqa: ARG001
    """Send them; what may not leave is its row's outcome."""
    rows = [Sending(UUID(task.facts["order"]), task.facts["number"], task.facts["carrier"]) for task in tasks]
    refused = dict(shipping.ship_many(work, rows).refused)
    return [_outcome(task, refused) for task in tasks]


def _outcome(task: Task, refused: dict[UUID, Text]) -> Outcome:
    sentence = refused.get(UUID(task.facts["order"]))
    if sentence is None:
        return Outcome(task.number, RowState.DONE, {"number": task.facts["number"]})
    return Outcome(task.number, RowState.FAILED, {}, Problem("order", sentence))


def undo(work: Work, batch_id: UUID, tasks: Sequence[Task]) -> list[Outcome]:
    """Take shipments back that still lie here; the others refuse, and those in which others' orders lie."""
    orders = [UUID(task.facts["order"]) for task in tasks]
    sent = parcels_of(work, orders, may=Permission.ORDER_SHIP)
    parcels = {
        (order_id, parcel.number): parcel
        for parcel in sent
        for order_id in parcel.order_ids
        if parcel.state is not ParcelState.UNDONE
    }
    gone: set[UUID] = set()
    for task in tasks:
        parcel = parcels.get((UUID(task.facts["order"]), task.facts["number"]))
        if parcel is None:
            raise Conflict(say("这个包裹的单号已经改过，或已经撤销了。"))
        if parcel.id not in gone:
            _check_ours(work, batch_id, set(parcel.order_ids) - set(orders))
            shipping.undo(work, parcel.id)
            gone.add(parcel.id)
    return [Outcome(task.number, RowState.UNDONE) for task in tasks]


def _check_ours(work: Work, batch_id: UUID, others: set[UUID]) -> None:
    """Refuse when a parcel holds orders that this import did not send: they would be taken back as well."""
    if not others:
        return
    mine = (ImportRow.merchant_id == work.merchant_id, ImportRow.batch_id == batch_id)
    ours = select(func.count(func.distinct(ImportRow.key))).where(
        *mine, ImportRow.facts["order"].astext.in_([str(one) for one in others]), ImportRow.state.in_(SENT)
    )
    if work.session.execute(ours).scalar_one() < len(others):
        raise Conflict(say("这个包裹里还有别的订单，没有撤销。请到订单页撤销发货。"))
