"""Two phones pay the whole bill at once, over HTTP: one wins, money and lines agree.

The control takes the lock of the sitting away: then both pay for the same plates. Who gives a bill up while money
arrives waits for it; the control holds the table first, and the database has to end one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from portal.domain.bills import actions
from portal.domain.bills.access import at_sitting
from portal.domain.bills.errors import BillOver
from portal.domain.bills.models import Bill, BillLine, BillShare
from portal.domain.bills.values import BillState, ShareState
from portal.domain.payments.errors import AlreadyPaid
from portal.domain.tabs import access
from portal.domain.tabs.models import Sitting
from portal.domain.tabs.values import Joined
from portal.kernel.permissions import Permission
from portal.kernel.scope import Face
from portal.kernel.work import Work
from portal.localdb.bootstrap import connect
from tests.client import Browser, fields_of
from tests.factories.tabs import MadePlace
from tests.factories.world import World
from tests.races.gates import gate_at, outcomes, together
from tests.web.table.test_bills import orders
from tests.web.table.test_sitting import sit


@pytest.fixture
def place(world: World) -> MadePlace:
    return world.restaurant()


@pytest.fixture
def phones(browser: Browser, world: World, place: MadePlace) -> tuple[Browser, Browser, str]:
    """Two friends whose table owes 96 yuan."""
    one, sitting = sit(browser, place.tables[0], "小陈", people=2)
    two, _same = sit(browser, place.tables[0], "阿黄")
    beef = world.dish(place.menu)
    orders(world, one, sitting, beef)
    orders(world, two, sitting, beef)
    return one, two, sitting


def presses(phone: Browser, sitting: str) -> Any:
    """The form of the page as it is, ready to be sent."""
    form = fields_of(phone.get("table.bills_pay", sitting=sitting).one("form#pay"))
    form.pop("line", None)
    return lambda: phone.client.post(f"/table/{sitting}/bill", data={**form, "what": "whole", "how": "all"})


def on_bills(world: World, sitting: str) -> tuple[int, int, int]:
    """Bills, lines on them, fen that phones are asked for."""
    with world.work(Face.JOB) as work:
        of = UUID(sitting)
        bills = work.session.scalars(select(func.count()).select_from(Bill).where(Bill.sitting_id == of)).one()
        lines = work.session.scalars(select(func.count()).select_from(BillLine).where(BillLine.sitting_id == of)).one()
        open_now = select(func.coalesce(func.sum(BillShare.amount_fen), 0)).where(BillShare.sitting_id == of)
        asked = work.session.scalars(open_now.where(BillShare.state == ShareState.OPEN.value)).one()
    return bills, lines, int(asked)


def test_two_phones_pay_the_whole_bill_at_once(
    phones: tuple[Browser, Browser, str], world: World, place: MadePlace, admin_url: str
) -> None:
    one, two, sitting = phones
    acts = [presses(one, sitting), presses(two, sitting)]
    with gate_at("bills.raise.checked", admin_url) as gate:
        running = together(acts)
        assert gate.wait_for(1, 1) == (1, 1), "one has checked, the other waits for the table"
        gate.open()
        answers, broken = outcomes(running)
    assert not broken
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    loser = next(answer for answer in answers if answer.status_code == 422)
    assert "没有要结的菜" in loser.get_data(as_text=True)
    assert on_bills(world, sitting) == (1, 2, 96_00)
    winner = next(answer for answer in answers if answer.status_code == 303)
    found = re.search(r"/shares/([0-9a-f-]{36})", winner.headers["Location"])
    assert found is not None
    share = world.share_now(place.merchant.id, UUID(found[1]))
    phone = one if winner is running[0].result() else two
    phone.post("table.shares_pay", {"provider": "sandbox"}, sitting=sitting, share=found[1])
    world.told(world.paid_fact(world.attempt_of(world.intent_of(share)), share.amount_fen))
    shown = world.bill_now(place.merchant.id, share.bill_id)
    assert (shown.paid_fen, sum(line.amount_fen for line in shown.lines)) == (96_00, 96_00)


def test_control_without_the_lock_one_plate_is_paid_twice(
    phones: tuple[Browser, Browser, str], world: World, admin_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, sitting = phones
    loose: Any = select(Sitting).where(Sitting.id == any_(bindparam("sittings", type_=ARRAY(Sitting.id.type))))
    monkeypatch.setattr(access, "_HELD", loose.execution_options(populate_existing=True))
    with connect(admin_url) as admin:
        admin.execute("ALTER TABLE bills DROP CONSTRAINT uq_bills_merchant_id_number")
    acts = [presses(one, sitting), presses(two, sitting)]
    with gate_at("bills.raise.checked", admin_url) as gate:
        running = together(acts)
        assert gate.wait_for(2, 0) == (2, 0)
        gate.open()
        outcomes(running)
    assert on_bills(world, sitting) == (2, 4, 192_00)


def pays_while(
    world: World, joined: Joined, act: Callable[[UUID, UUID], object], admin_url: str
) -> list[BaseException]:
    """A phone's money arrives while `act` is done about its bill and share; what was raised."""
    bill = world.bill(joined)
    share = world.asks_to_pay(joined, bill)
    attempt = world.at_cashier(joined, share)
    with gate_at("payments.told.checked", admin_url) as gate:
        running = together([lambda: world.told(world.paid_fact(attempt, 48_00))])
        assert gate.wait_for(1, 0) == (1, 0), "the payment is held, the table not yet"
        running += together([lambda: act(bill, share)])
        assert gate.wait_for(1, 1) == (1, 1), "whoever comes now waits"
        gate.open()
        _won, broken = outcomes(running)
    return broken


def gives_up(work: Work, bill: UUID, _share: UUID) -> None:
    actions.give_up(work, bill)


def calls_off(work: Work, _bill: UUID, share: UUID) -> None:
    actions.call_off(work, share)


@pytest.mark.parametrize("act", [gives_up, calls_off])
def test_who_gives_up_waits_for_who_pays(
    world: World, place: MadePlace, admin_url: str, act: Callable[[Work, UUID, UUID], None]
) -> None:
    joined = world.joins(place.tables[0])
    world.sends(joined, world.dish(place.menu))

    def late(bill: UUID, share: UUID) -> None:
        with world.at_till(joined.merchant_id) as work:
            act(work, bill, share)

    broken = pays_while(world, joined, late, admin_url)
    assert [type(error) for error in broken] == [BillOver if act is gives_up else AlreadyPaid]
    (bill,) = world.bills_of_tab(joined.merchant_id, joined.sitting_id)
    assert (bill.state, bill.paid_fen) == (BillState.PAID, 48_00)


@pytest.mark.parametrize("act", [gives_up, calls_off])
def test_control_with_the_table_first_they_wait_for_each_other(
    world: World, place: MadePlace, admin_url: str, act: Callable[[Work, UUID, UUID], None]
) -> None:
    joined = world.joins(place.tables[0])
    world.sends(joined, world.dish(place.menu))

    def late(bill: UUID, share: UUID) -> None:
        with world.at_till(joined.merchant_id) as work:
            with at_sitting(work, joined.sitting_id, may=Permission.BILL_TAKE):
                pass  # the lock stays until the end
            act(work, bill, share)

    broken = pays_while(world, joined, late, admin_url)
    assert any("deadlock detected" in str(error) for error in broken)


def test_two_who_scan_a_table_that_is_paid_sit_together_anew(world: World, place: MadePlace, admin_url: str) -> None:
    former = world.joins(place.tables[0])
    world.sends(former, world.dish(place.menu))
    world.takes(place.merchant.id, world.bill(former))
    with gate_at("tabs.join.found", admin_url) as gate:
        running = together([lambda: world.joins(place.tables[0])] * 2)
        assert gate.wait_for(1, 1) == (1, 1), "one has found it paid, the other waits for the table"
        gate.open()
        joined, refused = outcomes(running)
    assert not refused
    (sitting,) = {one.sitting_id for one in joined}
    assert sitting != former.sitting_id
