"""Two phones pay the whole bill at once, over HTTP: one wins, money and lines agree.

The control takes the lock of the sitting away: then both pay for the same plates.
"""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from portal.domain.bills.models import Bill, BillLine, BillShare
from portal.domain.bills.values import ShareState
from portal.domain.tabs import access
from portal.domain.tabs.models import Sitting
from portal.kernel.scope import Face
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
