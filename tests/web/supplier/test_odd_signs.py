"""What somebody else typed must not keep a supplier's lists from being written, nor his import from ending."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import update

from portal.domain.imports.values import BatchState
from portal.domain.imports.values import Kind as ListKind
from portal.domain.ordering.models import Order
from portal.domain.tenants.values import Kind
from portal.kernel.lines import clean_line
from portal.kernel.permissions import Role
from portal.kernel.refusals import Refusal
from portal.kernel.scope import Face
from tests.client import Browser
from tests.factories.imports import csv_bytes
from tests.factories.world import World

ODD = "放门卫\ufffe=1+1"
HISTORY = ("订单号", "下单时间", "数量", "单价")


@pytest.mark.parametrize("sign", ["\ufffe", "\uffff", "\ufdd0", "\x0b", "\u202e"])
def test_signs_that_no_file_can_hold_are_refused(sign: str) -> None:
    with pytest.raises(Refusal):
        clean_line(f"放门卫{sign}", field="note", most=20)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_buyers_odd_note_does_not_break_the_list_of_orders(world: World, browser: Browser, kind: str) -> None:
    merchant = world.merchant(Kind.SUPPLIER, "松湖优选")
    order = world.order(world.person(), (world.product(merchant, stock=5), 1))
    with world.work(Face.JOB) as work:  # as it may lie there from before it was refused
        work.session.execute(update(Order).where(Order.id == order.id).values(buyer_note=ODD))
    owner = browser.as_(world.staff(merchant, Role.OWNER))
    answer = owner.client.get(owner.url("supplier.imports_orders", merchant=merchant.id, format=kind))
    assert answer.status_code == 200
    if kind == "xlsx":
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows() for cell in row]
        (found,) = [cell for cell in cells if "放门卫" in str(cell.value)]
        assert (found.value, found.data_type) == ("放门卫\ufffd=1+1", "s")


def test_a_past_order_that_no_total_can_hold_is_a_wrong_row(world: World) -> None:
    merchant = world.merchant(Kind.SUPPLIER, "松湖优选")
    owner = world.staff(merchant, Role.OWNER)
    rows = (HISTORY, ("A1", "2025-12-01", "999999999", "999999999999.99"), ("A2", "2025-12-01", "2", "3.50"))
    batch = world.imported(merchant, owner, ListKind.HISTORY, csv_bytes(rows))
    assert (batch.state, batch.done, batch.wrong) == (BatchState.APPLIED, 1, 1)
