"""Two months of settled orders and their statements: one confirmed, one doubted and answered, one that waits for it.

Played day by day with the clock set back, as the worker would have done it. Comes last: it closes the days.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from portal.commands.demo import orders
from portal.commands.demo.casting import Cast
from portal.commands.demo.founding import Founded
from portal.commands.demo.payouts import FINANCE
from portal.domain.aftersales import actions as aftersales
from portal.domain.aftersales.values import CaseKind, Reason
from portal.domain.ledger import actions as ledger
from portal.domain.ordering import actions as ordering
from portal.domain.ordering.values import OrderShown
from portal.domain.settlement import actions, queries
from portal.domain.settlement.values import Cycle, StatementShown
from portal.kernel.permissions import Permission, Role
from portal.kernel.spoken import local_day

FINE, HOUSEHOLD = orders.FINE, orders.HOUSEHOLD
BEGAN, STEP = 92, 4
"""Days ago; between two looks at the clock."""
DAY = timedelta(days=1)


def settle_up(cast: Cast, founded: Founded) -> None:
    """Play it once."""
    with cast.platform() as work:
        if queries.statements(work)[0]:
            return
    with cast.platform(FINANCE, ago=BEGAN * DAY) as work:
        first = local_day(work.now()) + DAY
        actions.set_terms(work, founded.merchants[FINE], from_day=first, cycle=Cycle.HALF_MONTHLY)
    _sell(cast, founded)
    _let_time_pass(cast, founded)


def _sell(cast: Cast, founded: Founded) -> None:
    """Every few days somebody buys of both; each order goes its whole way in twelve days."""
    shelf = orders.shelf_of(cast, founded)
    buyers = [phone for phone in cast.ids if phone != orders.BUYER]
    for number, ago in enumerate(range(86, 16, -4)):
        supplier = HOUSEHOLD if number % 3 == 2 else FINE
        liked = shelf.liked[supplier]
        wishes = [(supplier, liked[number % len(liked)], 1 + number % 3)]
        phone = buyers[number % len(buyers)]
        (order,) = orders.place_order(cast, shelf, phone, wishes, ago=ago * DAY, to=number)
        orders.send(cast, founded, order, f"SF{1390012345678 + number * 7121}", after=timedelta(hours=20))
        with cast.person(phone, ago=(ago - 4) * DAY) as work:
            ordering.confirm_received(work, order.id)
        with cast.job(ago=(ago - 12) * DAY) as work:
            ordering.complete_due(work, order.merchant_id, order.id)
            actions.settle(work, order.merchant_id, order.id)
        if number % 6 == 4:
            _give_back(cast, founded, supplier, order, ago=(ago - 14) * DAY)


def _give_back(cast: Cast, founded: Founded, supplier: str, order: OrderShown, *, ago: timedelta) -> None:
    """A late refund out of goodwill."""
    wish = aftersales.Wish(CaseKind.MONEY, Reason.QUALITY, {order.lines[0].id: 1}, order.goods_fen // 3)
    with cast.staff(founded.owners[supplier], order.merchant_id, Role.OWNER, ago=ago) as work:
        words = "包装压坏了一盒，给您退三分之一。"
        aftersales.grant(work, order.id, wish, words=words, may=Permission.CASE_ANSWER)


def _let_time_pass(cast: Cast, founded: Founded) -> None:
    """Days are closed, statements come out, people look at them or do not."""
    known: set[UUID] = set()
    for days in range(BEGAN - 2, -1, -STEP):
        with cast.job(ago=days * DAY) as work:
            ledger.seal(work)
        more = True
        while more:
            with cast.job(ago=days * DAY) as work:
                more = ledger.close(work) is not None
        with cast.job(ago=days * DAY) as work:
            actions.issue_due(work)
            actions.lapse_due(work)
        with cast.platform() as work:
            fresh = [one for one in queries.statements(work)[0] if one.id not in known]
        for one in reversed(fresh):
            _look(cast, founded, one, len(known), ago=days * DAY)
            known.add(one.id)
    _doubt_the_last(cast, founded)


def _look(cast: Cast, founded: Founded, one: StatementShown, nth: int, *, ago: timedelta) -> None:
    """The first is confirmed; the second is doubted, answered with six yuan and confirmed; the others lapse."""
    name = next(name for name, merchant_id in founded.merchants.items() if merchant_id == one.merchant_id)
    owner = founded.owners[name]
    if nth == 0:
        with cast.staff(owner, one.merchant_id, Role.OWNER, ago=ago - DAY / 2) as work:
            actions.confirm(work, one.id)
    if nth == 1:
        note = "有一单合并发货，运费少结了 6 元。"
        _doubt(cast, owner, one, note, ago=ago - DAY / 4)
        with cast.platform(FINANCE, ago=ago - DAY / 2) as work:
            actions.answer(work, one.id, note="核对过物流，确实少结，已补 6 元，列入本期。", given_fen=600)
        with cast.staff(owner, one.merchant_id, Role.OWNER, ago=ago - DAY) as work:
            actions.confirm(work, one.id)


def _doubt(cast: Cast, owner: str, one: StatementShown, note: str, *, ago: timedelta) -> None:
    with cast.staff(owner, one.merchant_id, Role.OWNER, ago=ago) as work:
        refs = [line.transfer_id for line in queries.lines(work, one.merchant_id, one.period)[:1]]
        actions.dispute(work, one.id, note=note, refs=refs)


def _doubt_the_last(cast: Cast, founded: Founded) -> None:
    """One waits for the platform's answer."""
    with cast.platform() as work:
        lines: Sequence[StatementShown] = queries.statements(work, merchant_id=founded.merchants[FINE])[0]
    last = lines[0]
    if last.state.value == "confirmed":  # lapsed meanwhile: nothing to doubt any more
        return
    note = "这单我们发了两件，只结了一件的货款，请核对。"
    _doubt(cast, founded.owners[FINE], last, note, ago=timedelta(hours=7))
