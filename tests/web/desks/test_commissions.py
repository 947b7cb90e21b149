"""The commissions desk: rules by form, a month on the page and the same month in its files; refunds take back."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from portal.kernel.permissions import Role
from tests.client import Browser
from tests.factories.bookings import Salon
from tests.factories.world import World


@pytest.fixture
def salon(world: World) -> Salon:
    return world.salon()


def rows_of(answer: Any) -> list[list[str]]:
    """A file's rows without the head, figures as the page writes them."""
    if "csv" in answer.headers["Content-Type"]:
        found = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    else:
        sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
        found = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    return found[1:]


def figures(rows: list[list[str]], at: int) -> list[float]:
    return [float(row[at]) for row in rows]


def test_rules_month_files_and_refunds(browser: Browser, world: World, salon: Salon) -> None:
    at = {"merchant": salon.merchant.id}
    desk = browser.as_(salon.clerk)  # the manager of the salon
    desk.post("chain.commissions_rule_add", {"kind": "work"}, **at, status=422)
    form = desk.get("chain.commissions_rules", **at).form("rules")
    assert "请" in desk.post("chain.commissions_rule_add", form | {"percent": "多"}, **at, status=422).text
    for kind, percent in (("work", "15"), ("card_sale", "10")):
        desk.post("chain.commissions_rule_add", form | {"kind": kind, "percent": percent, "key": str(uuid4())}, **at)
    assert desk.get("chain.commissions_rules", **at).text.count("15%") >= 1

    visit = world.booked(salon)
    world.clock.at = world.visit(visit).starts_at
    store = {"store": salon.store.id, "booking": visit}
    desk.post("store.visits_arrive", {}, **store)
    desk.post("store.visits_finish", {}, **store)
    made = world.bought_pass(salon.client, world.pass_kind(salon.merchant))
    who = str(salon.doers[0].id)
    desk.post("chain.commissions_sale_credit", {"sold": str(made.id), "technician": who}, **at)
    again = desk.post("chain.commissions_sale_credit", {"sold": str(made.id), "technician": who}, **at, status=422)
    assert again.soup.select("[role=alert], .alert, .errors")
    price = world.pass_of(made.id, salon.merchant.id).line.tally.price_fen
    sale, work = price // 10, 16_800 * 15 // 100
    same_everywhere(desk, at, (sale + work) / 100)

    desk.post("chain.passes_refund", {"shown": str(price), "reason": "搬家了"}, **at, card=made.id)
    same_everywhere(desk, at, work / 100)
    month = desk.get("chain.commissions_month", **at)
    assert "撤回" in month.text
    entry = next(str(one["action"]) for one in month.soup.select("form[action*='/back']"))
    body = {"csrf_token": desk.csrf(), "key": str(uuid4()), "reason": "记错了"}
    assert desk.client.post(entry, data=body).status_code in (303, 422)

    finance = browser.as_(world.staff(salon.merchant, Role.FINANCE))
    finance.get("chain.commissions_month", **at)
    finance.post("chain.commissions_rule_add", {}, **at, status=403)
    clerk = browser.as_(world.staff(salon.merchant, Role.CLERK, stores=(salon.store.id,)))
    clerk.get("chain.commissions_export", **at, status=403)


def same_everywhere(desk: Browser, at: dict[str, Any], total: float) -> None:
    """The page says this sum; both files add up to it, by technician and entry by entry."""
    page = desk.get("chain.commissions_month", **at)
    assert f"{total:,.2f}" in page.text.replace(" ", ""), page.text
    for kind in ("csv", "xlsx"):
        by_who = rows_of(desk.client.get(desk.url("chain.commissions_export", **at, format=kind)))
        entries = rows_of(desk.client.get(desk.url("chain.commissions_export", **at, format=kind, what="entries")))
        assert sum(figures(by_who, -1)) == pytest.approx(total)
        assert sum(figures(entries, -1)) == pytest.approx(total)
